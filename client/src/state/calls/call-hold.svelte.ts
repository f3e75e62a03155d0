import type { HoldMusic } from '../../media/hold-music.ts';
import type { CallSession } from '../../sip/session.ts';

/** What a call on hold needs of the page's sound. */
export interface HoldSound {
  /** Plays music into a stream until it is stopped. */
  holdMusic(): HoldMusic;
}

/** Which side of one call has put the other on hold, and what this side sends accordingly: the microphone, or music. */
export class CallHold {
  /** When this side put the other one on hold, by this browser's clock; `null` where it has not. */
  since: number | null = $state(null);
  /** The other side has put this one on hold, as the signalling says. */
  there = $state(false);
  readonly #sound: HoldSound;
  #session: CallSession | undefined;
  #voice: MediaStream | undefined;
  #music: HoldMusic | undefined;

  constructor(sound: HoldSound) {
    this.#sound = sound;
  }

  /** What a session begins with is what a microphone takes, or the music; with this voice from now on. */
  begin(voice: MediaStream): MediaStream {
    this.#voice = voice;
    return this.#music?.stream ?? voice;
  }

  /** The call has this session from now on: its first one, or another in place of that. */
  attach(session: CallSession): void {
    this.#session = session;
    this.there = false;
    if (!this.here) return;
    session.setHold(true);
    this.#send();
  }

  /** Another microphone takes the voice from now on. */
  speak(voice: MediaStream): void {
    const sent = this.begin(voice);
    if (sent === voice) this.#session?.sendSound(voice);
  }

  /** This side has put the other one on hold. */
  get here(): boolean {
    return this.since !== null;
  }

  set(here: boolean, now: number): void {
    if (here === this.here) return;
    this.since = here ? now : null;
    this.#music?.stop();
    this.#music = here ? this.#sound.holdMusic() : undefined;
    this.#send();
    this.#session?.setHold(here);
  }

  close(): void {
    this.#music?.stop();
    this.#music = undefined;
  }

  #send(): void {
    const sent = this.#music?.stream ?? this.#voice;
    if (sent) this.#session?.sendSound(sent);
  }
}
