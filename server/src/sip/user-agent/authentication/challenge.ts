import type { HeaderField } from '../../message/message.ts';

/**
 * Two challenges for one nonce, the stronger first (RFC 8760 §2.3). MD5 must come last: JsSIP and SIP.js take the last
 * challenge that they see and give up on SHA-256. Only `auth` is offered, as JsSIP would prefer `auth-int`.
 */
export function challengeFields(realm: string, nonce: string, stale: boolean): readonly HeaderField[] {
  return ['SHA-256', 'MD5'].map((algorithm) => [
    'WWW-Authenticate',
    `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
  ]);
}
