import type { RecordingId } from '@perch/shared';
import type { Outbox, OutgoingMail } from '../ports.ts';

interface Waiting {
  readonly mail: OutgoingMail;
  readonly since: number;
  readonly dueAt: number;
}

/** For tests: an outbox in memory, whose disk a test can break. */
export class FakeOutbox implements Outbox {
  /** While true, nothing can be forgotten. */
  broken = false;
  readonly #waiting = new Map<RecordingId, Waiting>();

  put(mail: OutgoingMail, at: number): void {
    this.#waiting.set(mail.message, { mail, since: at, dueAt: at });
  }

  async due(now: number): Promise<OutgoingMail | undefined> {
    return [...this.#waiting.values()]
      .filter(({ dueAt }) => dueAt <= now)
      .sort((a, b) => a.dueAt - b.dueAt)
      .at(0)?.mail;
  }

  async postpone(message: RecordingId, until: number): Promise<void> {
    const waiting = this.#waiting.get(message);
    if (!waiting) return;
    const mail = { ...waiting.mail, attempts: waiting.mail.attempts + 1 };
    this.#waiting.set(message, { ...waiting, mail, dueAt: until });
  }

  async forget(message: RecordingId): Promise<void> {
    if (this.broken) throw new Error('the disk is full');
    this.#waiting.delete(message);
  }

  async forgetOlderThan(instant: number): Promise<number> {
    const old = [...this.#waiting.values()].filter(({ since }) => since < instant);
    for (const { mail } of old) await this.forget(mail.message);
    return old.length;
  }

  async size(): Promise<number> {
    return this.#waiting.size;
  }
}
