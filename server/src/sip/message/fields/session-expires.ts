import type { SipMessage } from '../message.ts';
import { parseSeconds } from './seconds.ts';
import { parseParameterized } from './parameters.ts';

/** A session timer's interval and who is to refresh (RFC 4028 §4). */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** `undefined` where absent or malformed. */
export function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  const parsed = parseParameterized(message.headers.get('session-expires') ?? '');
  const seconds = parseSeconds(parsed?.token);
  if (parsed === undefined || seconds === undefined) return undefined;
  const refresher = parsed.params.get('refresher')?.toLowerCase();
  return { seconds, refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}
