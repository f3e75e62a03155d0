import { assertNever, type MailboxView, type VoicemailMessage } from '@perch/shared';

/** How long a deletion can be undone here (milliseconds); the server would restore for longer. */
export const UNDO_MS = 30_000;

export type Change =
  | { readonly kind: 'mark'; readonly id: string; readonly heard: boolean }
  | { readonly kind: 'delete'; readonly id: string }
  | { readonly kind: 'restore'; readonly id: string };

/** A message that was deleted here, until it cannot be undone here any more. */
export interface Deleted {
  readonly message: VoicemailMessage;
  /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly until: number;
}

/** Messages, newest first, and those among them that were deleted here. */
type Lists = readonly [messages: VoicemailMessage[], deleted: readonly Deleted[]];

interface Pending {
  readonly number: number;
  readonly change: Change;
  /** When it was asked for: milliseconds since 1970-01-01 UTC, by this browser's clock. */
  readonly now: number;
}

/** The mailbox of the extension that speaks here, as this page has it. */
export interface Mailbox {
  /** The server's last answer, with the changes made here since; `null` before the first answer. */
  readonly view: MailboxView | null;
  readonly deleted: readonly Deleted[];
  /** Both without the changes that the server has not answered yet. */
  readonly sure: Lists;
  /** The question whose answer counts; any other answer is out of date. */
  readonly question: number | null;
  /** The changes that the server has not answered yet: what it lists meanwhile may lack them. */
  readonly changes: readonly Pending[];
  /** The last number that a question or a change was given; none is given twice. */
  readonly last: number;
  /** Why the list could not be fetched. */
  readonly trouble: string | null;
}

export type MailboxEvent =
  /** The list was opened, or the server says that something has changed. */
  | { readonly kind: 'look' }
  | { readonly kind: 'told'; readonly question: number; readonly view: MailboxView }
  | { readonly kind: 'not-told'; readonly question: number; readonly sentence: string }
  /** Another request (the PIN, a greeting) was answered with the whole mailbox. */
  | { readonly kind: 'shown'; readonly view: MailboxView }
  | { readonly kind: 'change'; readonly change: Change; readonly now: number }
  /** The server made the change, or refused to, or was not reached. */
  | { readonly kind: 'settled'; readonly number: number; readonly made: boolean };

export type MailboxEffect =
  | { readonly kind: 'ask'; readonly question: number }
  | { readonly kind: 'send'; readonly number: number; readonly change: Change };

type Step = readonly [Mailbox, readonly MailboxEffect[]];

export const EMPTY: Mailbox = {
  view: null,
  deleted: [],
  sure: [[], []],
  question: null,
  changes: [],
  last: 0,
  trouble: null,
};

/**
 * Changes show at once, and are taken back if they are refused; answers that are older than a change or a later question
 * are ignored.
 */
export function step(mailbox: Mailbox, event: MailboxEvent): Step {
  switch (event.kind) {
    case 'look':
      return look(mailbox);
    case 'told':
      return event.question === mailbox.question ? [take(mailbox, event.view), []] : [mailbox, []];
    case 'not-told':
      if (event.question !== mailbox.question) return [mailbox, []];
      return [{ ...mailbox, question: null, trouble: event.sentence }, []];
    case 'shown':
      if (mailbox.changes.length > 0) return [mailbox, []];
      // The answer to the pending question may be newer.
      return mailbox.question === null ? [take(mailbox, event.view), []] : look(take(mailbox, event.view));
    case 'change':
      return change(mailbox, event.change, event.now);
    case 'settled':
      return settled(mailbox, event.number, event.made);
    default:
      return assertNever(event);
  }
}

/** Asked for at the end of the last change, where one is under way. */
function look(mailbox: Mailbox): Step {
  if (mailbox.changes.length > 0) return [mailbox, []];
  const question = mailbox.last + 1;
  return [{ ...mailbox, question, last: question }, [{ kind: 'ask', question }]];
}

function take(mailbox: Mailbox, view: MailboxView): Mailbox {
  const kept = view.access === 'open' && view.extension.number === mailbox.view?.extension.number;
  const listed = new Set(view.messages.map(({ id }) => id));
  const deleted = kept ? mailbox.deleted.filter(({ message }) => !listed.has(message.id)) : [];
  return { ...mailbox, view, deleted, sure: [view.messages, deleted], question: null, trouble: null };
}

function change(mailbox: Mailbox, change: Change, now: number): Step {
  if (mailbox.view === null) return [mailbox, []];
  const number = mailbox.last + 1;
  const pending: Pending = { number, change, now };
  const lists = changed([mailbox.view.messages, mailbox.deleted], pending);
  if (lists === undefined) return [mailbox, []];
  const changes = [...mailbox.changes, pending];
  return [
    { ...showing(mailbox, lists), question: null, changes, last: number },
    [{ kind: 'send', number, change }],
  ];
}

/** A failed change is taken back here too, even if the server cannot be asked. */
function settled(mailbox: Mailbox, number: number, made: boolean): Step {
  const answered = mailbox.changes.find((pending) => pending.number === number);
  if (answered === undefined) return [mailbox, []];
  const sure = made ? after(mailbox.sure, answered) : mailbox.sure;
  const changes = mailbox.changes.filter((pending) => pending !== answered);
  return look({ ...showing(mailbox, changes.reduce(after, sure)), sure, changes });
}

function showing(mailbox: Mailbox, [messages, deleted]: Lists): Mailbox {
  return { ...mailbox, view: mailbox.view && { ...mailbox.view, messages }, deleted };
}

const after = (lists: Lists, pending: Pending): Lists => changed(lists, pending) ?? lists;

/** `undefined` where there is nothing to change. */
function changed([messages, deleted]: Lists, { change, now }: Pending): Lists | undefined {
  const { id } = change;
  const message = messages.find((listed) => listed.id === id);
  switch (change.kind) {
    case 'mark': {
      const { heard } = change;
      if (message === undefined || message.heard === heard) return undefined;
      return [messages.map((listed) => (listed.id === id ? { ...listed, heard } : listed)), deleted];
    }
    case 'delete':
      if (message === undefined) return undefined;
      return [
        messages.filter((listed) => listed.id !== id),
        [...deleted.filter(({ until }) => until > now), { message, until: now + UNDO_MS }],
      ];
    case 'restore': {
      const found = deleted.find((entry) => entry.message.id === id);
      if (found === undefined) return undefined;
      return [
        [...messages, found.message].sort(newestFirst),
        deleted.filter((entry) => entry.message.id !== id),
      ];
    }
    default:
      return assertNever(change);
  }
}

const newestFirst = (a: { readonly at: number }, b: { readonly at: number }): number => b.at - a.at;

/** A line of the list: a message, or the place of one that was deleted and can come back. */
export interface Row {
  readonly message: VoicemailMessage;
  /** Until when its deletion can be undone; `null` where it is not deleted. */
  readonly undoUntil: number | null;
}

/** Newest first, each deleted message in its own place. */
export function rowsOf({ view, deleted }: Mailbox, now: number): readonly Row[] {
  if (view?.access !== 'open') return [];
  const rows: Row[] = view.messages.map((message) => ({ message, undoUntil: null }));
  for (const { message, until } of deleted) if (until > now) rows.push({ message, undoUntil: until });
  return rows.sort((a, b) => newestFirst(a.message, b.message));
}
