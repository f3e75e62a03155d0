import type { Level } from '../../../media/level-meter.ts';
import type { World } from '../../../world/world.ts';
import { look, type OwnVoiceWord, watched } from '../../../phone/calls/own-voice.ts';
import { type Cancel, every } from '../../../world/timers.ts';

const LOOK_MS = 100;

/** Watches a microphone for what its owner does not notice: that it is silent, or that they speak while muted. */
export class VoiceWatch {
  word: OwnVoiceWord = $state('fine');
  #cancel: Cancel | undefined;

  begin(level: Pick<Level, 'loudness'>, now: World['now'], isMuted: () => boolean): void {
    this.end();
    let voice = watched(now(), isMuted());
    this.#cancel = every(LOOK_MS, () => {
      voice = look(voice, now(), isMuted(), level.loudness());
      this.word = voice.word;
    });
  }

  end(): void {
    this.#cancel?.();
    this.word = 'fine';
  }
}
