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

/** The mailbox of whoever speaks here, as this page has it. */
export interface Mailbox {
  /** What the server said last, with what was changed here since; `null` before its first word. */
  readonly view: MailboxView | null;
  readonly deleted: readonly Deleted[];
  /** The question whose answer counts; any other answer is out of date. */
  readonly question: number | null;
  /** The changes that the server has not answered yet: what it lists meanwhile may lack them. */
  readonly changes: readonly number[];
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
  /** The server made the change, or refused to. */
  | { readonly kind: 'settled'; readonly number: number };

export type MailboxEffect =
  | { readonly kind: 'ask'; readonly question: number }
  | { readonly kind: 'send'; readonly number: number; readonly change: Change };

type Step = readonly [Mailbox, readonly MailboxEffect[]];

export const EMPTY: Mailbox = {
  view: null,
  deleted: [],
  question: null,
  changes: [],
  last: 0,
  trouble: null,
};

/** Changes show at once; answers that were overtaken by a change or a later question do nothing. */
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
      // What is being asked may know more than this answer.
      return mailbox.question === null ? [take(mailbox, event.view), []] : look(take(mailbox, event.view));
    case 'change':
      return change(mailbox, event.change, event.now);
    case 'settled': {
      if (!mailbox.changes.includes(event.number)) return [mailbox, []];
      return look({ ...mailbox, changes: mailbox.changes.filter((number) => number !== event.number) });
    }
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
  return { ...mailbox, view, deleted, question: null, trouble: null };
}

function change(mailbox: Mailbox, change: Change, now: number): Step {
  if (mailbox.view === null) return [mailbox, []];
  const made = changed(mailbox.view.messages, mailbox.deleted, change, now);
  if (made === undefined) return [mailbox, []];
  const [messages, deleted] = made;
  const number = mailbox.last + 1;
  return [
    {
      ...mailbox,
      view: { ...mailbox.view, messages },
      deleted: deleted.filter(({ until }) => until > now),
      question: null,
      changes: [...mailbox.changes, number],
      last: number,
    },
    [{ kind: 'send', number, change }],
  ];
}

type Lists = readonly [messages: VoicemailMessage[], deleted: readonly Deleted[]];

/** `undefined` where there is nothing to change. */
function changed(
  messages: VoicemailMessage[],
  deleted: readonly Deleted[],
  change: Change,
  now: number,
): Lists | undefined {
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
      return [messages.filter((listed) => listed.id !== id), [...deleted, { message, until: now + UNDO_MS }]];
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
