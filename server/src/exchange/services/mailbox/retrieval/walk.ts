import { isWithheld, type PromptId, type Utterance } from '@perch/shared';
import type { Message } from '../../../voicemail/ports.ts';
import { isCallable } from './keys.ts';
import { part, say } from './parting.ts';
import { after, type Effect, type MailboxSight, type State, type Step, type Walk } from './visit.ts';

/** Silence after which a menu is said again (milliseconds). */
const MENU_SILENCE_MS = 10_000;
/** How often in a row a menu is said before silence ends the visit. */
const SAYINGS = 3;
/** The largest number that can be spoken. */
const LARGEST_NUMBER = 999;

/** The visitor may listen: says how many messages there are, then goes to the newest. */
export function openMailbox({ messages }: MailboxSight): Step {
  const walk: Walk = { messages: messages.map(({ id }) => id), at: -1 };
  const visited: Effect = { kind: 'visited', outcome: 'opened' };
  if (messages.length === 0) return after([visited], atEnd(walk, [{ prompt: 'no-messages' }]));
  return [{ kind: 'summary', walk }, [visited, ...say(summaryOf(messages))]];
}

/** The next message that is still there; `first` is said before it. */
export function next(walk: Walk, mailbox: MailboxSight, first: Utterance = []): Step {
  for (const [at, id] of walk.messages.entries()) {
    const message = at > walk.at && mailbox.messages.find((one) => one.id === id);
    if (message) return announce({ ...walk, at }, message, first);
  }
  return atEnd(walk, [...first, { prompt: 'no-more-messages' }]);
}

/** Back to the current message, after something else. */
export function resume(walk: Walk, mailbox: MailboxSight, first: Utterance = []): Step {
  if (walk.at === walk.messages.length) return atEnd(walk, first);
  const message = mailbox.messages.find(({ id }) => id === walk.messages[walk.at]);
  return message ? menu(walk, message, first) : next(walk, mailbox, first);
}

/** Says who called; the message follows. */
export function announce(walk: Walk, message: Message, first: Utterance = []): Step {
  const prompt = message.heard ? 'heard-message-from' : 'new-message-from';
  const from = isWithheld(message.from)
    ? { prompt: 'withheld-number' as const }
    : { digits: message.from.number };
  const utterance: Utterance = [...first, { prompt }, from];
  return [{ kind: 'announced', walk, message }, [{ kind: 'prepare', message }, ...say(utterance)]];
}

export function play(walk: Walk, message: Message, mailbox: MailboxSight): Step {
  const left = walk.messages.filter(
    (id) => id === message.id || mailbox.messages.some((one) => one.id === id),
  );
  const place = { position: left.indexOf(message.id) + 1, of: left.length };
  return [{ kind: 'playing', walk, message }, [{ kind: 'stop-timer' }, { kind: 'play', message, ...place }]];
}

export function menu(walk: Walk, message: Message, first: Utterance = []): Step {
  return [{ kind: 'menu', walk, message, said: 1 }, say([...first, menuOf(message)])];
}

/** The menu after a message; it offers to call back only where the sender's number is known. */
export const menuOf = ({ from }: Message): { readonly prompt: PromptId } => ({
  prompt: isCallable(from.number) ? 'message-menu' : 'message-menu-without-caller',
});

function atEnd(walk: Walk, first: Utterance): Step {
  const ended = { ...walk, at: walk.messages.length };
  return [{ kind: 'end', walk: ended, said: 1 }, say([...first, { prompt: 'empty-menu' }])];
}

/** A menu has been said: waits for a key. */
export const listenForKeys: readonly Effect[] = [{ kind: 'start-timer', ms: MENU_SILENCE_MS }];

/** No key was pressed: the menu is said again, up to the limit. */
export function sayAgain(said: number, menuOf: Utterance, stateAt: (said: number) => State): Step {
  return said === SAYINGS ? part() : [stateAt(said + 1), say(menuOf)];
}

/** `You have 2 new messages and 1 heard message`. */
function summaryOf(messages: readonly Message[]): Utterance {
  const heard = messages.filter((message) => message.heard).length;
  const fresh = messages.length - heard;
  const utterance: Utterance = [{ prompt: 'you-have' }];
  if (fresh > 0)
    utterance.push({ number: spoken(fresh) }, { prompt: fresh === 1 ? 'new-message' : 'new-messages' });
  if (fresh > 0 && heard > 0) utterance.push({ prompt: 'and' });
  if (heard > 0)
    utterance.push({ number: spoken(heard) }, { prompt: heard === 1 ? 'heard-message' : 'heard-messages' });
  return utterance;
}

const spoken = (count: number): number => Math.min(count, LARGEST_NUMBER);
