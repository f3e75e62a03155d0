import { assertNever, type Party } from '@perch/shared';
import type { Call, Ending } from './call.ts';

/** What the server tells of a transfer that it was asked for (RFC 3515 §2.4.5). */
export type TransferProgress =
  | { readonly kind: 'ringing' }
  /** Nobody takes it there: it goes to their mailbox (181, RFC 3261 §21.1.3). */
  | { readonly kind: 'forwarded' }
  /** The two are talking to each other; the call is over here. */
  | { readonly kind: 'done' }
  /** The call goes on as it was. */
  | { readonly kind: 'failed'; readonly ending: Ending };

/** Where a call is sent on: to somebody, or into a slot, where it waits. */
export type Destination = Party | 'slot';

/** A transfer under way, as the page of the person who sends the call on shows it. */
export type TransferState = 'sending' | 'ringing' | 'forwarded';

/** Where a transfer stands then; `null` once it is over, one way or the other. */
export function after(progress: TransferProgress): TransferState | null {
  switch (progress.kind) {
    case 'ringing':
    case 'forwarded':
      return progress.kind;
    case 'done':
    case 'failed':
      return null;
    default:
      return assertNever(progress);
  }
}

/** A person who has been asked before a call is sent on to them: what can be done now. */
export interface Asked {
  /** Both are there: one waits, the other has answered. */
  readonly canComplete: boolean;
  /** There is a call to go back to. */
  readonly canGoBack: boolean;
}

/** `caller` is the call that may be sent on, `target` that with the person who is asked. */
export function whileAsking(caller: Call, target: Call): Asked {
  const isThere = caller.kind === 'talking';
  return { canComplete: isThere && target.kind === 'talking', canGoBack: isThere };
}

/** Does the caller get the person back who asked another one, now that this call is over? Not while they speak to somebody else. */
export const isTakenBack = (caller: Call, isSpeaking: boolean): boolean =>
  caller.kind === 'talking' && !isSpeaking;
