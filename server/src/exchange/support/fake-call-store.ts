import type { CallRecord } from '@perch/shared';
import type { CallStore, OwedBye, StoredCall } from '../ports.ts';

/** A store in memory, whose writes last when the test says so. */
export class FakeCallStore implements CallStore {
  /** Every call that was ever saved, in its order. */
  readonly saved: StoredCall[] = [];
  readonly records: CallRecord[] = [];
  /** `null`: writes last at once. */
  held: (() => void)[] | null = null;
  failure: Error | null = null;
  readonly #underWay = new Map<string, StoredCall>();
  readonly #owed = new Map<string, OwedBye>();

  /** The same disk, as the next process finds it. */
  reopened(): FakeCallStore {
    const store = new FakeCallStore();
    store.records.push(...this.records);
    for (const [id, call] of this.#underWay) store.#underWay.set(id, call);
    for (const [tag, bye] of this.#owed) store.#owed.set(tag, bye);
    return store;
  }

  async load(): Promise<readonly StoredCall[]> {
    return [...this.#underWay.values()];
  }

  save(call: StoredCall): Promise<void> {
    this.saved.push(call);
    if (this.failure !== null) return Promise.reject(this.failure);
    this.#underWay.set(call.id, call);
    const { held } = this;
    return held === null ? Promise.resolve() : new Promise((resolve) => held.push(resolve));
  }

  async forget(call: string): Promise<void> {
    this.#underWay.delete(call);
  }

  async finish(record: CallRecord): Promise<void> {
    this.#underWay.delete(record.id);
    this.records.push(record);
  }

  async loadOwed(): Promise<readonly OwedBye[]> {
    return [...this.#owed.values()];
  }

  async owe(bye: OwedBye): Promise<void> {
    this.#owed.set(bye.tag, bye);
  }

  async pay(tag: string): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.#owed.delete(tag);
  }

  get outcomes(): readonly string[] {
    return this.records.map(({ result }) => result);
  }
}
