import type { HeaderField, SipMessage } from '../message/message.ts';
import { formatReason, reasonsOf } from '../message/fields/reason.ts';
import type { Reason } from './leg.ts';

/** What we take (RFC 3261 §20.5), within a dialog or outside. */
const METHODS =
  'INVITE, ACK, CANCEL, BYE, UPDATE, INFO, REFER, NOTIFY, OPTIONS, MESSAGE, SUBSCRIBE, PUBLISH, REGISTER';

export const ALLOW: HeaderField = ['Allow', METHODS];
export const SUPPORTED: HeaderField = ['Supported', 'timer, replaces, outbound'];
export const ACCEPT: HeaderField = ['Accept', 'application/sdp'];
export const SDP: HeaderField = ['Content-Type', 'application/sdp'];

/** Every method that means something here, ACK and CANCEL included. */
export const methods: ReadonlySet<string> = new Set(METHODS.split(', '));

export const reasonField = (reason: Reason | undefined): readonly HeaderField[] =>
  reason === undefined ? [] : [['Reason', formatReason(reason.protocol, reason.cause, reason.text)]];

/** The first Reason of a message that has one of the two protocols we know (RFC 3326), ready to be spread into an event. */
export function reasonIn(message: SipMessage): { readonly reason?: Reason } {
  for (const { protocol, cause, text } of reasonsOf(message)) {
    if ((protocol === 'SIP' || protocol === 'Q.850') && cause !== undefined) {
      return { reason: { protocol, cause, ...(text !== undefined && { text }) } };
    }
  }
  return {};
}

/** The SDP that a message carries; `''` where it has none. */
export function sdpIn(message: SipMessage): string {
  const type = message.headers.get('content-type');
  return type !== undefined && isSdp(type) ? message.body : '';
}

export const isSdp = (contentType: string): boolean => /^application\/sdp[ \t]*(?:;|$)/i.test(contentType);
