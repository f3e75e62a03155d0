import { isReceiving } from '../../../media/reception.ts';
import type { MediaState } from '../../../phone/calls/call.ts';

/** How long after the line sound may break because of the same fault (milliseconds): browsers take that long to notice. */
const MENDS_MS = 15_000;

export interface CallMendParts {
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly now: () => number;
  /** This side holds the other one, so that nothing need arrive. */
  readonly isHeld: () => boolean;
  /** Asks for another session of the call. */
  readonly renew: () => void;
}

/** A line that is back may have come through another network: then the path of the old session is gone, and the call gets a new one. */
export class CallMend {
  readonly #parts: CallMendParts;
  #mendsUntil = 0;

  constructor(parts: CallMendParts) {
    this.#parts = parts;
  }

  async lineRestored(connection: RTCPeerConnection | null): Promise<void> {
    this.#mendsUntil = this.#parts.now() + MENDS_MS;
    if (connection === null || (await isReceiving(connection)) || this.#parts.isHeld()) return;
    this.#mend();
  }

  hear(media: MediaState): void {
    if (media === 'interrupted') this.#mend();
  }

  /** Once for each time that the line was lost. */
  #mend(): void {
    if (this.#parts.now() >= this.#mendsUntil) return;
    this.#mendsUntil = 0;
    this.#parts.renew();
  }
}
