import { routeTo } from './sound.ts';

export interface PlayerListener {
  onPlaying(playing: boolean): void;
  /** Seconds from the beginning; often enough to be drawn while it plays. */
  onPosition(seconds: number): void;
  /** The browser cannot play this. */
  onFailed(): void;
}

/** Plays one sound that is held in memory, through an audio element: that keeps the pitch at any speed. */
export class Player {
  /** Where the sound is in this browser, until `close`. */
  readonly url: string;
  readonly #audio = document.createElement('audio');
  readonly #listener: PlayerListener;
  #frame = 0;

  constructor(sound: Blob, listener: PlayerListener) {
    this.url = URL.createObjectURL(sound);
    this.#listener = listener;
    const audio = this.#audio;
    audio.id = 'recording-audio';
    audio.src = this.url;
    audio.onplaying = () => this.#started();
    audio.onpause = audio.onended = () => this.#stopped();
    audio.onseeked = () => listener.onPosition(audio.currentTime);
    audio.onerror = () => listener.onFailed();
    document.body.append(audio);
  }

  /** Plays on the device, from the current position, or from the beginning if that is the end. */
  async play(deviceId: string, speed: number): Promise<void> {
    await routeTo(this.#audio, deviceId);
    // Closed meanwhile.
    if (!this.#audio.isConnected) return;
    this.setSpeed(speed);
    try {
      await this.#audio.play();
    } catch (error) {
      // A pause before playback has started is not a failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.#listener.onFailed();
    }
  }

  pause(): void {
    this.#audio.pause();
  }

  seek(seconds: number): void {
    this.#audio.currentTime = seconds;
    this.#listener.onPosition(seconds);
  }

  /** As a factor of the speed of the recording. */
  setSpeed(speed: number): void {
    this.#audio.playbackRate = speed;
  }

  /** Releases the sound. */
  close(): void {
    cancelAnimationFrame(this.#frame);
    const audio = this.#audio;
    audio.onplaying = audio.onpause = audio.onended = audio.onseeked = audio.onerror = null;
    audio.pause();
    audio.removeAttribute('src');
    audio.load();
    audio.remove();
    URL.revokeObjectURL(this.url);
  }

  #started(): void {
    this.#listener.onPlaying(true);
    cancelAnimationFrame(this.#frame);
    const look = (): void => {
      this.#listener.onPosition(this.#audio.currentTime);
      this.#frame = requestAnimationFrame(look);
    };
    look();
  }

  #stopped(): void {
    cancelAnimationFrame(this.#frame);
    this.#listener.onPosition(this.#audio.currentTime);
    this.#listener.onPlaying(false);
  }
}
