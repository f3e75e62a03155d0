import { assertNever, type OfferedKeys, type Party, type Utterance } from '@perch/shared';
import type { Dialogue } from '../../dialogue.ts';
import type { Effect, Event, Obstacle, RecordingEnd, Settlement, State } from './visit.ts';

type Step = readonly [State, readonly Effect[]];

/** Leaving a message: greeting, beep, recording, last words. It sees whose mailbox it is. */
export const dialogue: Dialogue<State, Event, Effect, Party> = { initial: { kind: 'answered' }, step };

function step(state: State, event: Event, owner: Party): Step {
  switch (event.kind) {
    case 'confirmed':
      return state.kind === 'answered' ? open(owner) : [state, []];
    case 'opened':
      return state.kind === 'opening' ? opened(state.skip, event.greeting, owner) : [state, []];
    case 'refused':
      return refused(state, event.obstacle, owner);
    case 'digit':
      return event.digit === '#' ? hashed(state) : [state, []];
    case 'spoken':
      return spoken(state);
    case 'begun':
      return begun(state);
    case 'recorded':
      return state.kind === 'recording' ? finish(event.end) : [state, []];
    case 'settled':
      return settled(state, event.settlement);
    case 'gone':
      return gone(state);
    case 'timeout':
    case 'barred': // a call that was answered is never cut
      return [state, []];
    default:
      return assertNever(event);
  }
}

function open(mailbox: Party): Step {
  return [
    { kind: 'opening', skip: false },
    [{ kind: 'tell', event: { kind: 'opened', service: 'deposit', mailbox } }, { kind: 'open' }],
  ];
}

function opened(skip: boolean, greeting: 'own' | 'default', { number }: Party): Step {
  if (skip) return begin();
  const words: Effect =
    greeting === 'own'
      ? { kind: 'greet' }
      : { kind: 'speak', utterance: [{ digits: number }, { prompt: 'leave-message' }] };
  return [{ kind: 'greeting' }, [words, offer([{ key: '#', action: 'skip' }])]];
}

function refused(state: State, obstacle: Obstacle, { number }: Party): Step {
  switch (state.kind) {
    case 'opening':
    case 'beginning':
      return part(
        obstacle,
        obstacle === 'mailbox-full'
          ? [{ digits: number }, { prompt: 'mailbox-full' }]
          : [{ prompt: 'no-recording-now' }],
      );
    case 'leaving':
      return [{ kind: 'over' }, [{ kind: 'outcome', outcome: obstacle }]];
    default:
      return [state, []];
  }
}

/** While the file is begun and the tone is played, `#` does nothing: it was pressed to skip the greeting. */
function hashed(state: State): Step {
  switch (state.kind) {
    case 'opening':
      return [{ kind: 'opening', skip: true }, []];
    case 'greeting': {
      const [next, effects] = skipped();
      return [next, [{ kind: 'interrupt' }, ...effects]];
    }
    case 'recording':
      return finish('hash');
    default:
      return [state, []];
  }
}

function spoken(state: State): Step {
  switch (state.kind) {
    case 'greeting':
      return skipped();
    case 'beeping':
      return [{ kind: 'recording' }, [{ kind: 'record' }, offer([{ key: '#', action: 'finish-recording' }])]];
    case 'parting':
      return [{ kind: 'over' }, [{ kind: 'hang-up' }, { kind: 'tell', event: { kind: 'closed' } }]];
    default:
      return [state, []];
  }
}

/** The greeting is over. */
function skipped(): Step {
  const [next, effects] = begin();
  return [next, [offer([]), ...effects]];
}

/** The file is begun before the tone, so that it is open when the caller speaks. */
function begin(): Step {
  return [{ kind: 'beginning' }, [{ kind: 'begin' }]];
}

function begun(state: State): Step {
  switch (state.kind) {
    case 'beginning':
      return [{ kind: 'beeping' }, [{ kind: 'speak', utterance: [{ prompt: 'beep' }] }]];
    case 'leaving':
      return [{ kind: 'over' }, [{ kind: 'discard' }, { kind: 'outcome', outcome: 'too-short' }]];
    default:
      return [state, []];
  }
}

function finish(end: RecordingEnd): Step {
  return [{ kind: 'saving', end }, [{ kind: 'finish' }, offer([])]];
}

function settled(state: State, settlement: Settlement): Step {
  switch (state.kind) {
    case 'saving':
      return part(settlement, [{ prompt: partingWord(settlement, state.end) }]);
    case 'leaving':
      return [{ kind: 'over' }, [{ kind: 'outcome', outcome: settlement }, ...afterwards(settlement)]];
    default:
      return [state, []];
  }
}

/** The caller has gone, so nothing is spoken. */
function afterwards(settlement: Settlement): Effect[] {
  return settlement === 'kept' ? [{ kind: 'tell', event: { kind: 'kept' } }] : [];
}

function partingWord(settlement: Settlement, end: RecordingEnd) {
  switch (settlement) {
    case 'kept':
      return end === 'longest' ? 'message-at-limit' : 'message-saved';
    case 'too-short':
      return 'nothing-recorded';
    case 'failed':
      return 'no-recording-now';
    default:
      return assertNever(settlement);
  }
}

function part(outcome: Settlement | Obstacle, utterance: Utterance): Step {
  return [
    { kind: 'parting' },
    [
      { kind: 'outcome', outcome },
      { kind: 'speak', utterance },
    ],
  ];
}

/** The caller is gone: what has been recorded is the message. */
function gone(state: State): Step {
  const closed: Effect = { kind: 'tell', event: { kind: 'closed' } };
  switch (state.kind) {
    case 'answered':
      return [{ kind: 'over' }, []];
    case 'opening':
    case 'greeting':
      return [{ kind: 'over' }, [{ kind: 'outcome', outcome: 'too-short' }, closed]];
    case 'beeping':
      return [{ kind: 'over' }, [{ kind: 'discard' }, { kind: 'outcome', outcome: 'too-short' }, closed]];
    case 'recording':
      return [{ kind: 'leaving' }, [{ kind: 'finish' }, closed]];
    case 'beginning':
    case 'saving':
      return [{ kind: 'leaving' }, [closed]];
    case 'parting':
      return [{ kind: 'over' }, [closed]];
    case 'leaving':
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}

function offer(keys: OfferedKeys): Effect {
  return { kind: 'tell', event: { kind: 'keys', keys } };
}
