/** What a look at the microphone has found. Levels are in decibels below full scale: 0 is as loud as can be. */
export interface Loudness {
  readonly rmsDb: number;
  readonly peakDb: number;
}

/** What the person should be told of their own voice. */
export type OwnVoiceWord = 'fine' | 'silent' | 'speaking-muted';

/** The voice of this side, as far as it has been watched. Times are in milliseconds. */
export interface OwnVoice {
  readonly word: OwnVoiceWord;
  readonly muted: boolean;
  readonly at: number;
  /** Has this microphone given any sound so far? */
  readonly heard: boolean;
  /** Since when it has given none, though it was not muted. */
  readonly silentSince: number;
  /** How much of the last moments was speech, from 0 to `SPEECH_MOST_MS`. */
  readonly speechMs: number;
  readonly spokeAt: number;
}

/** Below this, a microphone gives no signal at all: one step of 16-bit samples. The quietest room is louder. */
const SIGNAL_DB = -88;
/** How long a microphone that has never been heard may be silent. */
const NEVER_HEARD_MS = 5_000;
/** How long one that has been heard may be: some headsets send nothing while their wearer listens. */
const LISTENING_MS = 30_000;
/** From here on it may be speech; a keyboard or a fan is quieter, or shorter. */
const SPEECH_DB = -42;
const SPEECH_MS = 500;
const SPEECH_MOST_MS = 1_000;
/** How long it goes on being said that one speaks while muted. */
const SAID_MS = 3_000;
/** Looks that are further apart than this say nothing of what was between them: the page was asleep. */
const GAP_MS = 1_500;

export const watched = (at: number, muted: boolean): OwnVoice => ({
  word: 'fine',
  muted,
  at,
  heard: false,
  silentSince: at,
  speechMs: 0,
  spokeAt: -Infinity,
});

/** One more look at the microphone, or `null` where nothing can be measured, as before the first touch of the page. */
export function look(voice: OwnVoice, at: number, muted: boolean, loudness: Loudness | null): OwnVoice {
  const passed = at - voice.at;
  const hasSignal = loudness !== null && loudness.peakDb > SIGNAL_DB;
  if (loudness === null || passed > GAP_MS || muted !== voice.muted)
    return { ...watched(at, muted), heard: voice.heard || hasSignal };
  const heard = voice.heard || hasSignal;
  const silentSince = hasSignal || muted ? at : voice.silentSince;
  const isSpeech = loudness.rmsDb > SPEECH_DB;
  const speechMs = Math.max(0, Math.min(SPEECH_MOST_MS, voice.speechMs + (isSpeech ? passed : -passed)));
  const spokeAt = isSpeech && speechMs >= SPEECH_MS ? at : voice.spokeAt;
  const next = { muted, at, heard, silentSince, speechMs, spokeAt };
  if (muted) return { ...next, word: at - spokeAt < SAID_MS ? 'speaking-muted' : 'fine' };
  const longest = heard ? LISTENING_MS : NEVER_HEARD_MS;
  return { ...next, word: at - silentSince >= longest ? 'silent' : 'fine' };
}
