import { assertNever, type MailboxAccess, type VoicemailAction } from '@perch/shared';
import { isEntryKey, typedAhead } from '../../code-entry.ts';
import type { Dialogue } from '../../dialogue.ts';
import { atGreeting, discardOf, recordGreeting } from './greeting.ts';
import { isCallable, keysOf } from './keys.ts';
import { part, say } from './parting.ts';
import { askForPin, atEntry } from './pin-entry.ts';
import {
  after,
  type Effect,
  type Event,
  type In,
  type MailboxSight,
  type State,
  type Step,
} from './visit.ts';
import { announce, listenForKeys, menu, menuOf, next, openMailbox, play, sayAgain } from './walk.ts';

type AtMessage = In<'announced'> | In<'playing'> | In<'menu'>;

/** How long the caller's phone has to say whether it will call (milliseconds). */
const PHONE_ANSWERS_MS = 5_000;

const ABOUT_A_MESSAGE: ReadonlySet<VoicemailAction> = new Set(['again', 'next', 'delete', 'call-back']);

/** Listening to one's messages. It sees the current state of the mailbox: changes by others are handled where they matter. */
export const dialogue: Dialogue<State, Event, Effect, MailboxSight> = {
  initial: { kind: 'answered', typed: '' },
  step,
};

function step(state: State, event: Event, mailbox: MailboxSight): Step {
  const [to, effects] = decide(state, event, mailbox);
  if (to.kind === 'over' || sameKeys(state, to)) return [to, effects];
  return [to, [...effects, { kind: 'tell', event: { kind: 'keys', keys: keysOf(to) } }]];
}

function decide(state: State, event: Event, mailbox: MailboxSight): Step {
  if (event.kind === 'gone') return gone(state);
  if (state.kind === 'answered' && event.kind !== 'confirmed') return unheard(state, event);
  const standing = event.kind === 'barred' ? 'shut' : mailbox.standing;
  if (standing !== 'open' && !isEnding(state)) return takeLeave(state, { ...mailbox, standing });
  switch (state.kind) {
    case 'answered':
      return open(state, mailbox);
    case 'asking':
    case 'verifying':
      return atEntry(state, event, mailbox);
    case 'summary':
      return summary(state, event, mailbox);
    case 'announced':
    case 'playing':
    case 'menu':
      return atMessage(state, event, mailbox);
    case 'deleting':
      return deleting(state, event, mailbox);
    case 'end':
      return atEnd(state, event);
    case 'greeting':
      return atGreeting(state.walk, state.take, event, mailbox);
    case 'asking-phone':
      return askingPhone(state, event);
    case 'calling-back':
      return event.kind === 'spoken' ? hangUp() : [state, []];
    case 'parting':
      return event.kind === 'spoken' ? hangUp(state.refused) : [state, []];
    case 'over':
      return [state, []];
    default:
      return assertNever(state);
  }
}

/** Until the ACK comes nothing is said, for it would not be heard: what has changed by then is looked at when it comes. */
function unheard(state: In<'answered'>, event: Event): Step {
  if (event.kind === 'barred') return after([{ kind: 'hang-up' }], gone(state));
  return [event.kind === 'digit' && isEntryKey(event.digit) ? typedAhead(state, event.digit) : state, []];
}

function open(state: In<'answered'>, mailbox: MailboxSight): Step {
  const opened: Effect = {
    kind: 'tell',
    event: { kind: 'opened', service: 'retrieval', mailbox: mailbox.owner },
  };
  return after([opened], welcome(mailbox.access, state.typed, mailbox));
}

function welcome(access: MailboxAccess, typed: string, mailbox: MailboxSight): Step {
  switch (access) {
    case 'open':
      return openMailbox(mailbox);
    case 'pin-needed':
      return askForPin(typed);
    case 'no-pin':
      return after(
        [{ kind: 'visited', outcome: 'no-pin' }],
        part([{ digits: mailbox.owner.number }, { prompt: 'no-pin' }]),
      );
    default:
      return assertNever(access);
  }
}

function summary(state: In<'summary'>, event: Event, mailbox: MailboxSight): Step {
  if (event.kind === 'spoken') return next(state.walk, mailbox);
  if (event.kind !== 'digit') return [state, []];
  return event.digit === '2' ? next(state.walk, mailbox) : recordOrLeave(state, event.digit);
}

function atMessage(state: AtMessage, event: Event, mailbox: MailboxSight): Step {
  const { walk, message } = state;
  switch (event.kind) {
    case 'digit':
      return after(actedOn(state, event.digit), chosen(state, event.digit, mailbox));
    case 'spoken':
      if (state.kind === 'announced') return play(walk, message, mailbox);
      if (state.kind === 'menu') return [state, listenForKeys];
      return after([{ kind: 'mark-heard', message }], menu(walk, message));
    case 'unplayable':
      return state.kind === 'playing' ? menu(walk, message, [{ prompt: 'try-again-later' }]) : [state, []];
    case 'timeout':
      if (state.kind !== 'menu') return [state, []];
      return sayAgain(state.said, [menuOf(message)], (said) => ({ ...state, said }));
    default:
      return [state, []];
  }
}

function chosen(state: AtMessage, digit: string, mailbox: MailboxSight): Step {
  const { walk, message } = state;
  switch (digit) {
    case '1':
      if (!mailbox.messages.some(({ id }) => id === message.id)) return next(walk, mailbox);
      return state.kind === 'announced' ? announce(walk, message) : play(walk, message, mailbox);
    case '2':
      return next(walk, mailbox);
    case '3':
      return [
        { kind: 'deleting', walk, message },
        [{ kind: 'stop-timer' }, { kind: 'interrupt' }, { kind: 'delete', message }],
      ];
    case '4': {
      const { number } = message.from;
      if (!isCallable(number)) return [state, []];
      return [
        { kind: 'asking-phone', walk, message },
        [{ kind: 'interrupt' }, { kind: 'start-timer', ms: PHONE_ANSWERS_MS }, { kind: 'call-back', number }],
      ];
    }
    default:
      return recordOrLeave(state, digit);
  }
}

/** A message counts as heard when its listener acts on it. */
function actedOn(state: AtMessage, digit: string): readonly Effect[] {
  const acts = keysOf(state).some(({ key, action }) => key === digit && ABOUT_A_MESSAGE.has(action));
  return acts && state.kind === 'playing' ? [{ kind: 'mark-heard', message: state.message }] : [];
}

/** Keys are ignored until the message is deleted: they would be about it. */
function deleting({ walk, message }: In<'deleting'>, event: Event, mailbox: MailboxSight): Step {
  if (event.kind === 'done') return next(walk, mailbox, [{ prompt: 'message-deleted' }]);
  if (event.kind === 'failed') return menu(walk, message, [{ prompt: 'try-again-later' }]);
  return event.kind === 'digit' && event.digit === '*' ? part() : [{ kind: 'deleting', walk, message }, []];
}

/** Nothing is said before it is known whether the phone will call. */
function askingPhone(state: In<'asking-phone'>, event: Event): Step {
  const { walk, message } = state;
  const { number } = message.from;
  if (event.kind !== 'phone-asked' && event.kind !== 'timeout') return [state, []];
  const answer = event.kind === 'timeout' ? 'refused' : event.answer;
  switch (answer) {
    case 'accepted':
      return [{ kind: 'calling-back' }, say([{ prompt: 'calling-back' }, { digits: number }])];
    case 'refused':
      return menu(walk, message, [{ digits: number }, { prompt: 'could-not-call-back' }]);
    case 'no-such-number':
      return menu(walk, message, [{ prompt: 'no-such-number' }]);
    default:
      return assertNever(answer);
  }
}

function atEnd(state: In<'end'>, event: Event): Step {
  switch (event.kind) {
    case 'digit':
      return recordOrLeave(state, event.digit);
    case 'spoken':
      return [state, listenForKeys];
    case 'timeout':
      return sayAgain(state.said, [{ prompt: 'empty-menu' }], (said) => ({ ...state, said }));
    default:
      return [state, []];
  }
}

function recordOrLeave(state: AtMessage | In<'summary'> | In<'end'>, digit: string): Step {
  if (digit === '0') return recordGreeting(state.walk);
  return digit === '*' ? part() : [state, []];
}

function hangUp(refused = false): Step {
  return [
    { kind: 'over' },
    [
      refused ? { kind: 'hang-up', refused: 'Three wrong PINs' } : { kind: 'hang-up' },
      { kind: 'tell', event: { kind: 'closed' } },
    ],
  ];
}

/** The visitor may no longer listen: says a last sentence, and ignores keys from now on. */
function takeLeave(state: State, { standing, owner }: MailboxSight): Step {
  const words = standing === 'left' ? part([{ digits: owner.number }, { prompt: 'no-longer-here' }]) : part();
  const keeps = standing === 'left' && isBeingRecorded(state);
  return after(keeps ? [{ kind: 'keep-recording' }] : leftBehind(state), words);
}

const isBeingRecorded = (state: State): boolean =>
  state.kind === 'greeting' && (state.take.kind === 'recording' || state.take.kind === 'keeping');

/** The caller is gone. A deletion or a new greeting that is under way is completed. */
function gone(state: State): Step {
  if (state.kind === 'over') return [state, []];
  const ended: readonly Effect[] = [
    { kind: 'stop-timer' },
    { kind: 'interrupt' },
    ...leftBehind(state),
    { kind: 'tell', event: { kind: 'closed' } },
  ];
  return [{ kind: 'over' }, ended];
}

/** The effects that are still needed where a visit ends in the middle. */
function leftBehind(state: State): readonly Effect[] {
  switch (state.kind) {
    case 'greeting':
      return discardOf(state.take);
    case 'asking':
    case 'verifying':
      return [{ kind: 'visited', outcome: state.wrong > 0 ? 'wrong-pin' : 'no-pin' }];
    default:
      return [];
  }
}

const isEnding = ({ kind }: State): boolean => kind === 'parting' || kind === 'over';

function sameKeys(from: State, to: State): boolean {
  const keys = (state: State) => keysOf(state).map(({ key, action }) => `${key}${action}`);
  return keys(from).join() === keys(to).join();
}
