import type { HelpCallStore, StoredHelpCall } from '../help-call-store.ts';

/** A store in memory, whose disk a test can break. */
export class FakeHelpCallStore implements HelpCallStore {
  /** While true, nothing can be stored. */
  broken = false;
  kept: readonly StoredHelpCall[] = [];

  async load(): Promise<readonly StoredHelpCall[]> {
    return this.kept;
  }

  async keep(calls: readonly StoredHelpCall[], forgetBefore: number): Promise<void> {
    if (this.broken) throw new Error('the disk is full');
    const isReplaced = ({ number, isOwn }: StoredHelpCall) =>
      calls.some((call) => call.number === number && call.isOwn === isOwn);
    const stays = this.kept.filter((call) => call.at >= forgetBefore && !isReplaced(call));
    this.kept = [...stays, ...calls];
  }
}
