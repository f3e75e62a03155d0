import { describe, expect, test } from 'vitest';
import { look, type Loudness, type OwnVoice, watched } from './own-voice.ts';

const SPEECH: Loudness = { rmsDb: -25, peakDb: -12 };
const ROOM: Loudness = { rmsDb: -62, peakDb: -50 };
const NOTHING: Loudness = { rmsDb: -120, peakDb: -120 };

/** Looks at that sound every 100 ms for so long. */
function watch(voice: OwnVoice, ms: number, loudness: Loudness | null, muted = false): OwnVoice {
  let now = voice;
  for (let passed = 0; passed < ms; passed += 100) now = look(now, now.at + 100, muted, loudness);
  return now;
}
const open = watched(0, false);
const muted = look(open, 100, true, ROOM);

describe('a microphone without any signal', () => {
  test('is silent after 5 s, and no longer once it gives a sound', () => {
    expect(watch(open, 4_900, NOTHING).word).toBe('fine');
    const silent = watch(open, 5_000, NOTHING);
    expect(silent.word).toBe('silent');
    expect(look(silent, silent.at + 100, false, ROOM).word).toBe('fine');
  });

  test('is not silent in a quiet room', () => {
    expect(watch(open, 60_000, ROOM).word).toBe('fine');
  });

  test('has 30 s where it has been heard before: its wearer may be listening', () => {
    const heard = watch(open, 1_000, SPEECH);
    expect(watch(heard, 29_900, NOTHING).word).toBe('fine');
    expect(watch(heard, 30_000, NOTHING).word).toBe('silent');
  });

  test('is nothing to speak of while it is muted, nor at once afterwards', () => {
    const quiet = watch(muted, 60_000, NOTHING, true);
    expect(quiet.word).toBe('fine');
    expect(watch(quiet, 1_000, NOTHING).word).toBe('fine');
  });

  test('is not judged where nothing can be measured, nor by the time in which the page slept', () => {
    expect(watch(open, 60_000, null).word).toBe('fine');
    const before = watch(open, 4_000, NOTHING);
    expect(look(before, before.at + 60_000, false, NOTHING).word).toBe('fine');
  });
});

describe('speech into a muted microphone', () => {
  test('is noticed after half a second, and said for 3 s after the last of it', () => {
    expect(watch(muted, 400, SPEECH, true).word).toBe('fine');
    const spoken = watch(muted, 500, SPEECH, true);
    expect(spoken.word).toBe('speaking-muted');
    expect(watch(spoken, 2_900, ROOM, true).word).toBe('speaking-muted');
    expect(watch(spoken, 3_000, ROOM, true).word).toBe('fine');
  });

  test('is not a short noise, nor several of them with rests', () => {
    let voice = muted;
    for (let knocks = 0; knocks < 20; knocks++)
      voice = watch(watch(voice, 200, SPEECH, true), 300, ROOM, true);
    expect(voice.word).toBe('fine');
  });

  test('is over as soon as the microphone is heard', () => {
    const spoken = watch(muted, 1_000, SPEECH, true);
    expect(look(spoken, spoken.at + 100, false, SPEECH).word).toBe('fine');
  });
});
