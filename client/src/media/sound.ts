import { nextTask } from '../next-task.ts';

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
  #closed = false;
  readonly #onObstacle: (obstacle: SoundObstacle | null) => void;
  #uses = 0;
  #touched = false;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;

  /** `onObstacle` is told why nothing can be heard, and `null` once sound is possible. */
  constructor(onObstacle: (obstacle: SoundObstacle | null) => void) {
    this.#onObstacle = onObstacle;
    // Opening a context takes a slow device as long as connecting does: it has a task of its own, unless it is needed before.
    void nextTask().then(() => this.#begin());
  }

  get context(): AudioContext {
    return (this.#context ??= new AudioContext({ latencyHint: 'interactive' }));
  }

  /** Keeps the context running until the returned function is called. */
  use(): () => void {
    this.#uses++;
    clearTimeout(this.#lingering);
    // Pending until the browser allows sound, which it does after a key press or a tap.
    if (!this.#closed) void this.context.resume().then(() => this.#started());
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#uses--;
      if (this.#uses === 0) this.#lingering = setTimeout(() => void this.#context?.suspend(), LINGER_MS);
    };
  }

  /** Call from a key press or a tap: that is when browsers let sound begin. */
  unblock(): void {
    this.#touched = true;
    this.#expectStart();
    this.use()();
  }

  close(): void {
    clearTimeout(this.#lingering);
    clearTimeout(this.#late);
    this.#closed = true;
    void this.#context?.close();
  }

  #begin(): void {
    if (this.#closed) return;
    this.#expectStart();
    const release = this.use();
    void this.context.resume().then(release);
  }

  #expectStart(): void {
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#onObstacle(obstacleOf(this.#touched)), START_MS);
  }

  #started(): void {
    clearTimeout(this.#late);
    this.#onObstacle(null);
  }
}

/** Sends a context or an audio element to a device; the default device where the browser cannot choose. */
export async function routeTo(target: AudioContext | HTMLAudioElement, deviceId: string): Promise<void> {
  const sink = target as { setSinkId?: (id: string) => Promise<void> };
  try {
    await sink.setSinkId?.call(target, deviceId);
  } catch {
    // The device is gone: the browser keeps the previous one.
  }
}
