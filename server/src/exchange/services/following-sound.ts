import type { EndpointListener, MediaEndpoint, MediaSound, Playable, Playing } from '../../media/endpoint.ts';

/**
 * The sound of a caller who gets new sessions: of a page that was loaded anew, or at another phone. What listens goes on listening, and
 * what was being said is said again from its beginning.
 */
export class FollowingSound implements MediaSound {
  #session: MediaEndpoint | undefined;
  #isClosed = false;
  /** How often something was played or interrupted. */
  #utterances = 0;
  /** What listens, and how it stops listening to the present session. */
  readonly #listeners = new Map<EndpointListener, () => void>();

  /** The caller's sound is that session's from now on. */
  follow(session: MediaEndpoint): void {
    if (session === this.#session) return;
    this.#session = session;
    for (const [listener, ignore] of this.#listeners) {
      ignore();
      this.#listeners.set(listener, session.listen(listener));
    }
  }

  listen(listener: EndpointListener): () => void {
    this.#listeners.set(listener, this.#session?.listen(listener) ?? (() => undefined));
    return () => {
      this.#listeners.get(listener)?.();
      this.#listeners.delete(listener);
    };
  }

  async play(sounds: readonly Playable[], how?: Playing): Promise<boolean> {
    this.#utterances += 1;
    const mine = this.#utterances;
    for (;;) {
      const session = this.#session;
      if (session === undefined || this.#isClosed) return false;
      const isWhole = await session.play(sounds, how);
      if (isWhole || session === this.#session || mine !== this.#utterances) return isWhole;
    }
  }

  interrupt(): void {
    this.#utterances += 1;
    this.#session?.interrupt();
  }

  get connected(): boolean {
    return this.#session?.connected === true;
  }

  get codec(): MediaSound['codec'] {
    return this.#session?.codec;
  }

  get frame(): number {
    return this.#session?.frame ?? 0;
  }

  get hears(): boolean {
    return this.#session?.hears === true;
  }

  send(payload: Uint8Array, frame: number): void {
    this.#session?.send(payload, frame);
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.close();
  }
}
