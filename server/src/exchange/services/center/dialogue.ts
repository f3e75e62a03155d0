import { assertNever, type CenterOutcome, type Utterance } from '@perch/shared';
import * as entry from '../code-entry.ts';
import type { Dialogue } from '../dialogue.ts';
import type { Effect, Event, State, Verdict } from './visit.ts';
import { lastWordsOn, REFUSED, SILENT, type LastWords } from './words.ts';

/** How often a caller who waits for an emergency call to end is told so (milliseconds). */
const REMINDER_MS = 10_000;

const CODE_WORDS: entry.EntryWords = {
  enter: 'enter-code',
  wrongTwoLeft: 'wrong-code-two-left',
  wrongOneLeft: 'wrong-code-one-left',
};

type Step = readonly [State, readonly Effect[]];
type In<Kind extends State['kind']> = Extract<State, { kind: Kind }>;

/** The dialogue of the Virtualization Center. It sees the extension that was dialled; none to return. */
export const dialogue: Dialogue<State, Event, Effect, string | undefined> = {
  initial: { kind: 'answered', typed: '' },
  step,
};

function step(state: State, event: Event, number: string | undefined): Step {
  switch (event.kind) {
    case 'confirmed':
      return state.kind === 'answered' ? open(state, number) : [state, []];
    case 'digit':
      return pressed(state, event.digit);
    case 'spoken':
      return spoken(state);
    case 'timeout':
      return timedOut(state);
    case 'verdict':
      return decided(state, event.verdict);
    case 'barred':
      return barred(state);
    case 'gone':
      return gone(state);
    default:
      return assertNever(event);
  }
}

function open({ typed }: In<'answered'>, number: string | undefined): Step {
  return [
    { kind: 'opening', typed },
    [{ kind: 'tell', event: { kind: 'opened', number } }, { kind: 'request' }],
  ];
}

function pressed(state: State, digit: string): Step {
  if (!entry.isEntryKey(digit)) return [state, []];
  switch (state.kind) {
    case 'answered':
    case 'opening':
      return [entry.typedAhead(state, digit), []];
    case 'asking':
    case 'verifying':
      return stepOf(entry.pressed(state, digit, CODE_WORDS));
    case 'waiting':
    case 'parting':
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}

function spoken(state: State): Step {
  switch (state.kind) {
    case 'asking':
      return stepOf(entry.spoken(state));
    case 'waiting':
      return [state, [{ kind: 'start-timer', ms: REMINDER_MS }]];
    case 'parting':
      return [{ kind: 'over' }, [hangUp(state.outcome), { kind: 'tell', event: { kind: 'closed' } }]];
    default:
      return [state, []];
  }
}

function timedOut(state: State): Step {
  switch (state.kind) {
    case 'asking':
      return stepOf(entry.timedOut(state, CODE_WORDS));
    case 'waiting':
      return wait(state);
    default:
      return [state, []];
  }
}

function decided(state: State, verdict: Verdict): Step {
  switch (state.kind) {
    case 'opening':
      return follow(entry.NO_ATTEMPT, state.typed, verdict);
    case 'verifying':
      return follow(state, state.typed, verdict);
    case 'waiting':
      return follow(state, '', verdict);
    case 'over':
      return [state, tooLate(verdict)];
    default:
      return [state, []];
  }
}

/** Says and does what a verdict asks for. */
function follow(attempt: entry.Attempt, typed: string, verdict: Verdict): Step {
  switch (verdict.kind) {
    case 'code-needed':
      return stepOf(entry.ask(attempt, typed, CODE_WORDS));
    case 'wrong-code':
      return stepOf(entry.wrongCode(attempt, typed, CODE_WORDS));
    case 'waiting':
      return wait(attempt);
    default:
      return part(lastWordsOn(verdict));
  }
}

function stepOf([state, effects]: entry.EntryStep): Step {
  if (state.kind !== 'given-up') return [state, effects];
  return after([...effects, { kind: 'dropped' }], part(state.why === 'refused' ? REFUSED : SILENT));
}

function wait({ wrong, hashDue }: entry.Attempt): Step {
  const utterance: Utterance = [{ prompt: 'wait-for-emergency-call' }];
  return [{ kind: 'waiting', wrong, hashDue }, [{ kind: 'stop-timer' }, { kind: 'speak', utterance }]];
}

function part({ outcome, utterance, consequences }: LastWords): Step {
  return [
    { kind: 'parting', outcome },
    [
      { kind: 'stop-timer' },
      { kind: 'speak', utterance },
      { kind: 'tell', event: { kind: 'outcome', outcome, consequences: [...consequences] } },
    ],
  ];
}

/** The caller is gone. A request that the desk is deciding goes on; one that only waits is taken back. */
function gone(state: State): Step {
  if (state.kind === 'over') return [state, []];
  const effects: Effect[] = [{ kind: 'stop-timer' }, { kind: 'interrupt' }];
  if (state.kind === 'waiting') effects.push({ kind: 'withdraw' });
  if (state.kind === 'answered' || state.kind === 'asking' || state.kind === 'waiting')
    effects.push(
      { kind: 'dropped' },
      { kind: 'tell', event: { kind: 'outcome', outcome: 'dropped', consequences: [] } },
    );
  return [{ kind: 'over' }, [...effects, { kind: 'tell', event: { kind: 'closed' } }]];
}

/** It ends at once, and moves nothing. */
function barred(state: State): Step {
  return state.kind === 'over' ? [state, []] : after([{ kind: 'hang-up' }], gone(state));
}

function hangUp(outcome: CenterOutcome): Effect {
  return outcome === 'refused' ? { kind: 'hang-up', refused: 'Three wrong codes' } : { kind: 'hang-up' };
}

/** A verdict after the caller has gone. */
function tooLate(verdict: Verdict): readonly Effect[] {
  switch (verdict.kind) {
    case 'waiting':
      return [{ kind: 'withdraw' }, { kind: 'dropped' }];
    case 'code-needed':
    case 'wrong-code':
      return [{ kind: 'dropped' }];
    default:
      return [];
  }
}

function after(effects: readonly Effect[], [state, more]: Step): Step {
  return [state, [...effects, ...more]];
}
