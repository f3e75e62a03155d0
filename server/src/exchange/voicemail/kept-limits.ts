import type { VoicemailLimits } from './ports.ts';

const DAY_MS = 86_400_000;

/** The limits of the server's mailboxes, with the time for which the organization itself keeps messages, where that is shorter. */
export class KeptLimits implements VoicemailLimits {
  readonly messages: number;
  readonly totalMs: number;
  readonly #retentionMs: number | null;
  #days: number | null = null;

  constructor({ messages, totalMs, retentionMs }: VoicemailLimits) {
    this.messages = messages;
    this.totalMs = totalMs;
    this.#retentionMs = retentionMs;
  }

  get retentionMs(): number | null {
    const own = this.#days === null ? null : this.#days * DAY_MS;
    if (own === null || this.#retentionMs === null) return own ?? this.#retentionMs;
    return Math.min(own, this.#retentionMs);
  }

  /** The organization keeps messages for so many days; `null` for as long as the server does. What is older goes with the next tidying. */
  keepFor(days: number | null): void {
    this.#days = days;
  }
}
