import { nextTask } from '../next-task.ts';
import { after, type Cancel } from '../world/timers.ts';

/** How long an unused context stays awake (milliseconds): a phone on a wall waits all day. */
const LINGER_MS = 3_000;
/** How long a browser that allows sound takes to say so (milliseconds). */
const START_MS = 1_000;

/** Why nothing can be heard: the browser waits for a touch, or has no output device. */
export type SoundObstacle = 'touch' | 'no-speaker';

/**
 * Why a context has not started. Firefox says whether it waits for a touch, and without an output device never starts one;
 * of other browsers we assume that they wait for a touch until one has had no effect.
 */
function obstacleOf(touched: boolean): SoundObstacle {
  const { getAutoplayPolicy } = navigator as { getAutoplayPolicy?: (kind: 'audiocontext') => string };
  const allowed = getAutoplayPolicy
    ? getAutoplayPolicy.call(navigator, 'audiocontext') === 'allowed'
    : touched;
  return allowed ? 'no-speaker' : 'touch';
}

/** An audio context that runs only while something sounds or is measured. */
export class Sound {
  #context: AudioContext | undefined;
  /** The device that it plays on; empty is the default one. */
  #device = '';
  #element: { readonly node: MediaStreamAudioDestinationNode; readonly audio: HTMLAudioElement } | undefined;
  #closed = false;
  readonly #onObstacle: (obstacle: SoundObstacle | null) => void;
  #uses = 0;
  #touched = false;
  #cancelRest: Cancel | undefined;
  #cancelLate: Cancel | undefined;

  /** `onObstacle` is told why nothing can be heard, and `null` once sound is possible. */
  constructor(onObstacle: (obstacle: SoundObstacle | null) => void) {
    this.#onObstacle = onObstacle;
    // Opening a context takes a slow device as long as connecting does: it has a task of its own, unless it is needed before.
    void nextTask().then(() => this.#begin());
  }

  get context(): AudioContext {
    return (this.#context ??= new AudioContext({ latencyHint: 'interactive' }));
  }

  /** Where everything that is to be heard is connected to. */
  get output(): AudioNode {
    return this.#element?.node ?? this.context.destination;
  }

  /** Plays on that device from now on. A browser that cannot send a context to a device may be able to send an audio element. */
  sendTo(deviceId: string): void {
    if (deviceId === this.#device) return;
    this.#device = deviceId;
    if (this.#element === undefined) {
      if ('setSinkId' in this.context || !canChooseSpeaker()) {
        void routeTo(this.context, deviceId);
        return;
      }
      const node = new MediaStreamAudioDestinationNode(this.context);
      this.#element = { node, audio: Object.assign(new Audio(), { srcObject: node.stream }) };
    }
    const { audio } = this.#element;
    void routeTo(audio, deviceId).then(() => this.#play());
  }

  /** A device has come or gone: the one that was asked for may be there again, or no longer. */
  sendAgain(): void {
    const device = this.#device;
    this.#device = '';
    this.sendTo(device);
  }

  /** Keeps the context running until the returned function is called. */
  use(): () => void {
    this.#uses++;
    this.#cancelRest?.();
    // Pending until the browser allows sound, which it does after a key press or a tap.
    if (!this.#closed) void this.context.resume().then(() => this.#started());
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#uses--;
      if (this.#uses === 0 && !this.#closed)
        this.#cancelRest = after(LINGER_MS, () => void this.#context?.suspend());
    };
  }

  /** Call from a key press or a tap: that is when browsers let sound begin. */
  unblock(): void {
    this.#touched = true;
    this.#expectStart();
    this.use()();
    this.#play();
  }

  close(): void {
    this.#cancelRest?.();
    this.#cancelLate?.();
    this.#closed = true;
    this.#element?.audio.pause();
    void this.#context?.close();
  }

  #begin(): void {
    if (this.#closed) return;
    this.#expectStart();
    const release = this.use();
    void this.context.resume().then(release);
  }

  #expectStart(): void {
    this.#cancelLate?.();
    this.#cancelLate = after(START_MS, () => this.#onObstacle(obstacleOf(this.#touched)));
  }

  /** With the audio element, where there is one: it has to be let begin like the context. */
  #play(): void {
    void this.#element?.audio.play().catch(() => this.#onObstacle('touch'));
  }

  #started(): void {
    this.#cancelLate?.();
    this.#onObstacle(null);
  }
}

/** What a browser can choose the output device of: nothing at all in some, only audio elements in others. */
type Sink = { setSinkId?: (deviceId: string) => Promise<void> };

/** Can this browser play on another device than its default one? */
export const canChooseSpeaker = (): boolean =>
  typeof HTMLMediaElement !== 'undefined' && (HTMLMediaElement.prototype as Sink).setSinkId !== undefined;

/** Plays on a device from now on; on the default one where that is gone, or where the browser cannot choose. */
export async function routeTo(target: AudioContext | HTMLAudioElement, deviceId: string): Promise<void> {
  const sink = target as Sink;
  try {
    await sink.setSinkId?.call(target, deviceId);
  } catch {
    if (deviceId !== '') await routeTo(target, '');
  }
}
