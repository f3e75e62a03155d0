/** The page's one audio context: tones, ringing and level meters share it. */
export class Sound {
  readonly context = new AudioContext({ latencyHint: 'interactive' });
  readonly #onBlocked: (blocked: boolean) => void;

  /** `onBlocked` hears whether the browser holds sound back until somebody touches the page. */
  constructor(onBlocked: (blocked: boolean) => void) {
    this.#onBlocked = onBlocked;
    this.context.addEventListener('statechange', this.#report);
    this.#report();
  }

  /** Call from a key press or a tap: that is when browsers let sound begin. */
  async unblock(): Promise<void> {
    await this.context.resume();
    this.#report();
  }

  async close(): Promise<void> {
    this.context.removeEventListener('statechange', this.#report);
    await this.context.close();
  }

  readonly #report = (): void => this.#onBlocked(this.context.state === 'suspended');
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
