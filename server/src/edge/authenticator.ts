import { parseCredentials } from '../sip/message/fields/auth-params.ts';
import type { Credentials } from '../sip/message/fields/auth-params.ts';
import { fromOf, toOf } from '../sip/message/essentials.ts';
import type { HeaderField, SipRequest } from '../sip/message/message.ts';
import { isAnonymous } from '../sip/message/fields/privacy.ts';
import { parseUri } from '../sip/message/fields/uri.ts';
import { decodeUtf8 } from '../sip/message/utf8.ts';
import type { Clock } from '../world/clock.ts';
import type { Flow } from '../sip/transport/flow.ts';
import { challengeFields } from '../sip/user-agent/authentication/challenge.ts';
import { digestClaim, digestMatches, isAnswer } from '../sip/user-agent/authentication/digest.ts';
import type { DigestClaim } from '../sip/user-agent/authentication/digest.ts';
import type { Random } from '../sip/user-agent/random.ts';
import { FlowNonces, type NonceHolder } from '../sip/user-agent/authentication/nonce.ts';
import { isOwn } from './identity.ts';
import { createPasswordThrottle } from './password-throttle.ts';
import type { Account, Accounts, DigestAccount, Refusal } from './ports.ts';

/** What to do with a request. */
export type Verdict =
  | Authentic
  | { readonly kind: 'challenged'; readonly fields: readonly HeaderField[] }
  | { readonly kind: 'refused'; readonly why: Refusal; readonly username: string };

/** The request is that account's own. */
export interface Authentic {
  readonly kind: 'authentic';
  readonly account: Account;
  /** Set when the account was proved by digest credentials. */
  readonly digest?: DigestAccount;
}

/** Proves which account sent a request (RFC 3261 §22, RFC 7616, RFC 8760, RFC 6750). */
export interface Authenticator {
  /**
   * We are a user agent to our phones, so that every method is challenged with 401, INVITE too (RFC 3261 §22.1); both
   * JsSIP and SIP.js answer it as they answer a 407. `holder` has the flow's nonces, and `proven` is the account that it has proved by
   * digest credentials that still hold.
   */
  authenticate(flow: Flow, request: SipRequest, holder: NonceHolder, proven?: DigestAccount): Verdict;
}

/** More Authorization fields than any client sends; the rest is not looked at. */
const MOST_CREDENTIALS = 4;
/** RFC 1035 §2.3.4. */
const LONGEST_DOMAIN = 255;

export function createAuthenticator(accounts: Accounts, clock: Clock, random: Random): Authenticator {
  const throttle = createPasswordThrottle(clock);

  function challenged(request: SipRequest, holder: NonceHolder, realm: string, stale: boolean): Verdict {
    holder.nonces ??= new FlowNonces();
    const nonce = holder.nonces.issue(clock.monotonic(), random);
    return { kind: 'challenged', fields: challengeFields(request, realm, nonce, stale) };
  }

  /**
   * The nonce is looked at first: a client with an old one must compute anew (RFC 7616 §3.3), whatever the password was; that neither
   * costs us a digest nor counts as a guess.
   */
  function byDigest(
    flow: Flow,
    request: SipRequest,
    claim: DigestClaim,
    holder: NonceHolder,
    proven: DigestAccount | undefined,
  ): Verdict {
    const { username, realm, nonce } = claim;
    if (claim.uri !== request.uri) return refused('malformed', username);
    const count = parseInt(claim.nonceCount, 16);
    const { nonces } = holder;
    if (!nonces?.allows(nonce, count, clock.monotonic())) return challenged(request, holder, realm, true);
    const isProven = proven?.username === username && proven.account.domain === realm;
    const known = isProven ? proven : accounts.byDigest(realm, decodeUtf8(username));
    const matches = digestMatches(claim, request.method, known?.secrets);
    const account = `${username}@${realm}`;
    const right = known !== undefined && matches;
    if (!(isProven && right) && !throttle.allows(flow.remoteAddress, account, right)) {
      return refused('throttled', username);
    }
    if (!right) {
      throttle.failed(flow.remoteAddress, account);
      return refused('wrong-password', username);
    }
    nonces.use(nonce, count);
    throttle.succeeded(flow.remoteAddress, account);
    return identified(request, known.account, username, known);
  }

  return {
    authenticate(flow, request, holder, proven) {
      const realm = realmOf(request);
      if (realm === undefined || realm.length > LONGEST_DOMAIN) return refused('foreign-identity', '');
      for (const value of presented(request)) {
        const credentials = parseCredentials(value);
        if (credentials === undefined) return refused('malformed', '');
        if (credentials.scheme === 'bearer' && credentials.token !== '') {
          const account = accounts.byToken(credentials.token);
          if (account === undefined) return refused('unknown-token', '');
          return identified(request, account, account.number);
        }
        const claim = claimFor(credentials, realm);
        if (claim === 'malformed') return refused('malformed', '');
        if (claim !== undefined) return byDigest(flow, request, claim, holder, proven);
      }
      return challenged(request, holder, realm, false);
    },
  };
}

/** The domain that a request belongs to: that of From, or of To where From is anonymous (RFC 3323 §4.1.1.3). */
function realmOf(request: SipRequest): string | undefined {
  const { uri } = fromOf(request);
  return parseUri(isAnonymous(uri) ? toOf(request).uri : uri)?.host;
}

/** Authorization fields, and Proxy-Authorization of clients that take us for a proxy. */
function presented({ headers }: SipRequest): readonly string[] {
  const values = [...headers.all('authorization'), ...headers.all('proxy-authorization')];
  return values.slice(0, MOST_CREDENTIALS).filter((value) => value !== '');
}

/**
 * Another scheme, or credentials for another realm, count as none (RFC 3261 §22.1, RFC 4475 §3.3.6). So is a claim that
 * proves nothing yet: some clients name their user in the first request, with an empty nonce and response (3GPP TS 24.229 §5.1.1.2).
 */
function claimFor(credentials: Credentials, realm: string): DigestClaim | 'malformed' | undefined {
  if (credentials.scheme !== 'digest' || !isAnswer(credentials)) return undefined;
  const claim = digestClaim(credentials);
  if (claim === undefined) return 'malformed';
  return claim.realm === realm ? claim : undefined;
}

function identified(
  request: SipRequest,
  account: Account,
  username: string,
  digest?: DigestAccount,
): Verdict {
  if (!isOwn(request, account)) return refused('foreign-identity', username);
  return { kind: 'authentic', account, ...(digest && { digest }) };
}

const refused = (why: Refusal, username: string): Verdict => ({ kind: 'refused', why, username });
