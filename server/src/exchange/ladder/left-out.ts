import type { CallId } from '@perch/shared';
import { LatestKeys } from '../../collections/latest-keys.ts';

/** Calls of which nothing was kept, since too many began at once. */
export interface LeftOutCalls {
  readonly calls: number;
  /** When the last of them began (milliseconds since 1970). */
  readonly lastAt: number;
}

const MINUTE_MS = 60_000;

/** Remembers the latest of them by their ids, and of all how many there were in each minute. */
export class LeftOut {
  readonly #ids: LatestKeys<CallId>;
  readonly #minutes: { readonly minute: number; calls: number }[] = [];
  #lastAt = 0;

  /** @param most how many are remembered by their ids */
  constructor(most: number) {
    this.#ids = new LatestKeys(most);
  }

  /** Once is enough for each. `now`: milliseconds since 1970. */
  add(call: CallId, now: number): void {
    if (this.#ids.has(call)) return;
    this.#ids.add(call);
    this.#lastAt = now;
    const minute = Math.floor(now / MINUTE_MS);
    const last = this.#minutes.at(-1);
    if (last?.minute === minute) last.calls++;
    else this.#minutes.push({ minute, calls: 1 });
    // An hour, and the minute in which it began.
    if (this.#minutes.length > 61) this.#minutes.shift();
  }

  has(call: CallId): boolean {
    return this.#ids.has(call);
  }

  /** Those that began since then, as far as minutes tell; `null` where there were none. */
  since(oldest: number): LeftOutCalls | null {
    const first = Math.floor(oldest / MINUTE_MS);
    const calls = this.#minutes.reduce((sum, each) => (each.minute >= first ? sum + each.calls : sum), 0);
    return calls === 0 ? null : { calls, lastAt: this.#lastAt };
  }
}
