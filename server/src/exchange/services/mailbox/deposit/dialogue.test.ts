import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialogue } from './dialogue.ts';
import type { Effect, Event, Settlement, State } from './visit.ts';

const { initial: initialState, step } = dialogue;

const owner = { number: '101', name: 'Ada' };
const tell = (event: Extract<Effect, { kind: 'tell' }>['event']): Effect => ({ kind: 'tell', event });
const closed = tell({ kind: 'closed' });
const noKeys = tell({ kind: 'keys', keys: [] });
const skipKey = tell({ kind: 'keys', keys: [{ key: '#', action: 'skip' }] });
const finishKey = tell({ kind: 'keys', keys: [{ key: '#', action: 'finish-recording' }] });
const speak = (...utterance: Extract<Effect, { kind: 'speak' }>['utterance']): Effect => ({
  kind: 'speak',
  utterance,
});
const outcome = (what: Extract<Effect, { kind: 'outcome' }>['outcome']): Effect => ({
  kind: 'outcome',
  outcome: what,
});

const answered: State = { kind: 'answered' };
const opening: State = { kind: 'opening', skip: false };
const greeting: State = { kind: 'greeting' };
const beginning: State = { kind: 'beginning' };
const beeping: State = { kind: 'beeping' };
const recording: State = { kind: 'recording' };
const parting: State = { kind: 'parting' };
const leaving: State = { kind: 'leaving' };
const over: State = { kind: 'over' };

const confirmed: Event = { kind: 'confirmed' };
const hash: Event = { kind: 'digit', digit: '#' };
const spoken: Event = { kind: 'spoken' };
const begun: Event = { kind: 'begun' };
const gone: Event = { kind: 'gone' };
const settled = (settlement: Settlement): Event => ({ kind: 'settled', settlement });
const full: Event = { kind: 'refused', obstacle: 'mailbox-full' };

test.for<[State, Event, State, Effect[]]>([
  // Answered and greeted.
  [
    answered,
    confirmed,
    opening,
    [tell({ kind: 'opened', service: 'deposit', mailbox: owner }), { kind: 'open' }],
  ],
  [opening, { kind: 'opened', greeting: 'own' }, greeting, [{ kind: 'greet' }, skipKey]],
  [
    opening,
    { kind: 'opened', greeting: 'default' },
    greeting,
    [speak({ digits: '101' }, { prompt: 'leave-message' }), skipKey],
  ],
  [greeting, spoken, beginning, [noKeys, { kind: 'begin' }]],
  // `#` skips to the tone, also before the greeting has begun.
  [greeting, hash, beginning, [{ kind: 'interrupt' }, noKeys, { kind: 'begin' }]],
  [opening, hash, { kind: 'opening', skip: true }, []],
  [{ kind: 'opening', skip: true }, { kind: 'opened', greeting: 'own' }, beginning, [{ kind: 'begin' }]],
  [beginning, hash, beginning, []],
  [beeping, hash, beeping, []],
  // No other key means anything.
  [greeting, { kind: 'digit', digit: '1' }, greeting, []],
  [recording, { kind: 'digit', digit: '*' }, recording, []],
  // Nothing is recorded before the tone has been played.
  [beginning, begun, beeping, [speak({ prompt: 'beep' })]],
  [beginning, spoken, beginning, []],
  [beeping, spoken, recording, [{ kind: 'record' }, finishKey]],
  // Recorded until `#`, the limit or silence.
  [recording, hash, { kind: 'saving', end: 'hash' }, [{ kind: 'finish' }, noKeys]],
  [
    recording,
    { kind: 'recorded', end: 'longest' },
    { kind: 'saving', end: 'longest' },
    [{ kind: 'finish' }, noKeys],
  ],
  [
    recording,
    { kind: 'recorded', end: 'silence' },
    { kind: 'saving', end: 'silence' },
    [{ kind: 'finish' }, noKeys],
  ],
  [recording, spoken, recording, []],
  [
    { kind: 'saving', end: 'hash' },
    { kind: 'recorded', end: 'longest' },
    { kind: 'saving', end: 'hash' },
    [],
  ],
  [{ kind: 'saving', end: 'longest' }, hash, { kind: 'saving', end: 'longest' }, []],
  // Last words.
  [
    { kind: 'saving', end: 'hash' },
    settled('kept'),
    parting,
    [outcome('kept'), speak({ prompt: 'message-saved' })],
  ],
  [
    { kind: 'saving', end: 'silence' },
    settled('kept'),
    parting,
    [outcome('kept'), speak({ prompt: 'message-saved' })],
  ],
  [
    { kind: 'saving', end: 'longest' },
    settled('kept'),
    parting,
    [outcome('kept'), speak({ prompt: 'message-at-limit' })],
  ],
  [
    { kind: 'saving', end: 'hash' },
    settled('too-short'),
    parting,
    [outcome('too-short'), speak({ prompt: 'nothing-recorded' })],
  ],
  [
    { kind: 'saving', end: 'silence' },
    settled('too-short'),
    parting,
    [outcome('too-short'), speak({ prompt: 'nothing-recorded' })],
  ],
  [
    { kind: 'saving', end: 'longest' },
    settled('failed'),
    parting,
    [outcome('failed'), speak({ prompt: 'no-recording-now' })],
  ],
  [parting, hash, parting, []],
  [parting, spoken, over, [{ kind: 'hang-up' }, closed]],
  // There is no room.
  [opening, full, parting, [outcome('mailbox-full'), speak({ digits: '101' }, { prompt: 'mailbox-full' })]],
  [beginning, full, parting, [outcome('mailbox-full'), speak({ digits: '101' }, { prompt: 'mailbox-full' })]],
  [
    opening,
    { kind: 'refused', obstacle: 'disk-full' },
    parting,
    [outcome('disk-full'), speak({ prompt: 'no-recording-now' })],
  ],
  [
    beginning,
    { kind: 'refused', obstacle: 'failed' },
    parting,
    [outcome('failed'), speak({ prompt: 'no-recording-now' })],
  ],
  // The caller hangs up, anywhere.
  [answered, gone, over, []],
  [opening, gone, over, [outcome('too-short'), closed]],
  [greeting, gone, over, [outcome('too-short'), closed]],
  [beginning, gone, leaving, [closed]],
  [leaving, begun, over, [{ kind: 'discard' }, outcome('too-short')]],
  [leaving, full, over, [outcome('mailbox-full')]],
  [beeping, gone, over, [{ kind: 'discard' }, outcome('too-short'), closed]],
  [recording, gone, leaving, [{ kind: 'finish' }, closed]],
  [{ kind: 'saving', end: 'hash' }, gone, leaving, [closed]],
  [leaving, settled('kept'), over, [outcome('kept'), tell({ kind: 'kept' })]],
  [leaving, settled('too-short'), over, [outcome('too-short')]],
  [leaving, settled('failed'), over, [outcome('failed')]],
  [leaving, hash, leaving, []],
  [leaving, gone, leaving, []],
  [parting, gone, over, [closed]],
  // Events that come too late do nothing.
  [over, { kind: 'opened', greeting: 'own' }, over, []],
  [over, full, over, []],
  [over, begun, over, []],
  [over, settled('kept'), over, []],
  [over, spoken, over, []],
  [over, gone, over, []],
  [greeting, confirmed, greeting, []],
])('%j, %j: %j', ([from, event, to, effects]) => {
  expect(step(from, event, owner)).toEqual([to, effects]);
});

/** The events with which the shell may answer an effect that takes time. */
const answers: Readonly<Record<string, readonly Event[]>> = {
  open: [{ kind: 'opened', greeting: 'own' }, { kind: 'opened', greeting: 'default' }, full],
  begin: [begun, { kind: 'refused', obstacle: 'failed' }],
  finish: [settled('kept'), settled('too-short'), settled('failed')],
  speak: [spoken],
  greet: [spoken],
  record: [
    { kind: 'recorded', end: 'silence' },
    { kind: 'recorded', end: 'longest' },
  ],
};

test('in any order of events: one outcome, a file that is begun is kept or discarded, and the page is told the end', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (choices) => {
      let state: State = initialState;
      const done: Effect[] = [];
      let due: Event[][] = [];
      let files = 0;
      const happens = (event: Event) => {
        if (event === begun) files += 1;
        const [next, effects] = step(state, event, owner);
        state = next;
        for (const effect of effects) {
          done.push(effect);
          if (effect.kind === 'speak' || effect.kind === 'greet' || effect.kind === 'interrupt')
            due = due.filter((events) => !events.includes(spoken));
          const answer = answers[effect.kind];
          if (answer) due.push([...answer]);
        }
      };
      happens(confirmed);
      /** Each choice answers the next pending effect; at the end the caller hangs up. */
      for (const choice of choices) {
        const ways: (() => void)[] = [
          () => {
            happens(hash);
          },
          ...due.map((events, i) => () => {
            due.splice(i, 1);
            const event = events[choice % events.length];
            if (event) happens(event);
          }),
        ];
        ways[choice % ways.length]?.();
      }
      happens(gone);
      for (let events = due.shift(); events; events = due.shift()) if (events[0]) happens(events[0]);

      const count = (kind: Effect['kind']) => done.filter((effect) => effect.kind === kind).length;
      expect(state).toEqual(over);
      expect(count('outcome')).toBe(1);
      expect(done.filter((effect) => effect.kind === 'tell' && effect.event.kind === 'closed')).toHaveLength(
        1,
      );
      expect(count('record')).toBeLessThanOrEqual(1);
      expect(count('finish')).toBe(count('record'));
      expect(count('finish') + count('discard')).toBe(files);
    }),
    { numRuns: 500 },
  );
});
