import type { SipMessage } from './message.ts';
import { parseSeconds } from './counters.ts';
import { parseParameterized } from './parameters.ts';

/** Where a subscription stands, as a NOTIFY says it (RFC 6665 §8.2.3). */
export interface SubscriptionState {
  /** In lower case: `active`, `pending`, `terminated`, or an extension's. */
  readonly state: string;
  readonly reason: string | undefined;
  readonly expiresSeconds: number | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** `undefined` where absent or malformed. */
export function subscriptionStateOf(message: SipMessage): SubscriptionState | undefined {
  const parsed = parseParameterized(message.headers.get('subscription-state') ?? '');
  if (parsed === undefined) return undefined;
  const { token, params } = parsed;
  return {
    state: token.toLowerCase(),
    reason: params.get('reason'),
    expiresSeconds: parseSeconds(params.get('expires')),
    retryAfterSeconds: parseSeconds(params.get('retry-after')),
  };
}
