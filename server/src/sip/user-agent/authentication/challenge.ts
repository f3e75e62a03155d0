import { viaOf } from '../../message/essentials.ts';
import type { HeaderField, SipRequest } from '../../message/message.ts';
import type { DigestClaim } from './digest.ts';

type Algorithm = DigestClaim['algorithm'];

/**
 * One challenge per algorithm, all with the same nonce (RFC 8760 §2.3), in the order that the sender of `request` can read. Only
 * `auth` is offered, as JsSIP would prefer `auth-int`.
 */
export function challengeFields(
  request: SipRequest,
  realm: string,
  nonce: string,
  stale: boolean,
): readonly HeaderField[] {
  return algorithmsFor(request).map((algorithm) => [
    'WWW-Authenticate',
    `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
  ]);
}

/**
 * Most clients know MD5 only, and differ in how they look for it. JsSIP and SIP.js keep the last challenge. Native clients commonly
 * stop at the first. Those built on libre before 3.12 fail as soon as any challenge is for another algorithm.
 */
function algorithmsFor(request: SipRequest): readonly Algorithm[] {
  const userAgent = request.headers.get('user-agent') ?? '';
  if (isOfBrowser(request, userAgent)) return ['SHA-256', 'MD5'];
  return isEarlyLibre(userAgent) ? ['MD5'] : ['MD5', 'SHA-256'];
}

/** A page cannot know its address: it gives a name in `.invalid` (RFC 7118 §5), unless it was configured with another one. */
function isOfBrowser(request: SipRequest, userAgent: string): boolean {
  return /\.invalid(?::|$)/i.test(viaOf(request).sentBy) || /\b(?:jssip|sip\.js)\b/i.test(userAgent);
}

/** `baresip v1.0.0 (x86_64/linux)`: baresip bears the version of the libre that it needs, from 1.0 on. */
function isEarlyLibre(userAgent: string): boolean {
  const [, major, minor] = /\bbaresip v?(\d{1,3})\.(\d{1,3})/i.exec(userAgent) ?? [];
  return major !== undefined && (Number(major) < 3 || (Number(major) === 3 && Number(minor) < 12));
}
