import type { KeyPair, PushStore, PushSubscription } from '../ports.ts';

/** For tests: subscriptions in memory, of browsers that are phones until a test says otherwise. */
export class FakePushStore implements PushStore {
  /** Browsers that are no phones any more, in hexadecimal. */
  readonly revoked = new Set<string>();
  #key: KeyPair | undefined;
  readonly #all = new Map<string, PushSubscription>();

  async key(): Promise<KeyPair | undefined> {
    return this.#key;
  }

  async setKey(key: KeyPair): Promise<void> {
    this.#key = key;
  }

  async all(): Promise<readonly PushSubscription[]> {
    return [...this.#all.values()].toSorted((one, other) => one.madeAt - other.madeAt);
  }

  async put(subscription: PushSubscription): Promise<boolean> {
    const browser = subscription.browser.toString('hex');
    if (this.revoked.has(browser)) return false;
    this.#all.set(browser, subscription);
    return true;
  }

  async delete(browser: Buffer): Promise<void> {
    this.#all.delete(browser.toString('hex'));
  }

  revoke(browser: Buffer): void {
    this.revoked.add(browser.toString('hex'));
    this.#all.delete(browser.toString('hex'));
  }
}
