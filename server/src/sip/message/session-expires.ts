import type { SipMessage } from './message.ts';
import { isDigit } from './octets.ts';
import { parseSeconds } from './counters.ts';
import { parseParameters } from './parameters.ts';

/** A session timer's interval and who is to refresh (RFC 4028 §4). */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** `undefined` where absent or malformed. */
export function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  const value = message.headers.get('session-expires');
  if (value === undefined) return undefined;
  let end = 0;
  while (isDigit(value.charCodeAt(end))) end++;
  const seconds = parseSeconds(value.slice(0, end));
  const refresher = parseParameters(value.slice(end))?.get('refresher')?.toLowerCase();
  if (seconds === undefined) return undefined;
  return { seconds, refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

/** Min-SE in seconds (RFC 4028 §5); `undefined` where absent or malformed. */
export const minSeOf = (message: SipMessage): number | undefined =>
  parseSeconds(message.headers.get('min-se')?.split(';', 1)[0]?.trimEnd());
