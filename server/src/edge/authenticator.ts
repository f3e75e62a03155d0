import { createSecretKey, randomBytes } from 'node:crypto';
import { parseCredentials } from '../sip/message/auth-params.ts';
import type { Credentials } from '../sip/message/auth-params.ts';
import { fromOf } from '../sip/message/essentials.ts';
import type { HeaderField, SipRequest } from '../sip/message/message.ts';
import { parseUri } from '../sip/message/uri.ts';
import { decodeUtf8 } from '../sip/message/utf8.ts';
import type { Clock } from '../sip/transport/clock.ts';
import type { Flow } from '../sip/transport/flow.ts';
import { challengeFields } from '../sip/user-agent/authentication/challenge.ts';
import { digestClaim, digestMatches } from '../sip/user-agent/authentication/digest.ts';
import type { DigestClaim } from '../sip/user-agent/authentication/digest.ts';
import { createNonceSource } from '../sip/user-agent/authentication/nonce.ts';
import type { NonceMemory } from '../sip/user-agent/authentication/nonce.ts';
import { isOwn } from './identity.ts';
import { createPasswordThrottle } from './password-throttle.ts';
import type { Account, Accounts, Refusal } from './ports.ts';

/** What is to become of a request. */
export type Verdict =
  | Authentic
  | { readonly kind: 'challenged'; readonly fields: readonly HeaderField[]; readonly memory: NonceMemory }
  | { readonly kind: 'refused'; readonly why: Refusal; readonly username: string };

/** The request is that account's own. */
export interface Authentic {
  readonly kind: 'authentic';
  readonly account: Account;
  readonly memory: NonceMemory;
}

/** Proves whose a request is (RFC 3261 §22, RFC 7616, RFC 8760, RFC 6750). */
export interface Authenticator {
  /**
   * We are a user agent to our phones, so that every method is challenged with 401, INVITE too (RFC 3261 §22.1); both
   * JsSIP and SIP.js answer it as they answer a 407. `memory` is what the flow's last verdict said.
   */
  authenticate(flow: Flow, request: SipRequest, memory: NonceMemory): Verdict;
}

/** More Authorization fields than any client sends; the rest is not looked at. */
const MOST_CREDENTIALS = 4;
/** RFC 1035 §2.3.4. */
const LONGEST_DOMAIN = 255;

export function createAuthenticator(accounts: Accounts, clock: Clock): Authenticator {
  const nonces = createNonceSource(createSecretKey(randomBytes(32)), clock);
  const throttle = createPasswordThrottle(clock);

  function challenged(flow: Flow, realm: string, memory: NonceMemory, stale: boolean): Verdict {
    const issued = nonces.issue(flow.id);
    return {
      kind: 'challenged',
      fields: challengeFields(realm, issued.text, stale),
      memory: { ...memory, issued },
    };
  }

  function byDigest(flow: Flow, request: SipRequest, claim: DigestClaim, memory: NonceMemory): Verdict {
    const { username, realm } = claim;
    if (claim.uri !== request.uri) return refused('malformed', username);
    const known = accounts.byDigest(realm, decodeUtf8(username));
    const matches = digestMatches(claim, request.method, known);
    if (!throttle.allows(flow.remoteAddress, `${username}@${realm}`)) {
      return refused('throttled', username);
    }
    if (known === undefined || !matches) {
      throttle.failed(flow.remoteAddress, `${username}@${realm}`);
      return refused('wrong-password', username);
    }
    const used = nonces.use(flow.id, memory, claim.nonce, parseInt(claim.nonceCount, 16));
    if (used === undefined) return challenged(flow, realm, memory, true);
    const { organization, domain, terminal, number } = known;
    return identified(request, { organization, domain, terminal, number }, username, used);
  }

  return {
    authenticate(flow, request, memory) {
      const realm = parseUri(fromOf(request).uri)?.host;
      if (realm === undefined || realm.length > LONGEST_DOMAIN) return refused('foreign-identity', '');
      for (const value of presented(request)) {
        const credentials = parseCredentials(value);
        if (credentials === undefined) return refused('malformed', '');
        if (credentials.scheme === 'bearer') {
          const account = accounts.byToken(credentials.token);
          if (account === undefined) return refused('unknown-token', '');
          return identified(request, account, account.number, memory);
        }
        const claim = claimFor(credentials, realm);
        if (claim === 'malformed') return refused('malformed', '');
        if (claim !== undefined) return byDigest(flow, request, claim, memory);
      }
      return challenged(flow, realm, memory, false);
    },
  };
}

/** Authorization fields, and Proxy-Authorization of clients that take us for a proxy. */
function presented({ headers }: SipRequest): readonly string[] {
  return [...headers.all('authorization'), ...headers.all('proxy-authorization')].slice(0, MOST_CREDENTIALS);
}

/** Another scheme, or credentials for another realm, are as good as none (RFC 3261 §22.1, RFC 4475 §3.3.6). */
function claimFor(credentials: Credentials, realm: string): DigestClaim | 'malformed' | undefined {
  if (credentials.scheme !== 'digest') return undefined;
  const claim = digestClaim(credentials);
  if (claim === undefined) return 'malformed';
  return claim.realm === realm ? claim : undefined;
}

function identified(request: SipRequest, account: Account, username: string, memory: NonceMemory): Verdict {
  return isOwn(request, account)
    ? { kind: 'authentic', account, memory }
    : refused('foreign-identity', username);
}

const refused = (why: Refusal, username: string): Verdict => ({ kind: 'refused', why, username });
