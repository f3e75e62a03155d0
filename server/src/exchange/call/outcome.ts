import {
  type CallFailure,
  type CallResult,
  type DepositReason,
  depositReason,
  type PromptId,
  type Utterance,
} from '@perch/shared';
import type { Reason } from '../../sip/user-agent/leg.ts';
import type { Refusal } from './ports.ts';

/** Why a call did not come about. */
export type Failure = CallFailure;

/** How a call that had begun ended. */
export type Ending = Exclude<CallResult, Failure>;

interface Explanation {
  /** The status of the refusal (RFC 3261 §21). */
  readonly status: number;
  /** Why, to the caller's phone (RFC 3326; causes of ITU-T Q.850). */
  readonly cause: number;
  readonly text: string;
  /** Why, spoken to the caller; without it the phone plays its own tone. */
  readonly prompt?: PromptId;
}

const away = (text: string): Explanation => ({ status: 480, cause: 20, text, prompt: 'not-available' });

const EXPLANATIONS: { readonly [failure in Failure]: Explanation } = {
  busy: { status: 486, cause: 17, text: 'Busy' },
  declined: { status: 603, cause: 21, text: 'Declined' },
  refused: { status: 603, cause: 21, text: 'Declined' },
  'no-answer': { status: 480, cause: 19, text: 'No answer' },
  // RFC 3261 §21.4.18 names it among the reasons for 480; Q.850 21: the phone could have rung.
  'do-not-disturb': { status: 480, cause: 21, text: 'Do not disturb', prompt: 'not-available' },
  // Q.850 25: an exchange routing error.
  'forward-loop': { status: 480, cause: 25, text: 'Forwarded in a circle', prompt: 'not-available' },
  offline: away('Phone is offline'),
  'base-offline': away('Phone at the other desk is offline'),
  homeless: away('Away from every phone'),
  'desk-in-use': away('Desk is in use'),
  suspended: away('Suspended'),
  self: { status: 486, cause: 17, text: 'Own number', prompt: 'busy' },
  'no-such-number': { status: 404, cause: 1, text: 'No such number', prompt: 'no-such-number' },
  // Q.850 69: the requested facility does not exist.
  'no-such-code': { status: 404, cause: 69, text: 'No such code', prompt: 'no-such-code' },
  locked: { status: 403, cause: 57, text: 'Phone is locked', prompt: 'phone-locked' },
  // There are no trunks yet: the caller must be told at once.
  'no-emergency-route': {
    status: 503,
    cause: 3,
    text: 'No way to emergency services',
    prompt: 'not-available',
  },
  'not-acceptable': { status: 488, cause: 88, text: 'No common media' },
  'too-many-calls': { status: 403, cause: 47, text: 'Too many calls on this phone' },
  'too-many-visits': { status: 486, cause: 17, text: 'Too many visits at once' },
  overloaded: { status: 503, cause: 42, text: 'Too many calls' },
};

/** The refusal for a failure. */
export function refusalFor(failure: Failure): Refusal {
  const { status, cause, text } = EXPLANATIONS[failure];
  return { status, reason: { protocol: 'Q.850', cause, text } };
}

/** Why a failed call goes to the callee's mailbox; `undefined` where it does not. */
export const depositReasonOf = (failure: Failure): DepositReason | undefined =>
  depositReason.options.find((reason) => reason === failure);

/** Prompts that complete a sentence that begins with the number called. */
const ABOUT_THE_NUMBER: ReadonlySet<PromptId> = new Set(['not-available', 'busy']);

/** What a caller of `number` is told in words; `undefined` where the phone's own tone says enough. */
export function utteranceFor(failure: Failure, number: string): Utterance | undefined {
  const { prompt } = EXPLANATIONS[failure];
  if (prompt === undefined) return undefined;
  return ABOUT_THE_NUMBER.has(prompt) ? [{ digits: number }, { prompt }] : [{ prompt }];
}

/**
 * What a phone's refusal means to the caller. JsSIP says 480 where "reject" was pressed, and 408 for its own no-answer. 302 sends the caller
 * to the mailbox, whatever its Contact is.
 */
export function failureOf(status: number): Failure {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 302:
    case 480:
      return 'declined';
    case 603:
      return 'refused';
    case 408:
      return 'no-answer';
    case 415:
    case 488:
    case 606:
      return 'not-acceptable';
    default:
      return 'offline';
  }
}

/** Does that refusal of one phone decide for all phones of its extension (6xx, RFC 3261 §21.6)? */
export const decidesForAll = (status: number): boolean => status >= 600 || status === 302;

/** Why we end a leg (RFC 3326). With cause 200, a page does not count the call as missed. */
export const REASONS = {
  elsewhere: { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' },
  refused: { protocol: 'SIP', cause: 603, text: 'Declined on another phone' },
  moved: { protocol: 'SIP', cause: 200, text: 'Extension is on another phone' },
  cancelled: { protocol: 'SIP', cause: 487, text: 'Caller hung up' },
  'no-answer': { protocol: 'SIP', cause: 408, text: 'No answer' },
  asleep: { protocol: 'SIP', cause: 480, text: 'The phone is asleep' },
  returned: { protocol: 'SIP', cause: 200, text: 'Rings again on the same phone' },
  lost: { protocol: 'SIP', cause: 408, text: 'The other phone was lost' },
  reloaded: { protocol: 'SIP', cause: 481, text: 'The page was loaded anew' },
  transferred: { protocol: 'SIP', cause: 200, text: 'Call was transferred' },
  restarted: { protocol: 'SIP', cause: 503, text: 'The server was started anew' },
  failed: { protocol: 'SIP', cause: 488, text: 'The calls could not be joined' },
  'late-answer': { protocol: 'SIP', cause: 487, text: 'The caller is gone' },
} as const satisfies Record<string, Reason>;

export type Why = keyof typeof REASONS;
