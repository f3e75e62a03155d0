/** How long an unused context stays awake (milliseconds): a phone on a wall waits all day. */
const LINGER_MS = 3_000;
/** How long a browser that allows sound takes to say so (milliseconds). */
const START_MS = 1_000;

/** An audio context that runs only while something sounds or is measured. */
export class Sound {
  readonly context = new AudioContext({ latencyHint: 'interactive' });
  readonly #onBlocked: (blocked: boolean) => void;
  #uses = 0;
  #lingering: ReturnType<typeof setTimeout> | undefined;

  /** `onBlocked` hears whether the browser holds sound back until somebody touches the page. */
  constructor(onBlocked: (blocked: boolean) => void) {
    this.#onBlocked = onBlocked;
    const late = setTimeout(() => onBlocked(true), START_MS);
    const release = this.use();
    void this.context.resume().then(() => {
      clearTimeout(late);
      release();
    });
  }

  /** Keeps the context running until the result is called. */
  use(): () => void {
    this.#uses++;
    clearTimeout(this.#lingering);
    // Pending until the browser allows it; from a key press or a tap on, it does.
    if (this.context.state !== 'closed') void this.context.resume().then(() => this.#onBlocked(false));
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#uses--;
      if (this.#uses === 0) this.#lingering = setTimeout(() => void this.context.suspend(), LINGER_MS);
    };
  }

  /** Call from a key press or a tap: that is when browsers let sound begin. */
  unblock(): void {
    this.use()();
  }

  close(): void {
    clearTimeout(this.#lingering);
    void this.context.close();
  }
}

/** Sends a context or an audio element to a device; the default device where the browser cannot choose. */
export async function routeTo(target: AudioContext | HTMLAudioElement, deviceId: string): Promise<void> {
  const sink = target as { setSinkId?: (id: string) => Promise<void> };
  try {
    await sink.setSinkId?.call(target, deviceId);
  } catch {
    // The device is gone: the browser keeps the one before.
  }
}
