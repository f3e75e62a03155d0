import {
  assertNever,
  FEATURE_CODES,
  type OfferedKeys,
  type Party,
  type PromptId,
  type VoicemailAction,
  type VoicemailEvent,
  type VoicemailMessage,
} from '@perch/shared';

/** A voicemail call as the page follows it: a caller leaves a message, or the owner of a mailbox listens (`*97`). */
export interface Visit {
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
const REFUSED: Readonly<Record<Visit['service'], readonly PromptId[]>> = {
  deposit: ['mailbox-full', 'no-recording-now', 'nothing-recorded'],
  retrieval: ['goodbye-wrong-pin', 'goodbye-no-pin', 'no-pin', 'no-longer-here'],
};

/** One event of the dialogue, told by the server at `at`; `null` is no visit. The event also starts the sound. */
export function follow(visit: Visit | null, event: VoicemailEvent, at: number): Visit | null {
  if (event.kind === 'opened') return begun(event.service, event.mailbox);
  if (visit === null) return null;
  switch (event.kind) {
    case 'prompt':
      return hearing(visit, event);
    case 'keys':
      return offered(visit, event.keys);
    case 'digit':
      return visit.access.kind === 'pin'
        ? { ...visit, access: { ...visit.access, entered: event.entered } }
        : visit;
    case 'tries-left':
      return { ...visit, access: { kind: 'pin', entered: 0, triesLeft: event.tries, saysTries: true } };
    case 'greeting':
      return { ...visit, moment: { kind: 'greeting' } };
    case 'playing': {
      const { message, position, of } = event;
      return {
        ...visit,
        access: { kind: 'open' },
        moment: { kind: 'message', since: at },
        message: { ...message, position, of },
      };
    }
    case 'recording': {
      const { what, since, longestMs } = event;
      return { ...visit, moment: { kind: 'recording', what, since, longestMs } };
    }
    case 'closed':
      return { ...visit, keys: [] };
    case 'kept':
      return { ...visit, saved: true };
    default:
      return assertNever(event);
  }
}

const begun = (service: Visit['service'], mailbox: Party): Visit => ({
  service,
  mailbox,
  access: { kind: service === 'deposit' ? 'open' : 'unknown' },
  moment: { kind: 'silence' },
  message: null,
  keys: [],
  saved: false,
  refusal: null,
});

function hearing(visit: Visit, { utterance, text }: Extract<VoicemailEvent, { kind: 'prompt' }>): Visit {
  const says = (prompts: readonly PromptId[]): boolean =>
    utterance.some((part) => 'prompt' in part && prompts.includes(part.prompt));
  return {
    ...visit,
    access: says(INSIDE)
      ? { kind: 'open' }
      : says(['enter-pin'])
        ? asked(visit.access, says(TRIES_LEFT))
        : visit.access,
    // A tone has no words: the last sentence stays.
    moment: text === '' ? visit.moment : { kind: 'words', text },
    message: says(PAST_MESSAGE) ? null : visit.message,
    saved: visit.saved || says(SAVED),
    refusal: says(REFUSED[visit.service]) ? text : visit.refusal,
  };
}

const asked = (access: Access, saysTries: boolean): Access => ({
  kind: 'pin',
  entered: 0,
  saysTries,
  triesLeft: access.kind === 'pin' ? access.triesLeft : null,
});

function offered(visit: Visit, keys: OfferedKeys): Visit {
  const isOffered = (action: VoicemailAction): boolean => keys.some((offer) => offer.action === action);
  const isInside = keys.some(({ action }) => action !== 'finish-entry' && action !== 'leave');
  const isRecorded = visit.moment.kind === 'recording' && !isOffered('finish-recording');
  return {
    ...visit,
    keys,
    access: isInside ? { kind: 'open' } : visit.access,
    moment: isRecorded ? { kind: 'silence' } : visit.moment,
  };
}

/** The message that the keys act on. */
export const messageAtHand = ({ keys, message }: Visit): PlayedMessage | null =>
  keys.some(({ action }) => action === 'delete') ? message : null;

/** Was the visit made with this call, identified by what was dialled? Other browsers at the terminal are told of it too. */
export const isMadeBy = (visit: Visit, dialled: string): boolean =>
  dialled === (visit.service === 'retrieval' ? FEATURE_CODES.voicemail : visit.mailbox.number);

/** May a key that is pressed now be one of a PIN? */
export const keysAreSecret = (visit: Visit | null): boolean => visit === null || visit.access.kind !== 'open';
