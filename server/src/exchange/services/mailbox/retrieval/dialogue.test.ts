import { extensionId, type MailboxAccess, recordingId, utteranceText, WITHHELD } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENTRY_PAUSE_MS } from '../../code-entry.ts';
import type { Message } from '../../../voicemail/ports.ts';
import { dialogue } from './dialogue.ts';
import type { Effect, Event, MailboxSight, State } from './visit.ts';

const { initial: initialState, step } = dialogue;

type Plain = Exclude<Event['kind'], 'digit' | 'verdict' | 'recorded' | 'phone-asked' | 'standing-changed'>;

/**
 * An event of a test: `keys` and the keys pressed, what others do to the mailbox meanwhile (`gone a`, `new d`, `closed`,
 * `left`), what the caller's phone answers (`phone accepted`),
 * anything else by its name.
 */
type Happening =
  | Plain
  | `keys ${string}`
  | 'right'
  | 'wrong'
  | 'recorded'
  | 'too short'
  | `gone ${string}`
  | `new ${string}`
  | 'phone accepted'
  | 'phone refused'
  | 'phone no-such-number'
  | 'left'
  | 'closed';

const RECORDED = { id: recordingId('g'), durationMs: 4_000, at: 0 };

/** The message of that name: of three, `a` is the newest. */
function message(name: string, heard = false, number = '102'): Message {
  return {
    id: recordingId(name),
    extension: extensionId('101'),
    from: { number, name: 'Ben' },
    at: 0,
    durationMs: 4_000,
    reason: 'no-answer',
    heard,
    deletedAt: null,
  };
}

/** A visit to a mailbox with these messages. */
function visit(messages: readonly Message[], access: MailboxAccess = 'open') {
  let mailbox: MailboxSight = { owner: { number: '101', name: 'Ada' }, access, standing: 'open', messages };
  let state: State = initialState;
  const effects: Effect[] = [];
  const take = (event: Event) => {
    const [next, more] = step(state, event, mailbox);
    state = next;
    effects.push(...more);
    for (const effect of more)
      if (effect.kind === 'mark-heard')
        mailbox = {
          ...mailbox,
          messages: mailbox.messages.map((one) =>
            one.id === effect.message.id ? { ...one, heard: true } : one,
          ),
        };
  };
  const without = (id: string) => {
    mailbox = { ...mailbox, messages: mailbox.messages.filter((one) => one.id !== id) };
  };
  const happen = (happening: Happening): void => {
    const [word = '', argument = ''] = happening.split(' ');
    if (word === 'keys') for (const digit of argument) take({ kind: 'digit', digit });
    else if (happening === 'gone') take({ kind: 'gone' });
    else if (word === 'gone') without(argument);
    else if (word === 'new') mailbox = { ...mailbox, messages: [message(argument), ...mailbox.messages] };
    else if (word === 'closed') mailbox = { ...mailbox, standing: 'shut' };
    else if (word === 'left') {
      mailbox = { ...mailbox, standing: 'left' };
      take({ kind: 'standing-changed' });
    } else if (word === 'phone') {
      take({ kind: 'phone-asked', answer: argument as 'accepted' | 'refused' | 'no-such-number' });
    } else if (word === 'right' || word === 'wrong') take({ kind: 'verdict', right: word === 'right' });
    else if (happening === 'too short') take({ kind: 'recorded', greeting: undefined });
    else if (happening === 'recorded') take({ kind: 'recorded', greeting: RECORDED });
    else if (happening === 'done') {
      const deleted = effects.findLast((effect) => effect.kind === 'delete');
      if (deleted && state.kind === 'deleting') without(deleted.message.id);
      take({ kind: 'done' });
    } else take({ kind: happening as Plain });
  };
  return { happen, take, effects, state: () => state };
}

/** An effect, abbreviated; stopping timers and sound, announcing keys, and the pause after each digit are left out. */
function inWords(effect: Effect): string[] {
  switch (effect.kind) {
    case 'speak':
      return [`"${utteranceText(effect.utterance, 'en')}"`];
    case 'start-timer':
      return effect.ms === ENTRY_PAUSE_MS ? [] : [`${String(effect.ms / 1000)} s`];
    case 'stop-timer':
    case 'interrupt':
    case 'prepare':
      return [];
    case 'verify':
      return [`verify ${effect.code}`];
    case 'play':
      return [`play ${effect.message.id}, ${String(effect.position)} of ${String(effect.of)}`];
    case 'mark-heard':
    case 'delete':
      return [`${effect.kind} ${effect.message.id}`];
    case 'call-back':
      return [`call ${effect.number}`];
    case 'visited':
      return [`visited: ${effect.outcome}`];
    case 'hang-up':
      return [effect.refused ? 'hang up: refused' : 'hang up'];
    case 'tell':
      switch (effect.event.kind) {
        case 'keys':
          return [];
        case 'digit':
          return ['•'.repeat(effect.event.entered)];
        case 'tries-left':
          return [`${String(effect.event.tries)} left`];
        default:
          return [effect.event.kind];
      }
    default:
      return [effect.kind];
  }
}

const MENU =
  '"To hear the message again, press 1. Next, 2. Delete, 3. Call back, 4. To record your greeting, 0. To leave, star."';
const EMPTY = 'To record your greeting, press 0. To leave, star.';
const END = `"There are no more messages. ${EMPTY}"`;
const GREETING_MENU =
  '"To listen to it, press 1. To use it, 2. To record it again, 0. To keep the one before, star."';
const RECORD = '"Speak your greeting after the tone, and press the hash key when you are done."';
const GOODBYE = '"Goodbye."';
const LEFT = '"101 is no longer on this phone. Goodbye."';
/** The phone is asked to call, and has five seconds. */
const asked = ['mark-heard a', '5 s', 'call 102'];
const PIN = '"Please enter your voicemail PIN"';
const dots = (digits: number) => Array.from({ length: digits }, (_, n) => '•'.repeat(n + 1));

const two = [message('a'), message('b', true, '103')];
const opened = ['opened', 'visited: opened', '"You have 1 new message and 1 heard message"'];
const firstPlays = [...opened, '"New message from 102"', 'play a, 1 of 2'];
const first: readonly Happening[] = ['confirmed', 'spoken', 'spoken'];
const recorded: readonly Happening[] = [...first, 'keys 0', 'spoken', 'keys #', 'recorded'];
const recordedWords = [
  ...firstPlays,
  'discard-recording',
  'prepare-recording',
  RECORD,
  'record',
  'stop-recording',
  GREETING_MENU,
];

test.for<readonly [string, readonly Happening[], readonly string[]]>([
  [
    'newest first, each with its envelope and its menu; a message that was played to its end counts as heard',
    [
      ...first,
      'spoken',
      'spoken',
      'keys 2',
      'spoken',
      'spoken',
      'spoken',
      'keys 2',
      'spoken',
      'keys *',
      'spoken',
    ],
    [
      ...firstPlays,
      ...['mark-heard a', MENU, '10 s'],
      ...['"Heard message from 103"', 'play b, 2 of 2', 'mark-heard b', MENU, '10 s'],
      ...[END, '10 s', GOODBYE, 'hang up', 'closed'],
    ],
  ],
  [
    'a message that was skipped in its envelope is not heard',
    ['confirmed', 'keys 22'],
    [...opened, '"New message from 102"', '"Heard message from 103"'],
  ],
  [
    '1 in the envelope says it again',
    ['confirmed', 'spoken', 'keys 1'],
    [...opened, '"New message from 102"', '"New message from 102"'],
  ],
  [
    '1 in the message plays it from the beginning, and it counts as heard',
    [...first, 'keys 1'],
    [...firstPlays, 'mark-heard a', 'play a, 1 of 2'],
  ],
  [
    '1 in the menu plays the message again',
    [...first, 'spoken', 'keys 1'],
    [...firstPlays, 'mark-heard a', MENU, 'play a, 1 of 2'],
  ],
  [
    '2 in the message: heard, and the next',
    [...first, 'keys 2'],
    [...firstPlays, 'mark-heard a', '"Heard message from 103"'],
  ],
  [
    '3 says that it is deleted once it is, and goes on',
    [...first, 'keys 3', 'done', 'spoken', 'keys 3', 'done'],
    [
      ...firstPlays,
      ...['mark-heard a', 'delete a', '"Deleted. Heard message from 103"', 'play b, 1 of 1'],
      ...['mark-heard b', 'delete b', `"Deleted. There are no more messages. ${EMPTY}"`],
    ],
  ],
  [
    '3 in the envelope deletes an unheard message',
    ['confirmed', 'spoken', 'keys 3', 'done'],
    [...opened, '"New message from 102"', 'delete a', '"Deleted. Heard message from 103"'],
  ],
  [
    'keys pressed while it is being deleted do not affect the next one',
    [...first, 'keys 33124', 'done'],
    [...firstPlays, 'mark-heard a', 'delete a', '"Deleted. Heard message from 103"'],
  ],
  [
    'one may leave while it is being deleted',
    [...first, 'keys 3*', 'done', 'spoken'],
    [...firstPlays, 'mark-heard a', 'delete a', GOODBYE, 'hang up', 'closed'],
  ],
  [
    'what cannot be deleted is still there',
    [...first, 'keys 3', 'failed', 'keys 1'],
    [
      ...firstPlays,
      ...[
        'mark-heard a',
        'delete a',
        `"That did not work, and nothing has changed. Please try again later. ${MENU.slice(1)}`,
      ],
      'play a, 1 of 2',
    ],
  ],
  [
    '4 makes the phone call, says which number once the phone has agreed, and hangs up',
    [...first, 'keys 4', 'keys 2*', 'phone accepted', 'keys 2*', 'spoken'],
    [...firstPlays, ...asked, '"Calling 102"', 'hang up', 'closed'],
  ],
  [
    '4, and the phone refuses: said so, and back to the menu',
    [...first, 'keys 4', 'phone refused', 'spoken', 'keys 1'],
    [
      ...firstPlays,
      ...asked,
      `"102 could not be called from here. ${MENU.slice(1)}`,
      '10 s',
      'play a, 1 of 2',
    ],
  ],
  [
    '4, and no extension has that number any more',
    [...first, 'keys 4', 'phone no-such-number', 'spoken'],
    [...firstPlays, ...asked, `"There is no such number. ${MENU.slice(1)}`, '10 s'],
  ],
  [
    '4, and the phone says nothing: it will not call, whatever it says later',
    [...first, 'keys 4', 'timeout', 'phone accepted'],
    [...firstPlays, ...asked, `"102 could not be called from here. ${MENU.slice(1)}`],
  ],
  [
    'hung up before the phone has answered',
    [...first, 'keys 4', 'gone', 'phone accepted'],
    [...firstPlays, ...asked, 'closed'],
  ],
  [
    '* leaves in the middle of a message, which stays new',
    [...first, 'keys *', 'spoken'],
    [...firstPlays, GOODBYE, 'hang up', 'closed'],
  ],
  ['other keys mean nothing', [...first, 'keys 56789#ABCD'], firstPlays],
  [
    'hung up in the middle of a message: it stays new',
    [...first, 'gone', 'spoken', 'keys 3'],
    [...firstPlays, 'closed'],
  ],
  [
    'a message that cannot be played is not heard',
    [...first, 'unplayable', 'spoken', 'timeout'],
    [
      ...firstPlays,
      `"That did not work, and nothing has changed. Please try again later. ${MENU.slice(1)}`,
      ...['10 s', MENU],
    ],
  ],
  [
    'silence after a menu: said three times in all',
    [...first, 'spoken', 'spoken', 'timeout', 'spoken', 'timeout', 'spoken', 'timeout', 'spoken'],
    [...firstPlays, 'mark-heard a', MENU, '10 s', MENU, '10 s', MENU, '10 s', GOODBYE, 'hang up', 'closed'],
  ],
  [
    'silence at the end too',
    ['confirmed', 'keys 222', 'spoken', 'timeout', 'timeout', 'timeout', 'spoken'],
    [
      ...opened,
      '"New message from 102"',
      '"Heard message from 103"',
      END,
      '10 s',
      `"${EMPTY}"`,
      `"${EMPTY}"`,
      GOODBYE,
      'hang up',
      'closed',
    ],
  ],
  [
    'a message that comes meanwhile is left for the next visit',
    [...first, 'new c', 'keys 2', 'keys 2'],
    [...firstPlays, 'mark-heard a', '"Heard message from 103"', END],
  ],
  [
    'a message that was deleted elsewhere is skipped',
    [...first, 'gone b', 'keys 2'],
    [...firstPlays, 'mark-heard a', END],
  ],
  [
    'the message being heard is deleted elsewhere: 1 goes to the next',
    [...first, 'gone a', 'spoken', 'keys 1', 'spoken'],
    [...firstPlays, 'mark-heard a', MENU, '"Heard message from 103"', 'play b, 1 of 1'],
  ],
  [
    'the message being heard is deleted elsewhere: its caller can be called back',
    [...first, 'gone a', 'keys 4', 'phone accepted'],
    [...firstPlays, ...asked, '"Calling 102"'],
  ],
  [
    'the extension is deleted: the visit ends at its next step',
    [...first, 'closed', 'spoken', 'spoken'],
    [...firstPlays, GOODBYE, 'hang up', 'closed'],
  ],
  [
    'the extension is deleted before the ACK',
    ['closed', 'confirmed', 'spoken'],
    [GOODBYE, 'hang up', 'closed'],
  ],
  [
    'the extension is deleted while a sender is about to be called',
    [...first, 'keys 4', 'phone accepted', 'closed', 'spoken'],
    [...firstPlays, ...asked, '"Calling 102"', GOODBYE],
  ],
  [
    'the stay ends: a last sentence at once, and keys do nothing',
    [...first, 'left', 'keys 123*', 'spoken', 'spoken'],
    [...firstPlays, LEFT, 'hang up', 'closed'],
  ],
  [
    'the stay ends while a message is being deleted: it is deleted',
    [...first, 'keys 3', 'left', 'done', 'keys 2', 'spoken'],
    [...firstPlays, 'mark-heard a', 'delete a', LEFT, 'hang up', 'closed'],
  ],
  [
    'the stay ends while the phone is asked to call',
    [...first, 'keys 4', 'left', 'phone refused', 'spoken'],
    [...firstPlays, ...asked, LEFT, 'hang up', 'closed'],
  ],
  [
    'the stay ends while goodbye is said',
    [...first, 'keys *', 'left', 'spoken'],
    [...firstPlays, GOODBYE, 'hang up', 'closed'],
  ],
  ['keys before the ACK mean nothing where no PIN is needed', ['keys 30*', 'confirmed'], opened],
  ['hung up before the ACK', ['gone', 'confirmed'], ['closed']],
  [
    'a greeting is recorded, listened to, and used once it is durable',
    [...recorded, 'spoken', 'keys 1', 'spoken', 'keys 2', 'done', 'keys 2'],
    [
      ...recordedWords,
      ...[
        '10 s',
        'play-greeting',
        GREETING_MENU,
        'use-greeting',
        `"Your new greeting is in use. ${MENU.slice(1)}`,
      ],
      '"Heard message from 103"',
    ],
  ],
  [
    'silence ends a recording as # does',
    [...first, 'keys 0', 'spoken', 'record-ended', 'record-ended', 'recorded'],
    recordedWords,
  ],
  [
    'keys other than # do not end a recording',
    [...first, 'keys 0', 'spoken', 'keys 0123456789*'],
    recordedWords.slice(0, -2),
  ],
  [
    '# before the beep: the beep',
    [...first, 'keys 0#', 'spoken'],
    [...recordedWords.slice(0, -3), '""', 'record'],
  ],
  [
    '* before the beep: back to the message',
    [...first, 'keys 0*'],
    [...recordedWords.slice(0, -3), 'discard-recording', MENU],
  ],
  [
    'a greeting that is too short is recorded again, three times at most',
    [
      ...first,
      'keys 0',
      'spoken',
      'keys #',
      'too short',
      'spoken',
      'keys #',
      'too short',
      'spoken',
      'keys #',
      'too short',
    ],
    [
      ...recordedWords.slice(0, -1),
      ...[
        'discard-recording',
        'prepare-recording',
        `"That was too short. ${RECORD.slice(1)}`,
        'record',
        'stop-recording',
      ],
      ...[
        'discard-recording',
        'prepare-recording',
        `"That was too short. ${RECORD.slice(1)}`,
        'record',
        'stop-recording',
      ],
      ...['discard-recording', MENU],
    ],
  ],
  [
    '0 records again',
    [...recorded, 'keys 0'],
    [...recordedWords, 'discard-recording', 'prepare-recording', RECORD],
  ],
  ['* keeps the greeting before', [...recorded, 'keys *'], [...recordedWords, 'discard-recording', MENU]],
  [
    'hung up without 2: nothing stays of it',
    [...recorded, 'gone'],
    [...recordedWords, 'discard-recording', 'closed'],
  ],
  [
    'hung up while it is being recorded',
    [...first, 'keys 0', 'spoken', 'gone', 'record-ended'],
    [...recordedWords.slice(0, -2), 'discard-recording', 'closed'],
  ],
  [
    'hung up after 2: it is in use',
    [...recorded, 'keys 2', 'gone', 'done'],
    [...recordedWords, 'use-greeting', 'closed'],
  ],
  [
    'the extension is deleted while its greeting is recorded',
    [...first, 'keys 0', 'spoken', 'closed', 'keys #', 'spoken'],
    [...recordedWords.slice(0, -2), 'discard-recording', GOODBYE, 'hang up', 'closed'],
  ],
  [
    'the stay ends while a greeting is spoken: what has been recorded is kept',
    [...first, 'keys 0', 'spoken', 'left', 'record-ended', 'spoken'],
    [...recordedWords.slice(0, -2), 'keep-recording', LEFT, 'hang up', 'closed'],
  ],
  [
    'the stay ends before the greeting was chosen: it is deleted',
    [...recorded, 'left', 'keys 2', 'spoken'],
    [...recordedWords, 'discard-recording', LEFT, 'hang up', 'closed'],
  ],
  [
    'the stay ends after the greeting was chosen: it is used',
    [...recorded, 'keys 2', 'left', 'done', 'spoken'],
    [...recordedWords, 'use-greeting', LEFT, 'hang up', 'closed'],
  ],
  [
    'silence after the greeting menu: it is deleted',
    [...recorded, 'timeout', 'timeout', 'timeout', 'spoken'],
    [...recordedWords, GREETING_MENU, GREETING_MENU, 'discard-recording', GOODBYE, 'hang up', 'closed'],
  ],
  [
    'a disk that cannot: no recording',
    [...first, 'keys 0', 'unrecordable'],
    [
      ...recordedWords.slice(0, -3),
      'discard-recording',
      `"Messages cannot be recorded at the moment. Please call again later. ${MENU.slice(1)}`,
    ],
  ],
  [
    'a greeting that cannot be stored changes nothing',
    [...recorded, 'keys 2', 'failed'],
    [
      ...recordedWords,
      'use-greeting',
      'discard-recording',
      `"That did not work, and nothing has changed. Please try again later. ${MENU.slice(1)}`,
    ],
  ],
  [
    'after a greeting recorded during the summary: the first message',
    ['confirmed', 'keys 0*', 'spoken'],
    [
      ...opened,
      ...recordedWords.slice(5, -3),
      'discard-recording',
      '"New message from 102"',
      'play a, 1 of 2',
    ],
  ],
  [
    'after a greeting, where the message has been deleted elsewhere: the next one',
    [...recorded, 'gone a', 'keys 2', 'done'],
    [...recordedWords, 'use-greeting', '"Your new greeting is in use. Heard message from 103"'],
  ],
  [
    'after a greeting recorded at the end: its menu',
    ['confirmed', 'keys 2220*'],
    [
      ...opened,
      '"New message from 102"',
      '"Heard message from 103"',
      END,
      ...['discard-recording', 'prepare-recording', RECORD, 'discard-recording', `"${EMPTY}"`],
    ],
  ],
])('at home: %s', ([, happenings, words]) => {
  const { happen, effects } = visit(two);
  happenings.forEach(happen);
  expect(effects.flatMap(inWords)).toEqual(words);
});

test.for<readonly [string, readonly Message[], string]>([
  ['none', [], `"You have no messages. ${EMPTY}"`],
  ['one new', [message('a')], '"You have 1 new message"'],
  ['two new', [message('a'), message('b')], '"You have 2 new messages"'],
  ['one heard', [message('a', true)], '"You have 1 heard message"'],
  ['two heard', [message('a', true), message('b', true)], '"You have 2 heard messages"'],
  [
    'more than can be spoken',
    Array.from({ length: 1_200 }, (_, n) => message(`m${String(n)}`)),
    '"You have 999 new messages"',
  ],
])('how many messages there are: %s', ([, messages, words]) => {
  const { happen, effects } = visit(messages);
  happen('confirmed');
  expect(effects.flatMap(inWords).slice(2)).toEqual([words]);
});

test.for<readonly [string, readonly Happening[], readonly string[]]>([
  [
    'a right PIN, ended by #',
    ['confirmed', 'spoken', 'keys 4071#', 'right'],
    ['opened', PIN, '10 s', ...dots(4), 'verify 4071', ...opened.slice(1)],
  ],
  [
    'an entry ends when its pause is over',
    ['confirmed', 'keys 40', 'timeout'],
    ['opened', PIN, ...dots(2), 'verify 40'],
  ],
  [
    'an entry ends with its eighth digit',
    ['confirmed', 'keys 12345678#'],
    ['opened', PIN, ...dots(8), 'verify 12345678'],
  ],
  [
    'digits typed before the question are its answer',
    ['keys 40', 'confirmed', 'keys 71#'],
    ['opened', PIN, ...dots(4), 'verify 4071'],
  ],
  [
    'digits typed while a PIN is verified are the next entry',
    ['confirmed', 'keys 1#22#', 'wrong'],
    [
      'opened',
      PIN,
      '•',
      'verify 1',
      '2 left',
      '"That PIN is wrong. You have two tries left. Please enter your voicemail PIN"',
      ...dots(2),
      'verify 22',
    ],
  ],
  [
    'digits typed after a PIN that was right do nothing to messages',
    ['confirmed', 'keys 1#33', 'right'],
    ['opened', PIN, '•', 'verify 1', ...opened.slice(1)],
  ],
  [
    'three wrong PINs: goodbye',
    ['confirmed', 'keys 1#', 'wrong', 'keys 2#', 'wrong', 'keys 3#', 'wrong', 'keys 4#', 'spoken'],
    [
      ...[
        'opened',
        PIN,
        '•',
        'verify 1',
        '2 left',
        '"That PIN is wrong. You have two tries left. Please enter your voicemail PIN"',
      ],
      ...[
        '•',
        'verify 2',
        '1 left',
        '"That PIN is wrong. You have one try left. Please enter your voicemail PIN"',
      ],
      ...[
        '•',
        'verify 3',
        '0 left',
        'visited: wrong-pin',
        '"That PIN is wrong. There are no tries left. Goodbye."',
      ],
      ...['hang up: refused', 'closed'],
    ],
  ],
  [
    'silence: asked three times in all',
    ['confirmed', 'spoken', 'timeout', 'spoken', 'timeout', 'spoken', 'timeout', 'spoken'],
    [
      ...['opened', PIN, '10 s', '"Nothing was entered. Please enter your voicemail PIN"', '10 s'],
      ...[
        '"Nothing was entered. Please enter your voicemail PIN"',
        '10 s',
        'visited: no-pin',
        '"No PIN was entered. Goodbye."',
      ],
      ...['hang up', 'closed'],
    ],
  ],
  [
    'letters are ignored in a PIN, and a star begins it anew',
    ['confirmed', 'keys 4*A40*', 'keys 71#'],
    ['opened', PIN, '•', '', '10 s', ...dots(2), '', '10 s', ...dots(2), 'verify 71'],
  ],
  [
    'a PIN that cannot be verified',
    ['confirmed', 'keys 4#', 'failed', 'right'],
    ['opened', PIN, '•', 'verify 4', '"That did not work, and nothing has changed. Please try again later."'],
  ],
  [
    'hung up while a PIN is verified: nothing opens',
    ['confirmed', 'keys 4#', 'gone', 'right'],
    ['opened', PIN, '•', 'verify 4', 'visited: no-pin', 'closed'],
  ],
  [
    'hung up after a wrong PIN',
    ['confirmed', 'keys 4#', 'wrong', 'gone'],
    [
      ...[
        'opened',
        PIN,
        '•',
        'verify 4',
        '2 left',
        '"That PIN is wrong. You have two tries left. Please enter your voicemail PIN"',
      ],
      ...['visited: wrong-pin', 'closed'],
    ],
  ],
  [
    'deleted while its PIN is verified: nothing opens',
    ['confirmed', 'keys 4#', 'closed', 'right'],
    ['opened', PIN, '•', 'verify 4', 'visited: no-pin', GOODBYE],
  ],
])('as a guest: %s', ([, happenings, words]) => {
  const { happen, effects } = visit(two, 'pin-needed');
  happenings.forEach(happen);
  expect(effects.flatMap(inWords)).toEqual(words);
});

test('as a guest without a PIN: told so, and hung up', () => {
  const { happen, effects } = visit(two, 'no-pin');
  (['keys 12', 'confirmed', 'keys 34', 'spoken'] as const).forEach(happen);
  expect(effects.flatMap(inWords)).toEqual([
    ...['opened', 'visited: no-pin'],
    '"101 has no voicemail PIN. Please listen on your own phone, or ask your administrator for a PIN."',
    ...['hang up', 'closed'],
  ]);
});

test('calling back is not offered where the number cannot be called', () => {
  const { happen, effects } = visit([message('a', false, 'anonymous')]);
  (['confirmed', 'spoken', 'spoken', 'keys 4'] as const).forEach(happen);
  expect(effects.flatMap(inWords).at(-1)).toBe('play a, 1 of 1');
  expect(keysTold(effects).at(-1)).toBe('1230*');
});

const keysTold = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'tell' && effect.event.kind === 'keys'
      ? [effect.event.keys.map(({ key }) => key).join('')]
      : [],
  );

test('the page knows the keys of every moment, and is told only when they change', () => {
  const { happen, effects } = visit(two, 'pin-needed');
  const keys = (...happenings: readonly Happening[]) => {
    const before = effects.length;
    happenings.forEach(happen);
    return keysTold(effects.slice(before));
  };
  expect(keys('confirmed', 'keys 40')).toEqual(['#']);
  expect(keys('keys #')).toEqual([]);
  expect(keys('right')).toEqual(['20*']);
  expect(keys('spoken', 'spoken', 'spoken', 'keys 1')).toEqual(['12340*']);
  expect(keys('keys 3', 'done')).toEqual([]);
  expect(keys('keys 0')).toEqual(['#*']);
  expect(keys('spoken')).toEqual(['#']);
  expect(keys('keys #', 'recorded')).toEqual(['', '120*']);
  expect(keys('keys 1', 'spoken')).toEqual([]);
  expect(keys('keys 2', 'done')).toEqual(['', '12340*']);
  expect(keys('keys 2')).toEqual(['0*']);
  expect(keys('keys *', 'spoken')).toEqual(['']);
});

test('every announced key does something, and no other does, except digits of an entry', () => {
  const walks: readonly (readonly Happening[])[] = [
    ['confirmed'],
    ['confirmed', 'spoken'],
    first,
    [...first, 'spoken'],
    ['confirmed', 'keys 222'],
    [...first, 'keys 0'],
    [...first, 'keys 0', 'spoken'],
    [...first, 'keys 0', 'spoken', 'keys #'],
    recorded,
    [...recorded, 'keys 1'],
    [...recorded, 'keys 2'],
    [...first, 'keys 4'],
    [...first, 'keys *'],
  ];
  for (const walk of walks)
    for (const key of '0123456789*#') {
      const { happen, effects } = visit(two);
      walk.forEach(happen);
      const offered = keysTold(effects).at(-1) ?? '';
      const before = effects.length;
      happen(`keys ${key}`);
      expect([...walk, key, effects.length > before]).toEqual([...walk, key, offered.includes(key)]);
    }
});

const anything = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...'0123456789#*').map((key): Happening => `keys ${key}`) },
    { weight: 4, arbitrary: fc.constant('due' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Happening>(
        'gone a',
        'gone b',
        'gone c',
        'new d',
        'left',
        'phone accepted',
        'phone refused',
      ),
    },
  ),
  { maxLength: 80 },
);

/** The surroundings of a visit: what is being said, timed, written or recorded, so that the next due event can happen. */
function world(verdicts: () => Happening, disk: 'works' | 'fails') {
  const { happen, effects, state } = visit([message('a'), message('b'), message('c', true)], 'pin-needed');
  let seen = 0;
  let sound = false;
  let timer = false;
  let asked: Happening[] = [];
  const look = () => {
    for (const { kind } of effects.slice(seen)) {
      if (kind === 'speak' || kind === 'play' || kind === 'play-greeting') sound = true;
      if (kind === 'interrupt') sound = false;
      if (kind === 'start-timer') timer = true;
      if (kind === 'stop-timer') timer = false;
      if (kind === 'verify') asked.push(verdicts());
      if (kind === 'delete' || kind === 'use-greeting') asked.push(disk === 'works' ? 'done' : 'failed');
      if (kind === 'record') asked.push(disk === 'works' ? 'record-ended' : 'unrecordable');
      if (kind === 'stop-recording') asked = ['recorded'];
    }
    seen = effects.length;
  };
  const act = (happening: Happening) => {
    happen(happening);
    look();
  };
  /** Lets the next due event happen; false where nothing is due. */
  const proceed = (): boolean => {
    if (state().kind === 'answered') act('confirmed');
    else if (asked.length > 0) act(asked.shift() ?? 'gone');
    else if (timer) {
      timer = false;
      act('timeout');
    } else if (sound) {
      sound = false;
      act('spoken');
    } else return false;
    return true;
  };
  return { act, proceed, effects, isOver: () => state().kind === 'over' };
}

test('whatever is pressed and whatever others do, the visit ends by itself, and leaves no recording behind', () => {
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom<Happening>('right', 'wrong', 'failed'),
      fc.constantFrom('works', 'fails'),
      (happenings, verdict, disk) => {
        const { act, proceed, effects, isOver } = world(() => verdict, disk);
        for (const one of happenings) {
          if (one === 'due') proceed();
          else act(one);
        }
        for (let n = 0; n < 200 && !isOver(); n += 1) expect(proceed()).toBe(true);
        expect(isOver()).toBe(true);
        expect(effects.filter(({ kind }) => kind === 'hang-up')).toHaveLength(1);
        expect(effects.at(-1)).toEqual({ kind: 'tell', event: { kind: 'closed' } });
        expect(effects.filter(({ kind }) => kind === 'verify').length).toBeLessThanOrEqual(3);
        if (verdict !== 'right') expect(effects.some(({ kind }) => kind === 'play')).toBe(false);
        const last = effects.findLast(({ kind }) =>
          ['prepare-recording', 'discard-recording', 'use-greeting', 'keep-recording'].includes(kind),
        );
        expect(last?.kind).not.toBe('prepare-recording');
      },
    ),
    { numRuns: 1000 },
  );
});

test('the page never hears a digit of the PIN', () => {
  const { happen, effects } = visit(two, 'pin-needed');
  (['confirmed', 'keys 40719#', 'wrong', 'keys 40719#', 'right'] as const).forEach(happen);
  const told = effects.filter(({ kind }) => kind === 'tell' || kind === 'speak');
  expect(JSON.stringify(told)).not.toMatch(/[4079]{2}/);
});

test.for(['anonymous', ''])('calling back %j is not offered', (number) => {
  const { happen, effects } = visit([message('a', false, number)]);
  (['confirmed', 'spoken', 'spoken', 'spoken', 'spoken', 'keys 4', 'timeout'] as const).forEach(happen);
  const said = effects.flatMap((effect) => (effect.kind === 'speak' ? [effect.utterance] : []));
  const menus = said.flat().filter((part) => 'prompt' in part && part.prompt.startsWith('message-menu'));
  expect(menus).toEqual(Array(2).fill({ prompt: 'message-menu-without-caller' }));
  expect(effects.some(({ kind }) => kind === 'call-back')).toBe(false);
});

test('a message from a withheld number says so', () => {
  const { happen, effects } = visit([message('a', false, WITHHELD.number)]);
  (['confirmed', 'spoken'] as const).forEach(happen);
  expect(effects.flatMap(inWords)).toContain('"New message from a withheld number."');
});
