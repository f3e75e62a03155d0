import { FEATURE_CODES } from '@perch/shared';
import { Player } from '../../media/player.ts';
import { pictureOf } from '../../media/recording.ts';
import { m } from '../../words/messages.svelte.ts';
import { refusalSentence } from '../sentences.ts';
import type { Settings } from '../page/settings.svelte.ts';

/** Something that can be played: a message, a greeting, a draft of one. */
export interface Clip {
  readonly id: string;
  /** Its length, as far as known (milliseconds). */
  readonly ms: number;
  readonly fetch: (signal: AbortSignal) => Promise<Blob>;
  /** Called when playback begins. */
  readonly onPlay?: () => void;
}

type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'fetching'; readonly abort: AbortController }
  | { readonly kind: 'ready'; readonly player: Player; readonly peaks: readonly number[] }
  | { readonly kind: 'failed'; readonly sentence: string };

/** The one recording that is open on this page: only one plays at a time. */
export class Playback {
  playing = $state(false);
  /** Seconds. */
  position = $state(0);
  length = $state(0);
  /** A factor of the recording's own speed; stays from one recording to the next. */
  speed = $state(1);
  #clip: Clip | null = $state.raw(null);
  #state: State = $state.raw({ kind: 'closed' });
  /** Play was pressed while the recording was being fetched. */
  #wanted = false;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Which clip is open. */
  get id(): string | null {
    return this.#clip?.id ?? null;
  }

  get state(): State['kind'] {
    return this.#state.kind;
  }

  /** Empty while there is no picture of the recording. */
  get peaks(): readonly number[] {
    return this.#state.kind === 'ready' ? this.#state.peaks : [];
  }

  /** The URL of the recording in this browser. */
  get url(): string | null {
    return this.#state.kind === 'ready' ? this.#state.player.url : null;
  }

  get refusal(): string | undefined {
    return this.#state.kind === 'failed' ? this.#state.sentence : undefined;
  }

  /** Fetches it, and closes what was open. */
  open(clip: Clip): void {
    this.close();
    const abort = new AbortController();
    this.#clip = clip;
    this.#state = { kind: 'fetching', abort };
    this.length = clip.ms / 1_000;
    void this.#fetch(clip, abort);
  }

  readonly play = (): void => {
    const { values } = this.#settings;
    switch (this.#state.kind) {
      case 'ready':
        this.#clip?.onPlay?.();
        void this.#state.player.play(values.speaker, this.speed);
        break;
      case 'fetching':
        this.#wanted = true;
        break;
      case 'failed':
        if (this.#clip !== null) this.open(this.#clip);
        this.#wanted = true;
        break;
      case 'closed':
        break;
    }
  };

  readonly pause = (): void => {
    this.#wanted = false;
    if (this.#state.kind === 'ready') this.#state.player.pause();
  };

  readonly seek = (seconds: number): void => {
    if (this.#state.kind === 'ready') this.#state.player.seek(seconds);
  };

  readonly setSpeed = (speed: number): void => {
    this.speed = speed;
    if (this.#state.kind === 'ready') this.#state.player.setSpeed(speed);
  };

  close(): void {
    if (this.#state.kind === 'fetching') this.#state.abort.abort();
    if (this.#state.kind === 'ready') this.#state.player.close();
    this.#clip = null;
    this.#state = { kind: 'closed' };
    this.#wanted = this.playing = false;
    this.position = this.length = 0;
  }

  async #fetch(clip: Clip, { signal }: AbortController): Promise<void> {
    try {
      const sound = await clip.fetch(signal);
      const picture = await pictureOf(sound);
      if (signal.aborted) return;
      if (picture !== null) this.length = picture.seconds;
      this.#state = { kind: 'ready', player: this.#playerOf(sound), peaks: picture?.peaks ?? [] };
      if (this.#wanted) this.play();
    } catch (error) {
      if (!signal.aborted) this.#state = { kind: 'failed', sentence: refusalSentence(error) };
    }
  }

  #playerOf(sound: Blob): Player {
    const player: Player = new Player(sound, {
      onPlaying: (playing) => (this.playing = playing),
      onPosition: (seconds) => (this.position = seconds),
      onFailed: () => {
        if (this.#state.kind !== 'ready' || this.#state.player !== player) return;
        player.close();
        this.playing = false;
        this.#state = {
          kind: 'failed',
          sentence: m.voicemail_unplayable({ voicemail: FEATURE_CODES.voicemail }),
        };
      },
    });
    return player;
  }
}
