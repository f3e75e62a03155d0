import { assertNever, type Utterance } from '@perch/shared';
import type { Attempt, Effect, Event, State, Verdict } from './visit.ts';
import { lastWordsOn, REFUSED, SILENT, type LastWords } from './words.ts';

/** An entry ends this long after its last digit (milliseconds) … */
export const ENTRY_PAUSE_MS = 4_000;
/** … or with this many digits, or with `#`. */
const LONGEST_ENTRY = 8;
/** Silence after which the code is asked for again (milliseconds). */
const SILENCE_MS = 10_000;
/** How often in a row the code is asked for before silence ends the visit. */
const ASKS = 3;
/** Wrong codes in a row that end the visit [S]. */
const TRIES = 3;
/** How long whoever waits for an emergency call to end hears nothing before being told so again (milliseconds). */
const REMINDER_MS = 10_000;
/** Keys kept that came before they were asked for: three of the longest entries, each with its `#`. */
const LONGEST_TYPE_AHEAD = TRIES * (LONGEST_ENTRY + 1);

type Step = readonly [State, readonly Effect[]];
type In<Kind extends State['kind']> = Extract<State, { kind: Kind }>;

export const initialState: State = { kind: 'answered', typed: '' };

/** The dialogue of the Virtualization Center. `dialled` is shown to whoever dialled it: `*30101`. */
export function step(state: State, event: Event, dialled: string): Step {
  switch (event.kind) {
    case 'confirmed':
      return state.kind === 'answered' ? open(state, dialled) : [state, []];
    case 'digit':
      return pressed(state, event.digit);
    case 'spoken':
      return spoken(state);
    case 'timeout':
      return timedOut(state);
    case 'verdict':
      return decided(state, event.verdict);
    case 'gone':
      return gone(state);
    default:
      return assertNever(event);
  }
}

function open({ typed }: In<'answered'>, dialled: string): Step {
  return [
    { kind: 'opening', typed },
    [{ kind: 'tell', event: { kind: 'opened', dialled } }, { kind: 'request' }],
  ];
}

function pressed(state: State, digit: string): Step {
  if (!/^[0-9#]$/.test(digit)) return [state, []];
  switch (state.kind) {
    case 'answered':
    case 'opening':
    case 'verifying':
      return [typedAhead(state, digit), []];
    case 'asking':
      return digit === '#' ? closeEntry(state) : extendEntry(state, digit);
    case 'waiting':
    case 'parting':
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}

function typedAhead<S extends { readonly typed: string }>(state: S, digit: string): S {
  return state.typed.length < LONGEST_TYPE_AHEAD ? { ...state, typed: state.typed + digit } : state;
}

function extendEntry(state: In<'asking'>, digit: string): Step {
  const entry = state.entry + digit;
  const counted: readonly Effect[] = [
    { kind: 'interrupt' },
    { kind: 'tell', event: { kind: 'digit', entered: entry.length } },
  ];
  if (entry.length === LONGEST_ENTRY) return after(counted, verify({ ...state, entry, hashDue: true }));
  const next = { ...state, entry, hashDue: false };
  return [next, [...counted, { kind: 'start-timer', ms: ENTRY_PAUSE_MS }]];
}

function closeEntry(state: In<'asking'>): Step {
  if (state.entry !== '') return verify(state);
  return state.hashDue ? [{ ...state, hashDue: false }, []] : nothingEntered(state);
}

function verify({ entry, wrong, hashDue }: In<'asking'>): Step {
  const next = { kind: 'verifying', wrong, hashDue, typed: '' } as const;
  return [next, [{ kind: 'stop-timer' }, { kind: 'verify', code: entry }]];
}

function spoken(state: State): Step {
  switch (state.kind) {
    case 'asking':
      return [state, state.entry === '' ? [{ kind: 'start-timer', ms: SILENCE_MS }] : []];
    case 'waiting':
      return [state, [{ kind: 'start-timer', ms: REMINDER_MS }]];
    case 'parting': {
      const { outcome } = state;
      return [
        { kind: 'over' },
        [
          { kind: 'hang-up', outcome },
          { kind: 'tell', event: { kind: 'closed' } },
        ],
      ];
    }
    default:
      return [state, []];
  }
}

function timedOut(state: State): Step {
  switch (state.kind) {
    case 'asking':
      return state.entry === '' ? nothingEntered(state) : verify({ ...state, hashDue: true });
    case 'waiting':
      return wait(state);
    default:
      return [state, []];
  }
}

function decided(state: State, verdict: Verdict): Step {
  switch (state.kind) {
    case 'opening':
      return follow({ wrong: 0, hashDue: false }, state.typed, verdict);
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
function follow(attempt: Attempt, typed: string, verdict: Verdict): Step {
  switch (verdict.kind) {
    case 'code-needed':
      return ask(attempt, 1, [{ prompt: 'enter-code' }], typed);
    case 'wrong-code':
      return refuse({ ...attempt, wrong: attempt.wrong + 1 }, typed);
    case 'waiting':
      return wait(attempt);
    default:
      return part(lastWordsOn(verdict));
  }
}

function refuse(attempt: Attempt, typed: string): Step {
  const tries = TRIES - attempt.wrong;
  const told: readonly Effect[] = [{ kind: 'tell', event: { kind: 'tries-left', tries } }];
  if (tries === 0) return after([...told, { kind: 'dropped' }], part(REFUSED));
  const prompt = tries === 1 ? 'wrong-code-one-left' : 'wrong-code-two-left';
  return after(told, ask(attempt, 1, [{ prompt }, { prompt: 'enter-code' }], typed));
}

function nothingEntered(state: In<'asking'>): Step {
  if (state.asked === ASKS) return after([{ kind: 'dropped' }], part(SILENT));
  return ask(state, state.asked + 1, [{ prompt: 'no-digits' }, { prompt: 'enter-code' }], '');
}

/** Asks for the code, for the `asked`th time in a row; what was typed ahead interrupts at once. */
function ask({ wrong, hashDue }: Attempt, asked: number, utterance: Utterance, typed: string): Step {
  let asking: Step = [
    { kind: 'asking', entry: '', asked, wrong, hashDue },
    [{ kind: 'stop-timer' }, { kind: 'speak', utterance }],
  ];
  for (const digit of typed) asking = after(asking[1], pressed(asking[0], digit));
  return asking;
}

function wait({ wrong, hashDue }: Attempt): Step {
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

/** The caller is gone. Whatever the desk was asked it still decides, but for what only waits. */
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

/** A verdict that nobody is there to hear. */
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
