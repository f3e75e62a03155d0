import type { PromptId, Utterance } from './center-events.ts';

/**
 * What the server says, in the one place where it is written: pages show these words and the sounds are made from them.
 * Those that begin in lower case follow a number: `101` – `is now on this phone.`
 */
export const PROMPT_TEXTS: Readonly<Record<PromptId, string>> = {
  'enter-code': 'Please enter your secret code',
  'wrong-code-two-left': 'That code is wrong. You have two tries left.',
  'wrong-code-one-left': 'That code is wrong. You have one try left.',
  'goodbye-wrong-code': 'That code is wrong. There are no tries left. Goodbye.',
  'no-digits': 'Nothing was entered.',
  'goodbye-silence': 'No code was entered. Goodbye.',
  'now-on-this-phone': 'is now on this phone.',
  'already-on-this-phone': 'is already on this phone.',
  'desk-is-yours': 'is back on this phone.',
  'returned-home': 'is back on its own phone.',
  'left-this-phone': 'has left this phone. Somebody else is on its own phone, so it rings nowhere.',
  'nothing-to-return': 'There is nothing to return.',
  'not-allowed-here': 'This phone does not accept other extensions.',
  'wait-for-emergency-call': 'An emergency call is in progress. Please wait until it has ended.',
  'try-again-later': 'That did not work, and nothing has changed. Please try again later.',
  'not-available': 'is not available.',
  'no-such-number': 'There is no such number.',
  'phone-locked': 'This extension is on another phone. Dial *30 to bring it back.',
  busy: 'is busy.',
};

/** An utterance as a page shows it: `101 is now on this phone.` */
export function utteranceText(utterance: Utterance): string {
  return utterance.map((part) => ('digits' in part ? part.digits : PROMPT_TEXTS[part.prompt])).join(' ');
}

/** A prompt as a speech program is to read it: `*30` becomes `star 3 0`. */
export function promptSpeech(prompt: PromptId): string {
  return PROMPT_TEXTS[prompt].replaceAll(/[*\d]+/g, (dialled) => [...dialled].join(' ').replace('*', 'star'));
}
