import { assertNever } from '@perch/shared';
import { packetsOf } from '../../../media/reception.ts';
import type { MediaState } from '../../../phone/calls/call.ts';
import {
  LOOK_MS,
  mediaOf,
  type SoundPath,
  soundPath,
  type SoundPathEvent,
  step,
} from '../../../phone/calls/sound-path.ts';
import { type Cancel, every } from '../../../world/timers.ts';

export interface SoundWatchParts {
  readonly direction: SoundPath['direction'];
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly now: () => number;
  /** That of the session which the call has now. */
  readonly connection: () => RTCPeerConnection | null;
  /** Should something arrive? */
  readonly isExpected: () => boolean;
  /** Whether sound flows, whenever that changes. */
  readonly onMedia: (media: MediaState) => void;
  /** Asks whether the line still stands. */
  readonly askLine: () => void;
  /** Asks for another session of the call. */
  readonly renew: () => void;
}

/** Watches the path of one call's sound (`phone/calls/sound-path.ts`), from when it first flows. */
export class SoundWatch {
  readonly #parts: SoundWatchParts;
  #path: SoundPath;
  #cancel: Cancel | undefined;

  constructor(parts: SoundWatchParts) {
    this.#parts = parts;
    this.#path = soundPath(parts.direction);
  }

  get isInterrupted(): boolean {
    return mediaOf(this.#path) === 'interrupted';
  }

  /** What the browser says. */
  hear(media: MediaState): void {
    this.#cancel ??= every(LOOK_MS, () => void this.#look());
    this.#take({ kind: 'media', media, now: this.#parts.now() });
  }

  /** `atOnce`: as soon as its loss was noticed. */
  lineRestored(atOnce: boolean): void {
    this.#take({ kind: 'line-restored', atOnce, now: this.#parts.now() });
  }

  close(): void {
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { connection, isExpected, now } = this.#parts;
    const looked = connection();
    if (looked === null) return;
    const packets = await packetsOf(looked);
    this.#take({ kind: 'looked', packets, expected: looked === connection() && isExpected(), now: now() });
  }

  #take(event: SoundPathEvent): void {
    const before = mediaOf(this.#path);
    const [path, effects] = step(this.#path, event);
    this.#path = path;
    const media = mediaOf(path);
    if (media !== before) this.#parts.onMedia(media);
    for (const effect of effects) {
      switch (effect) {
        case 'ask-line':
          this.#parts.askLine();
          break;
        case 'renew':
          this.#parts.renew();
          break;
        default:
          assertNever(effect);
      }
    }
  }
}
