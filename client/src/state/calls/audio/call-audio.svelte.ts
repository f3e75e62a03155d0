import type { Level } from '../../../media/level-meter.ts';
import { ReceptionProbe } from '../../../media/reception.ts';
import type { ProgressTone } from '../../../phone/calls/call.ts';
import { type Quality, renewed, step, type Surroundings, UNWATCHED } from '../../../phone/calls/quality.ts';
import type { CallSound } from './call-microphone.svelte.ts';
import { after, type Cancel, every } from '../../../world/timers.ts';

const LOOK_MS = 2_000;
/** How long the tone of a call that is over goes on (milliseconds). */
const LAST_TONE_MS = 2_500;

/** What is to be heard in one call: the other side, how well it arrives, and the tones of the call's progress. */
export class CallAudio {
  /** The sound of the other side. The page plays that of the call that has the focus. */
  remote: MediaStream | null = $state.raw(null);
  level: Level | null = $state.raw(null);
  #quality = $state.raw(UNWATCHED);
  readonly #sound: Pick<CallSound, 'meter' | 'tone'>;
  readonly #surroundings: () => Surroundings;
  readonly #isInterrupted: () => boolean;
  #wasInterrupted = false;
  #stopTone: (() => void) | undefined;
  #cancel: Cancel | undefined;

  /** `isInterrupted`: nothing arrives at the moment, which is no quality of what does. */
  constructor(
    sound: Pick<CallSound, 'meter' | 'tone'>,
    surroundings: () => Surroundings,
    isInterrupted: () => boolean,
  ) {
    this.#sound = sound;
    this.#surroundings = surroundings;
    this.#isInterrupted = isInterrupted;
  }

  /** How the sound is, in both directions; `null` until it has been looked at. */
  get quality(): Quality | null {
    return this.#quality.said;
  }

  /** The other side is heard through this stream from now on. */
  hear(stream: MediaStream, connection: () => RTCPeerConnection | null): void {
    this.remote = stream;
    this.level?.close();
    this.level = this.#sound.meter(stream);
    this.#quality = renewed(this.#quality);
    const probe = new ReceptionProbe();
    this.#cancel?.();
    this.#cancel = every(LOOK_MS, () => void this.#look(probe, connection()));
  }

  tune(tone: ProgressTone): void {
    this.#stopTone?.();
    this.#stopTone = tone === 'none' ? undefined : this.#sound.tone(tone);
  }

  close(): void {
    this.#cancel?.();
    after(LAST_TONE_MS, () => this.#stopTone?.());
    this.level?.close();
    this.remote = null;
  }

  async #look(probe: ReceptionProbe, connection: RTCPeerConnection | null): Promise<void> {
    const reception = connection ? await probe.look(connection) : undefined;
    const interrupted = this.#wasInterrupted || this.#isInterrupted();
    this.#wasInterrupted = this.#isInterrupted();
    if (reception && !interrupted) this.#quality = step(this.#quality, reception, this.#surroundings());
  }
}
