import type { ExtensionChange, ExtensionFate } from '@perch/shared';
import { Task } from '../page/task.svelte.ts';

export type GuestChoice = NonNullable<ExtensionChange['presentGuest']>;

/** One portion of it, after so many that are done with: how many there are in all, and what becomes of those. */
export type AskFates = (asked: {
  readonly skip: number;
  readonly dryRun: boolean;
  readonly presentGuest: GuestChoice | undefined;
}) => Promise<{ readonly rows: number; readonly fates: readonly ExtensionFate[] }>;

/** A change of many extensions: first what would become of each, then doing it, portion by portion. */
export class FateRun {
  readonly task = new Task();
  /** Of all of them, as of the last time that it was asked to the end. */
  fates: readonly ExtensionFate[] = $state.raw([]);
  /** How many there are in all, and how many the server has answered for in this turn. */
  total = $state(0);
  answered = $state(0);
  /** `reviewed`: the fates are those that would be. `done`: those that are. */
  stage: 'asked' | 'reviewed' | 'done' = $state('asked');
  presentGuest: GuestChoice | undefined = $state();
  readonly #ask: AskFates;
  /** What was chosen for the fates that are shown. */
  #chosen: GuestChoice | undefined;

  constructor(ask: AskFates) {
    this.#ask = ask;
  }

  /** How many would change. */
  get changing(): number {
    return this.fates.filter(({ fate }) => fate === 'created' || fate === 'changed').length;
  }

  get awaitsChoice(): boolean {
    return this.fates.some(({ fate }) => fate === 'guest-present');
  }

  readonly review = (): Promise<void> => this.#run(true);

  /** Not while it is being reviewed: nobody has seen yet what would become of them. */
  readonly apply = async (): Promise<void> => {
    if (!this.task.busy) await this.#run(false);
  };

  async #run(dryRun: boolean): Promise<void> {
    const { presentGuest } = this;
    // Another choice while the last one is reviewed is reviewed after it: what is shown belongs to what is chosen.
    const done = await this.task.inTurn(async () => {
      if (this.stage === 'done') return false;
      let known: readonly ExtensionFate[] = [];
      do {
        const { rows, fates } = await this.#ask({ skip: known.length, dryRun, presentGuest });
        known = [...known, ...fates];
        this.answered = known.length;
        this.total = rows;
        if (fates.length === 0) break;
      } while (known.length < this.total);
      this.fates = known;
      this.#chosen = presentGuest;
      this.stage = dryRun ? 'reviewed' : 'done';
      return true;
    });
    // What was refused, or came too late, does not look chosen.
    if (done?.value !== true && this.presentGuest === presentGuest) this.presentGuest = this.#chosen;
  }
}
