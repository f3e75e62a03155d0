import type { SipResponse } from '../../message/message.ts';

/** The peer has not finished another INVITE of the same dialog (RFC 3261 §14.2, RFC 6337 §4.3): for an offer of ours the same as 491. */
export const isPassing = ({ status, headers }: SipResponse): boolean =>
  status === 500 && headers.get('retry-after') !== undefined;
