import { utteranceText } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENTRY_PAUSE_MS } from '../code-entry.ts';
import { dialogue } from './dialogue.ts';
import type { Effect, Event, State, Verdict } from './visit.ts';

const { initial: initialState, step } = dialogue;

/** An event of a test: `keys` and the keys pressed, anything else by its name. */
type Happening = Event | `keys ${string}` | 'confirmed' | 'spoken' | 'timeout' | 'gone' | Verdict['kind'];

function eventsOf(happening: Happening): readonly Event[] {
  if (typeof happening !== 'string') return [happening];
  if (happening.startsWith('keys '))
    return [...happening.slice(5)].map((digit) => ({ kind: 'digit', digit }));
  switch (happening) {
    case 'confirmed':
    case 'spoken':
    case 'timeout':
    case 'gone':
      return [{ kind: happening }];
    default:
      return [{ kind: 'verdict', verdict: verdict(happening as Verdict['kind']) }];
  }
}

function verdict(kind: Verdict['kind']): Verdict {
  switch (kind) {
    case 'accepted':
    case 'already-here':
    case 'claimed':
      return { kind, number: '101', consequences: [] };
    case 'returned':
      return { kind, number: '101', to: 'own-phone', consequences: [] };
    default:
      return { kind };
  }
}

/** An effect, abbreviated; without stopping timers and sound, and the pause after each digit, which a visitor does not notice. */
function inWords(effect: Effect): string[] {
  switch (effect.kind) {
    case 'speak':
      return [`"${utteranceText(effect.utterance, 'en')}"`];
    case 'start-timer':
      return effect.ms === ENTRY_PAUSE_MS ? [] : [`${effect.ms / 1000} s`];
    case 'stop-timer':
    case 'interrupt':
      return [];
    case 'verify':
      return [`verify ${effect.code}`];
    case 'hang-up':
      return [effect.refused === undefined ? 'hang up' : `hang up: ${effect.refused}`];
    case 'tell':
      switch (effect.event.kind) {
        case 'digit':
          return ['•'.repeat(effect.event.entered)];
        case 'tries-left':
          return [`${effect.event.tries} left`];
        case 'outcome':
          return [`outcome ${effect.event.outcome}`];
        default:
          return [effect.event.kind];
      }
    default:
      return [effect.kind];
  }
}

function play(happenings: readonly Happening[]) {
  let state: State = initialState;
  const effects: Effect[] = [];
  for (const event of happenings.flatMap(eventsOf)) {
    const [next, more] = step(state, event, '101');
    state = next;
    effects.push(...more);
  }
  return { state, effects, words: effects.flatMap(inWords) };
}

/** The dots of so many digits, one after the other. */
const dots = (digits: number) => Array.from({ length: digits }, (_, n) => '•'.repeat(n + 1));
const asked: readonly Happening[] = ['confirmed', 'code-needed'];
const opening = ['opened', 'request'];
const asking = [...opening, '"Please enter your secret code"'];
const AGAIN = '"Nothing was entered. Please enter your secret code"';
const TWO_LEFT = '"That code is wrong. You have two tries left. Please enter your secret code"';
const ONE_LEFT = '"That code is wrong. You have one try left. Please enter your secret code"';
const WAIT = '"An emergency call is in progress. Please wait until it has ended."';

test.for<readonly [string, readonly Happening[], readonly string[]]>([
  [
    'a right code, ended by #',
    [...asked, 'spoken', 'keys 4071#', 'accepted', 'spoken'],
    [
      ...asking,
      '10 s',
      ...dots(4),
      'verify 4071',
      '"101 is now on this phone."',
      'outcome accepted',
      'hang up',
      'closed',
    ],
  ],
  [
    'an entry ends when its pause is over',
    [...asked, 'keys 40', 'timeout'],
    [...asking, ...dots(2), 'verify 40'],
  ],
  [
    'an entry ends with its eighth digit, and the # typed after it belongs to it',
    [...asked, 'keys 12345678#', 'wrong-code', 'keys 40', 'keys #'],
    [...asking, ...dots(8), 'verify 12345678', '2 left', TWO_LEFT, ...dots(2), 'verify 40'],
  ],
  [
    'the # of an entry whose pause was over does not interrupt the next prompt',
    [...asked, 'keys 40', 'timeout', 'keys #', 'wrong-code', 'spoken'],
    [...asking, ...dots(2), 'verify 40', '2 left', TWO_LEFT, '10 s'],
  ],
  [
    'the # of an entry of eight that comes during the next prompt does not interrupt it',
    [...asked, 'keys 12345678', 'wrong-code', 'keys #', 'spoken'],
    [...asking, ...dots(8), 'verify 12345678', '2 left', TWO_LEFT, '10 s'],
  ],
  [
    'three wrong codes in a row: a parting prompt, and the server hangs up',
    [
      ...asked,
      'keys 1#',
      'wrong-code',
      'spoken',
      'keys 2#',
      'wrong-code',
      'spoken',
      'keys 3#',
      'wrong-code',
      'spoken',
    ],
    [
      ...[
        ...asking,
        '•',
        'verify 1',
        '2 left',
        TWO_LEFT,
        '10 s',
        '•',
        'verify 2',
        '1 left',
        ONE_LEFT,
        '10 s',
        '•',
        'verify 3',
      ],
      ...['0 left', 'dropped', '"That code is wrong. There are no tries left. Goodbye."', 'outcome refused'],
      ...['hang up: Three wrong codes', 'closed'],
    ],
  ],
  [
    'silence: asked three times in all, then a parting prompt',
    [...asked, 'spoken', 'timeout', 'spoken', 'timeout', 'spoken', 'timeout', 'spoken'],
    [
      ...[...asking, '10 s', AGAIN, '10 s', AGAIN, '10 s', 'dropped', '"No code was entered. Goodbye."'],
      ...['outcome dropped', 'hang up', 'closed'],
    ],
  ],
  [
    'silence does not count as an attempt, and an attempt restarts the count of silences',
    [...asked, 'spoken', 'timeout', 'spoken', 'timeout', 'keys 1#', 'wrong-code', 'spoken', 'timeout'],
    [...asking, '10 s', AGAIN, '10 s', AGAIN, '•', 'verify 1', '2 left', TWO_LEFT, '10 s', AGAIN],
  ],
  [
    'a # alone is no attempt',
    [...asked, 'keys #', 'keys #', 'keys #'],
    [...asking, AGAIN, AGAIN, 'dropped', '"No code was entered. Goodbye."', 'outcome dropped'],
  ],
  [
    'keys that are no digits count for nothing',
    [...asked, 'keys *A4B0', 'keys #'],
    [...asking, ...dots(2), 'verify 40'],
  ],
  [
    'a star begins the entry anew, and does not count as an attempt',
    [...asked, 'spoken', 'keys 4072*', 'keys 4071#', 'accepted'],
    [
      ...[...asking, '10 s', ...dots(4), '', '10 s', ...dots(4), 'verify 4071'],
      ...['"101 is now on this phone."', 'outcome accepted'],
    ],
  ],
  [
    'a star in an entry typed ahead begins it anew',
    ['keys 49*40', 'confirmed', 'keys 71#', 'code-needed'],
    [...asking, ...dots(2), '', '10 s', ...dots(4), 'verify 4071'],
  ],
  [
    'silence after a star is asked about',
    [...asked, 'keys 4*', 'timeout'],
    [...asking, '•', '', '10 s', AGAIN],
  ],
  [
    'digits typed before the question are its answer',
    ['keys 40', 'confirmed', 'keys 71#', 'code-needed', 'accepted'],
    [...asking, ...dots(4), 'verify 4071', '"101 is now on this phone."', 'outcome accepted'],
  ],
  [
    'digits typed while a code is verified are the next entry',
    [...asked, 'keys 1#22#', 'wrong-code'],
    [...asking, '•', 'verify 1', '2 left', TWO_LEFT, ...dots(2), 'verify 22'],
  ],
  [
    'denied before any code',
    ['confirmed', 'not-allowed', 'keys 4071#', 'spoken'],
    [
      ...opening,
      '"This phone does not accept other extensions."',
      'outcome not-allowed',
      'hang up',
      'closed',
    ],
  ],
  [
    'the desk claimed',
    ['confirmed', 'claimed', 'spoken'],
    [...opening, '"101 is back on this phone."', 'outcome claimed', 'hang up', 'closed'],
  ],
  [
    'already here',
    ['confirmed', 'already-here', 'spoken'],
    [...opening, '"101 is already on this phone."', 'outcome already-here', 'hang up', 'closed'],
  ],
  [
    'a guest sent home',
    ['confirmed', 'returned', 'spoken'],
    [...opening, '"101 is back on its own phone."', 'outcome returned', 'hang up', 'closed'],
  ],
  [
    'the owner brought home',
    [
      'confirmed',
      { kind: 'verdict', verdict: { kind: 'returned', number: '101', to: 'this-phone', consequences: [] } },
    ],
    [...opening, '"101 is back on this phone."', 'outcome returned'],
  ],
  [
    'a guest sent home to an occupied phone',
    [
      'confirmed',
      { kind: 'verdict', verdict: { kind: 'returned', number: '101', to: 'nowhere', consequences: [] } },
    ],
    [
      ...opening,
      '"101 has left this phone. Somebody else is on its own phone, so it rings nowhere."',
      'outcome returned',
    ],
  ],
  [
    'nothing to return',
    ['confirmed', 'nothing-to-return', 'spoken'],
    [...opening, '"There is nothing to return."', 'outcome nothing-to-return', 'hang up', 'closed'],
  ],
  [
    'the desk cannot',
    [...asked, 'keys 4#', 'failed', 'spoken'],
    [
      ...[
        ...asking,
        '•',
        'verify 4',
        '"That did not work, and nothing has changed. Please try again later."',
      ],
      ...['outcome failed', 'hang up', 'closed'],
    ],
  ],
  [
    'a move waits until an emergency call ends',
    ['confirmed', 'waiting', 'spoken', 'keys 1#', 'timeout', 'spoken', 'returned'],
    [...opening, WAIT, '10 s', WAIT, '10 s', '"101 is back on its own phone."', 'outcome returned'],
  ],
  [
    'a code that has become wrong by the time the emergency call ends',
    [...asked, 'keys 1#', 'waiting', 'wrong-code'],
    [...asking, '•', 'verify 1', WAIT, '2 left', TWO_LEFT],
  ],
  ['hung up before the ACK', ['gone', 'confirmed'], ['dropped', 'outcome dropped', 'closed']],
  [
    'hung up before the desk answered',
    ['confirmed', 'gone', 'code-needed'],
    [...opening, 'closed', 'dropped'],
  ],
  [
    'hung up while asked',
    [...asked, 'keys 4', 'gone', 'timeout', 'keys 2#'],
    [...asking, '•', 'dropped', 'outcome dropped', 'closed'],
  ],
  [
    'hung up while a code is verified: the move is decided all the same',
    [...asked, 'keys 4#', 'gone', 'accepted'],
    [...asking, '•', 'verify 4', 'closed'],
  ],
  [
    'hung up while a wrong code is verified',
    [...asked, 'keys 4#', 'gone', 'wrong-code'],
    [...asking, '•', 'verify 4', 'closed', 'dropped'],
  ],
  [
    'hung up while waiting: taken back',
    [...asked, 'keys 4#', 'waiting', 'gone', 'spoken'],
    [...asking, '•', 'verify 4', WAIT, 'withdraw', 'dropped', 'outcome dropped', 'closed'],
  ],
  [
    'hung up before it was known that the move must wait: taken back',
    [...asked, 'keys 4#', 'gone', 'waiting'],
    [...asking, '•', 'verify 4', 'closed', 'withdraw', 'dropped'],
  ],
  [
    'hung up during the last words',
    ['confirmed', 'returned', 'gone', 'spoken'],
    [...opening, '"101 is back on its own phone."', 'outcome returned', 'closed'],
  ],
])('%s', ([, happenings, words]) => {
  expect(play(happenings).words).toEqual(words);
});

test('every digit except the last allowed one starts the pause that ends an entry', () => {
  const { effects } = play([...asked, 'keys 12345678']);
  const pauses = effects.filter((effect) => effect.kind === 'start-timer' && effect.ms === ENTRY_PAUSE_MS);
  expect(pauses).toHaveLength(7);
});

test('a digit interrupts a prompt', () => {
  const { state } = play(asked);
  expect(step(state, { kind: 'digit', digit: '4' }, '101')[1][0]).toEqual({ kind: 'interrupt' });
});

/** The surroundings of a visit: what is being spoken, timed and asked, so that the next due event can happen. */
function visit(verdict: Verdict) {
  let state: State = initialState;
  let speaking = false;
  let timing = false;
  let asking = 0;
  const effects: Effect[] = [];
  const happen = (event: Event) => {
    const [next, more] = step(state, event, '101');
    state = next;
    effects.push(...more);
    for (const { kind } of more) {
      if (kind === 'speak') speaking = true;
      if (kind === 'interrupt') speaking = false;
      if (kind === 'start-timer') timing = true;
      if (kind === 'stop-timer') timing = false;
      if (kind === 'request' || kind === 'verify') asking += 1;
    }
  };
  /** Lets the next due event happen; false where nothing is due. */
  const proceed = (): boolean => {
    if (state.kind === 'answered') happen({ kind: 'confirmed' });
    else if (asking > 0) {
      asking -= 1;
      happen({ kind: 'verdict', verdict: state.kind === 'opening' ? { kind: 'code-needed' } : verdict });
    } else if (timing) {
      timing = false;
      happen({ kind: 'timeout' });
    } else if (speaking) {
      speaking = false;
      happen({ kind: 'spoken' });
    } else return false;
    return true;
  };
  return { happen, proceed, effects, over: () => state.kind === 'over' };
}

const anything = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...'0123456789#*').map((digit): Event => ({ kind: 'digit', digit })),
    },
    { weight: 3, arbitrary: fc.constant('proceed' as const) },
  ),
  { maxLength: 80 },
);

test('whatever is pressed, the Center ends the call itself, after three wrong codes at most', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom('wrong-code', 'accepted', 'failed'), (happenings, kind) => {
      const { happen, proceed, effects, over } = visit(verdict(kind));
      for (const one of happenings) {
        if (one === 'proceed') proceed();
        else happen(one);
      }
      for (let n = 0; n < 40 && !over(); n += 1) expect(proceed()).toBe(true);
      expect(over()).toBe(true);
      expect(effects.filter((effect) => effect.kind === 'hang-up')).toHaveLength(1);
      expect(effects.filter((effect) => effect.kind === 'verify').length).toBeLessThanOrEqual(3);
      expect(effects.at(-1)).toEqual({ kind: 'tell', event: { kind: 'closed' } });
    }),
    { numRuns: 2000 },
  );
});

test('the page never hears a digit of the code', () => {
  const { effects } = play([...asked, 'keys 40719#', 'wrong-code', 'keys 40719#', 'accepted', 'spoken']);
  const told = effects.filter((effect) => effect.kind === 'tell' || effect.kind === 'speak');
  expect(JSON.stringify(told)).not.toMatch(/[4079]{2}/);
});
