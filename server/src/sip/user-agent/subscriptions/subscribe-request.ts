import type { HeaderField, SipRequest } from '../../message/message.ts';
import { consistsOf, LOWER_TOKEN, octetsOf } from '../../message/octets.ts';
import { parseParameterized } from '../../message/fields/parameters.ts';
import { expiresOf } from '../../message/fields/seconds.ts';
import type { OutgoingResponse } from '../../transaction/transaction-layer.ts';
import { acceptsType } from '../accepted-types.ts';
import type { EventPackage } from './subscription.ts';

/** What a SUBSCRIBE asks for. */
export interface SubscribeRequest {
  readonly kind: 'asked';
  readonly event: EventPackage;
  /** Event as each NOTIFY repeats it, with the subscriber's `id` where it gave one. */
  readonly field: HeaderField;
  /** For how long; 0 to be told once, or never again. */
  readonly seconds: number;
}

/** The `id` of an Event is kept for as long as the subscription (octets). */
const LONGEST_ID = 128;

/** Reads a SUBSCRIBE to a state of that package (RFC 6665 §4.2.1.1), or says how it is refused. PURE. */
export function subscribeRequestOf(
  request: SipRequest,
  event: EventPackage,
): SubscribeRequest | { readonly kind: 'refused'; readonly response: OutgoingResponse } {
  const { headers } = request;
  const named = parseParameterized(headers.get('event') ?? '');
  if (named === undefined || headers.count('event') > 1)
    return refused(400, [], 'Missing Or Malformed Event');
  if (named.token !== event.name) return refused(489, [['Allow-Events', event.name]]);
  const id = named.params.get('id');
  if (id !== undefined && !isIdentifier(id)) return refused(400, [], 'Malformed Event');
  if (!acceptsType(request, event.contentType)) return refused(406, [['Accept', event.contentType]]);
  const seconds = headers.count('expires') === 0 ? event.mostSeconds : expiresOf(request);
  if (seconds === undefined || headers.count('expires') > 1) return refused(400, [], 'Malformed Expires');
  if (seconds > 0 && seconds < event.leastSeconds) {
    return refused(423, [['Min-Expires', String(event.leastSeconds)]]);
  }
  return {
    kind: 'asked',
    event,
    field: ['Event', id === undefined ? event.name : `${event.name};id=${id}`],
    seconds: Math.min(seconds, event.mostSeconds),
  };
}

/** `token` (RFC 3261 §25.1). */
function isIdentifier(text: string): boolean {
  const { length } = text;
  return length > 0 && length <= LONGEST_ID && consistsOf(LOWER_TOKEN, octetsOf(text), 0, length);
}

const refused = (status: number, fields: readonly HeaderField[], reason?: string) =>
  ({
    kind: 'refused',
    response: { status, fields, ...(reason !== undefined && { reason }) },
  }) as const;
