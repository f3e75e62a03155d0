import type { PromptId, Utterance } from './center-events.ts';
import { FEATURE_CODES } from './feature-codes.ts';

/**
 * What the server says, in the one place where it is written: pages show these words and the sounds are made from them.
 * Those that begin in lower case follow a number: `101` – `is now on this phone.`
 */
export const PROMPT_TEXTS: Readonly<Record<PromptId, string>> = {
  'enter-code': 'Please enter your secret code',
  'hear-yourself': 'Please speak. You hear yourself.',
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
  'do-not-disturb-on': 'Do not disturb is on.',
  'do-not-disturb-off': 'Do not disturb is off.',
  'no-do-not-disturb-here': 'Do not disturb is for people. This desk goes on ringing.',
  'all-calls-go-to': 'All your calls go to',
  'forward-off': 'Your calls are no longer forwarded.',
  'forward-to-whom': `Nothing has changed. Dial ${FEATURE_CODES.forward}, and the number that your calls are to go to.`,
  'no-forward-there': 'Calls cannot go on to that number, and nothing has changed.',
  'no-forward-here': 'Forwarding is for people. This desk goes on ringing.',
  'not-available': 'is not available.',
  'no-such-number': 'There is no such number.',
  'no-such-code': 'There is no such code.',
  'phone-locked': `This extension is on another phone. Dial ${FEATURE_CODES.center} to bring it back.`,
  busy: 'is busy.',
  'leave-message':
    'is not available. Please leave a message after the tone, and press the hash key when you are done.',
  beep: '',
  'message-saved': 'Thank you. Your message has been saved. Goodbye.',
  'message-at-limit': 'Your message is as long as it can be, and has been saved. Goodbye.',
  'nothing-recorded': 'Nothing was recorded. Goodbye.',
  'mailbox-full': 'is not available, and the mailbox is full. Goodbye.',
  'no-recording-now': 'Messages cannot be recorded at the moment. Please call again later.',
  'enter-pin': 'Please enter your voicemail PIN',
  'wrong-pin-two-left': 'That PIN is wrong. You have two tries left.',
  'wrong-pin-one-left': 'That PIN is wrong. You have one try left.',
  'goodbye-wrong-pin': 'That PIN is wrong. There are no tries left. Goodbye.',
  'goodbye-no-pin': 'No PIN was entered. Goodbye.',
  'no-pin': 'has no voicemail PIN. Please listen on your own phone, or ask your administrator for a PIN.',
  'you-have': 'You have',
  'new-message': 'new message',
  'new-messages': 'new messages',
  'heard-message': 'heard message',
  'heard-messages': 'heard messages',
  and: 'and',
  'no-messages': 'You have no messages.',
  'new-message-from': 'New message from',
  'heard-message-from': 'Heard message from',
  'withheld-number': 'a withheld number.',
  'message-menu':
    'To hear the message again, press 1. Next, 2. Delete, 3. Call back, 4. To record your greeting, 0. To leave, star.',
  'message-menu-without-caller':
    'To hear the message again, press 1. Next, 2. Delete, 3. To record your greeting, 0. To leave, star.',
  'message-deleted': 'Deleted.',
  'no-more-messages': 'There are no more messages.',
  'empty-menu': 'To record your greeting, press 0. To leave, star.',
  'calling-back': 'Calling',
  'could-not-call-back': 'could not be called from here.',
  'record-greeting': 'Speak your greeting after the tone, and press the hash key when you are done.',
  'greeting-menu':
    'To listen to it, press 1. To use it, 2. To record it again, 0. To keep the one before, star.',
  'greeting-saved': 'Your new greeting is in use.',
  'greeting-too-short': 'That was too short.',
  'no-longer-here': 'is no longer on this phone. Goodbye.',
  'call-is-parked': `The call is parked. To pick it up, dial ${FEATURE_CODES['pick-up']}, and`,
  goodbye: 'Goodbye.',
};

/** An utterance as a page shows it: `101 is now on this phone.` */
export function utteranceText(utterance: Utterance): string {
  return utterance
    .map((part) => {
      if ('digits' in part) return part.digits;
      return 'number' in part ? String(part.number) : PROMPT_TEXTS[part.prompt];
    })
    .filter((text) => text !== '')
    .join(' ');
}

/** A prompt as a speech program is to read it: `*30` becomes `star 3 0`. */
export function promptSpeech(prompt: PromptId): string {
  return PROMPT_TEXTS[prompt].replaceAll(/[*\d]+/g, (dialled) => [...dialled].join(' ').replace('*', 'star'));
}
