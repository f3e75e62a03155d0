import type { CallView } from '@perch/shared';
import type { Place } from '../town/town.ts';

/** A call waits for a phone for 30 s, and is then over; a slow disk may delay its end (milliseconds). */
const LONGEST_MS = 45_000;

/** For how long the pages have shown calls whose other side is reconnecting. */
export class Waiting {
  /** Since when (milliseconds on the monotonic clock), by page and call. */
  readonly #since = new Map<Place, Map<string, number>>();

  /** A page is shown those calls now. */
  shown(place: Place, calls: readonly CallView[], now: number): void {
    const before = this.#since.get(place);
    const waiting = calls.filter(({ otherSide }) => otherSide === 'reconnecting');
    if (waiting.length === 0) this.#since.delete(place);
    else this.#since.set(place, new Map(waiting.map(({ id }) => [id, before?.get(id) ?? now])));
  }

  /** That page is shown nothing any more. */
  left(place: Place): void {
    this.#since.delete(place);
  }

  killed(): void {
    this.#since.clear();
  }

  /** What has waited for too long. */
  faults(now: number): readonly string[] {
    const found: string[] = [];
    for (const [{ phone }, calls] of this.#since)
      for (const [id, since] of calls)
        if (now - since > LONGEST_MS) found.push(`${phone.name} waits and waits for the other side of ${id}`);
    return found;
  }
}
