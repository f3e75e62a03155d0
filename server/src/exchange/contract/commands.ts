import type {
  CallId,
  CheckResult,
  ExtensionChange,
  ExtensionId,
  ExtensionView,
  Ladder,
  LadderList,
  Language,
  NewExtension,
  NoticeAnswer,
  PageFault,
  PageReport,
  StayLimits,
  TerminalId,
  TerminalView,
} from '@perch/shared';
import type { DigestSecrets } from './extensions.ts';
import type { MailboxCommands } from './mailboxes.ts';
import type { PinLocks } from './pin-locks.ts';
import type { StationCodeCommands } from './station-codes.ts';

/** The result of a request; `waiting`: it is carried out once the emergency call on that terminal has ended. */
export type Outcome = 'done' | 'nothing-to-do' | 'waiting';

/** What became of moving an extension to a terminal. `occupied`: somebody else is there. */
export type Sent = 'done' | 'not-allowed' | 'occupied' | 'waiting';

/** The current number of bindings (of these, `asleep`: no call reaches their phones) and of calls. */
export interface OrganizationCounts {
  readonly registrations: number;
  readonly asleep: number;
  readonly calls: number;
}

/** What became of joining two calls in a conference. `not-now`: one of them is not talking, is being changed, or is an emergency call. */
export type Conferred = 'done' | 'no-such-call' | 'not-now' | 'full';

/** What became of taking back a call that is being sent on. `too-late`: it does not ring there any more, or never did. */
export type TakenBack = 'done' | 'no-such-call' | 'too-late';

/** The extension of the person at a terminal. */
export interface PersonHere {
  readonly extension: ExtensionId;
  readonly number: string;
}

/** The person at a terminal does something, as long as that is the extension with the number `of`. */
interface ByPerson {
  readonly terminal: TerminalId;
  readonly of: string;
}

/** What became of a change of favourites. `not-here`: another person is at the terminal, or none. `full`: there are as many as there can be. */
export type Favoured = 'done' | 'not-here' | 'not-found' | 'full';

/** An extension that is to be created, with what it is not to be as it would be by itself. */
export type WholeExtension = NewExtension &
  Pick<ExtensionChange, 'group' | 'place' | 'callBack' | 'suspended' | 'voicemailMail'>;

/** What became of a change of the book: it was made, or why it was not. */
export type BookAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'number-taken' }
  /** The guest's name. It must be said whether the guest returns or stays. */
  | { readonly kind: 'guest-present'; readonly guest: string };

/** Each command with its answer. `who` is the administrator, or the owner who changes something of their own, for the record. */
interface Commands extends MailboxCommands, StationCodeCommands {
  /** `digest` is `null` where it gets no SIP password yet. */
  'create-extension': [
    { readonly extension: WholeExtension; readonly digest: DigestSecrets | null },
    BookAnswer,
  ];
  'change-extension': [
    { readonly number: string; readonly change: ExtensionChange; readonly who: string },
    BookAnswer,
  ];
  /** Its mailbox is deleted too, and all that is on its terminal returns. */
  'delete-extension': [{ readonly number: string; readonly who: string }, BookAnswer];
  /** `hash` is a slow hash of the code. */
  'set-secret-code': [{ readonly number: string; readonly hash: string; readonly who: string }, BookAnswer];
  /** `hash` is a slow hash of the PIN. What guests have opened with the old PIN is locked. */
  'set-voicemail-pin': [{ readonly number: string; readonly hash: string }, BookAnswer];
  /** Asked for at a phone, by a feature code. */
  'dial-do-not-disturb': [{ readonly number: string; readonly on: boolean }, BookAnswer];
  /** Likewise: where all calls go on, `null` for nowhere. The other forwards stay. */
  'dial-forward': [{ readonly number: string; readonly always: string | null }, BookAnswer];
  'set-sip-password': [{ readonly number: string; readonly digest: DigestSecrets }, BookAnswer];
  /** What the terminal's pages show; `null` where its owner does not exist. */
  'view-terminal': [{ readonly terminal: TerminalId }, TerminalView | null];
  /** `null` where it does not exist. */
  'view-extension': [{ readonly extension: ExtensionId }, ExtensionView | null];
  /** How many there are now, for metrics. */
  count: [object, OrganizationCounts];
  /** Forgives the wrong codes counted against the extension and its terminal. */
  'lift-lock': [{ readonly extension: ExtensionId; readonly who: string }, 'done'];
  /** Is there a call under way whose record will name the extension, by its id, or by its number in a call that began while that was its own? */
  'is-in-call': [
    { readonly extension: ExtensionId; readonly number: string; readonly until: number },
    boolean,
  ];
  'return-to-base': [{ readonly extension: ExtensionId; readonly who: string }, Outcome];
  /** Moves an extension to the terminal of another one, without its code. */
  send: [{ readonly extension: ExtensionId; readonly base: ExtensionId; readonly who: string }, Sent];
  /** The language of all who have none of their own, from now on; `null` for none. */
  'set-language': [{ readonly language: Language | null }, 'done'];
  /** What ends stays by itself, from now on. */
  'set-stay-rules': [{ readonly limits: StayLimits; readonly timeZone: string }, 'done'];
  /** How long voicemail is kept (days), where the server does not delete it sooner; `null` for as long as the server keeps it. */
  'keep-voicemail': [{ readonly days: number | null }, 'done'];
  /** Are its stations in kiosk mode, from now on? */
  'set-kiosk-mode': [{ readonly on: boolean }, 'done'];
  /** Where none of their PINs is taken, from now on. */
  'set-pin-locks': [{ readonly locks: PinLocks }, 'done'];
  /** The guest at that terminal stays on, once. */
  'extend-stay': [{ readonly terminal: TerminalId }, Outcome];
  /** Undoes the terminal's last change. */
  undo: [{ readonly terminal: TerminalId }, Outcome];
  /** What `*30` does on this terminal. */
  'return-from-terminal': [{ readonly terminal: TerminalId }, Outcome];
  /** Joins two calls of a terminal in a conference, or the party of one with the conference that the other one is in. */
  confer: [{ readonly terminal: TerminalId; readonly calls: readonly [CallId, CallId] }, Conferred];
  /** Takes a call back that a terminal is sending on, while it rings there. */
  'take-back': [{ readonly terminal: TerminalId; readonly call: CallId }, TakenBack];
  /** What a phone answers to the push message with that word: `over` where the call does not ring there any more. */
  'answer-push': [{ readonly word: string; readonly says: NoticeAnswer }, 'done' | 'over'];
  /** The extension of the person at a terminal, whose own calls its pages may show; `null` where nobody is, or only a desk. */
  'person-at': [{ readonly terminal: TerminalId }, PersonHere | null];
  /** The person at a terminal, who is `of`, has looked at missed calls that were over by `until`. */
  'see-missed': [ByPerson & { readonly until: number }, 'done' | 'not-here'];
  /** Makes the extension with that number a favourite of theirs, or no longer one. */
  favour: [ByPerson & { readonly number: string; readonly favourite: boolean }, Favoured];
  /** The SIP messages of a call; `null` where none are kept, `left-out` where none ever were, since too many calls began at once, `withheld` where a number in them is withheld from the reader's extension. */
  'view-ladder': [
    { readonly ladder: string; readonly reader: ExtensionId | null },
    Ladder | 'withheld' | 'left-out' | null,
  ];
  /** The calls whose messages are kept, the latest first; with `number`, those with which it had to do. */
  'list-ladders': [{ readonly reader: ExtensionId | null; readonly number?: string }, LadderList];
  /** What the page of a terminal says of itself; `browser` is its User-Agent. */
  'report-page': [
    { readonly terminal: TerminalId; readonly report: PageReport; readonly browser: string | null },
    'done',
  ];
  /** What the check of a terminal has found. */
  'report-check': [{ readonly terminal: TerminalId; readonly result: CheckResult }, 'done'];
  /** Something in a page of a terminal has failed. */
  'report-fault': [{ readonly terminal: TerminalId; readonly fault: PageFault }, 'done'];
}

export type CommandKind = keyof Commands;
/** What management asks of an organization: to change something, or to say how something is. */
export type Command<K extends CommandKind = CommandKind> = {
  [Kind in K]: { readonly kind: Kind } & Commands[Kind][0];
}[K];
/** Given once the change is durable and in force. The promise rejects where it could not be stored. */
export type Answer<K extends CommandKind> = Commands[K][1];

type BookCommandKind = {
  [Kind in CommandKind]: BookAnswer extends Answer<Kind> ? Kind : never;
}[CommandKind];
/** What changes the book: extensions, their secrets and settings. */
export type BookCommand = Command<BookCommandKind>;
