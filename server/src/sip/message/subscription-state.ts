import { LOWER_TOKEN } from './octets.ts';
import type { SipMessage } from './message.ts';
import { parseSeconds } from './counters.ts';
import { parseParameters } from './parameters.ts';

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
  const value = message.headers.get('subscription-state') ?? '';
  let end = 0;
  while (LOWER_TOKEN[value.charCodeAt(end)]) end++;
  const params = parseParameters(value.slice(end));
  if (end === 0 || params === undefined) return undefined;
  return {
    state: value.slice(0, end).toLowerCase(),
    reason: params.get('reason'),
    expiresSeconds: parseSeconds(params.get('expires')),
    retryAfterSeconds: parseSeconds(params.get('retry-after')),
  };
}
