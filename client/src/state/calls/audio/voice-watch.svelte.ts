import type { Level } from '../../../media/level-meter.ts';
import type { World } from '../../../world/world.ts';
import { look, type OwnVoiceWord, watched } from '../../../phone/calls/own-voice.ts';

const LOOK_MS = 100;

/** Watches a microphone for what its owner does not notice: that it is silent, or that they speak while muted. */
export class VoiceWatch {
  word: OwnVoiceWord = $state('fine');
  #timer: ReturnType<typeof setInterval> | undefined;

  begin(level: Pick<Level, 'loudness'>, now: World['now'], isMuted: () => boolean): void {
    this.end();
    let voice = watched(now(), isMuted());
    this.#timer = setInterval(() => {
      voice = look(voice, now(), isMuted(), level.loudness());
      this.word = voice.word;
    }, LOOK_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    this.word = 'fine';
  }
}
