import { assertNever } from '@perch/shared';
import * as entry from '../../code-entry.ts';
import { part } from './parting.ts';
import { after, type Event, type In, type MailboxSight, type Step } from './visit.ts';
import { openMailbox } from './walk.ts';

type AtEntry = In<'asking'> | In<'verifying'>;

const PIN_WORDS: entry.EntryWords = {
  enter: 'enter-pin',
  wrongTwoLeft: 'wrong-pin-two-left',
  wrongOneLeft: 'wrong-pin-one-left',
};

/** The PIN is asked for; `typed` are keys pressed before that. */
export function askForPin(typed: string): Step {
  return stepOf(entry.ask(entry.NO_ATTEMPT, typed, PIN_WORDS));
}

/** Handles events while the PIN is asked for, or verified. */
export function atEntry(state: AtEntry, event: Event, mailbox: MailboxSight): Step {
  switch (event.kind) {
    case 'digit':
      return entry.isEntryKey(event.digit)
        ? stepOf(entry.pressed(state, event.digit, PIN_WORDS))
        : [state, []];
    case 'spoken':
      return stepOf(entry.spoken(state));
    case 'timeout':
      return stepOf(entry.timedOut(state, PIN_WORDS));
    case 'verdict':
      if (state.kind === 'asking') return [state, []];
      return event.right ? openMailbox(mailbox) : stepOf(entry.wrongCode(state, state.typed, PIN_WORDS));
    case 'failed':
      return part([{ prompt: 'try-again-later' }]);
    default:
      return [state, []];
  }
}

function stepOf([state, effects]: entry.EntryStep): Step {
  return state.kind === 'given-up' ? after(effects, goodbyeTo(state)) : [state, effects];
}

function goodbyeTo({ why }: entry.GivenUp): Step {
  switch (why) {
    case 'refused':
      return after(
        [{ kind: 'visited', outcome: 'wrong-pin' }],
        part([{ prompt: 'goodbye-wrong-pin' }], true),
      );
    case 'silent':
      return after([{ kind: 'visited', outcome: 'no-pin' }], part([{ prompt: 'goodbye-no-pin' }]));
    default:
      return assertNever(why);
  }
}
