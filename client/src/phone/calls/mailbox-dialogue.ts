import {
  assertNever,
  type OfferedKeys,
  type Party,
  type PromptId,
  type VoicemailAction,
  type VoicemailEvent,
  type VoicemailMessage,
} from '@perch/shared';

/** What is said in a call with a mailbox, as its page follows it: a caller leaves a message, or the owner listens (`*97`). */
export interface MailboxDialogue {
  readonly service: 'deposit' | 'retrieval';
  readonly mailbox: Party;
  readonly access: Access;
  readonly moment: Moment;
  /** The message that was played last, until the next is announced. */
  readonly message: PlayedMessage | null;
  readonly keys: OfferedKeys;
  /** The server has said that the message is kept, perhaps after its caller had hung up. */
  readonly saved: boolean;
  /** Why the server would not take a message or let the person listen, in its words. */
  readonly refusal: string | null;
}

/** Until the mailbox is known to be open, every key may be one of its PIN. */
export type Access =
  | { readonly kind: 'unknown' }
  /** The PIN is being entered: how many digits the server has counted, the tries left once one was wrong, and whether the prompt says them. */
  | {
      readonly kind: 'pin';
      readonly entered: number;
      readonly triesLeft: number | null;
      readonly saysTries: boolean;
    }
  | { readonly kind: 'open' };

/** What is heard right now; instants are the server's (milliseconds since 1970-01-01 UTC). */
export type Moment =
  | { readonly kind: 'silence' }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'greeting' }
  | { readonly kind: 'message'; readonly since: number }
  | {
      readonly kind: 'recording';
      readonly what: 'message' | 'greeting';
      readonly since: number;
      readonly longestMs: number;
    };

export interface PlayedMessage extends VoicemailMessage {
  /** The `position`th of `of`, from 1. */
  readonly position: number;
  readonly of: number;
}

/** Said only inside an open mailbox. */
const INSIDE: readonly PromptId[] = ['you-have', 'no-messages'];
/** After these the keys are about another message, or none. */
const PAST_MESSAGE: readonly PromptId[] = [
  'new-message-from',
  'heard-message-from',
  'message-deleted',
  'no-messages',
  'no-more-messages',
  'empty-menu',
];
const TRIES_LEFT: readonly PromptId[] = ['wrong-pin-two-left', 'wrong-pin-one-left'];
const SAVED: readonly PromptId[] = ['message-saved', 'message-at-limit'];
/** The last words with which the server refuses. */
const REFUSED: Readonly<Record<MailboxDialogue['service'], readonly PromptId[]>> = {
  deposit: ['mailbox-full', 'no-recording-now', 'nothing-recorded'],
  retrieval: ['goodbye-wrong-pin', 'goodbye-no-pin', 'no-pin', 'no-longer-here'],
};

/** One event of the dialogue, told by the server at `at`; `null` before its beginning. The event also starts the sound. */
export function follow(
  dialogue: MailboxDialogue | null,
  event: VoicemailEvent,
  at: number,
): MailboxDialogue | null {
  if (event.kind === 'opened') return begun(event.service, event.mailbox);
  if (dialogue === null) return null;
  switch (event.kind) {
    case 'prompt':
      return hearing(dialogue, event);
    case 'keys':
      return offered(dialogue, event.keys);
    case 'digit':
      return dialogue.access.kind === 'pin'
        ? { ...dialogue, access: { ...dialogue.access, entered: event.entered } }
        : dialogue;
    case 'tries-left':
      return { ...dialogue, access: { kind: 'pin', entered: 0, triesLeft: event.tries, saysTries: true } };
    case 'greeting':
      return { ...dialogue, moment: { kind: 'greeting' } };
    case 'playing': {
      const { message, position, of } = event;
      return {
        ...dialogue,
        access: { kind: 'open' },
        moment: { kind: 'message', since: at },
        message: { ...message, position, of },
      };
    }
    case 'recording': {
      const { what, since, longestMs } = event;
      return { ...dialogue, moment: { kind: 'recording', what, since, longestMs } };
    }
    case 'closed':
      return { ...dialogue, keys: [] };
    case 'kept':
      return { ...dialogue, saved: true };
    default:
      return assertNever(event);
  }
}

const begun = (service: MailboxDialogue['service'], mailbox: Party): MailboxDialogue => ({
  service,
  mailbox,
  access: { kind: service === 'deposit' ? 'open' : 'unknown' },
  moment: { kind: 'silence' },
  message: null,
  keys: [],
  saved: false,
  refusal: null,
});

function hearing(
  dialogue: MailboxDialogue,
  { utterance, text }: Extract<VoicemailEvent, { kind: 'prompt' }>,
): MailboxDialogue {
  const says = (prompts: readonly PromptId[]): boolean =>
    utterance.some((part) => 'prompt' in part && prompts.includes(part.prompt));
  return {
    ...dialogue,
    access: says(INSIDE)
      ? { kind: 'open' }
      : says(['enter-pin'])
        ? asked(dialogue.access, says(TRIES_LEFT))
        : dialogue.access,
    // A tone has no words: the last sentence stays.
    moment: text === '' ? dialogue.moment : { kind: 'words', text },
    message: says(PAST_MESSAGE) ? null : dialogue.message,
    saved: dialogue.saved || says(SAVED),
    refusal: says(REFUSED[dialogue.service]) ? text : dialogue.refusal,
  };
}

const asked = (access: Access, saysTries: boolean): Access => ({
  kind: 'pin',
  entered: 0,
  saysTries,
  triesLeft: access.kind === 'pin' ? access.triesLeft : null,
});

function offered(dialogue: MailboxDialogue, keys: OfferedKeys): MailboxDialogue {
  const isOffered = (action: VoicemailAction): boolean => keys.some((offer) => offer.action === action);
  const isInside = keys.some(({ action }) => action !== 'finish-entry' && action !== 'leave');
  const isRecorded = dialogue.moment.kind === 'recording' && !isOffered('finish-recording');
  return {
    ...dialogue,
    keys,
    access: isInside ? { kind: 'open' } : dialogue.access,
    moment: isRecorded ? { kind: 'silence' } : dialogue.moment,
  };
}

/** The message that the keys act on. */
export const messageAtHand = ({ keys, message }: MailboxDialogue): PlayedMessage | null =>
  keys.some(({ action }) => action === 'delete') ? message : null;

/** May a key that is pressed now be one of a PIN? */
export const keysAreSecret = (dialogue: MailboxDialogue | null): boolean =>
  dialogue === null || dialogue.access.kind !== 'open';
