import { copied } from '../collections/copied.ts';
import { isWithin, paidUntil, restAt, weightOf } from '../collections/message-budget.ts';
import type { Rate } from '../collections/message-budget.ts';
import { toOf } from '../sip/message/essentials.ts';
import type { SipMessage, SipRequest } from '../sip/message/message.ts';
import type { OwnedFlow } from '../sip/transport/flow.ts';
import type { NonceHolder } from '../sip/user-agent/authentication/nonce.ts';
import type { Account, Accounts, DigestAccount, Organizations } from './ports.ts';

/** Requests, of a KiB each: more than any phone sends, even one whose page was closed with a hundred calls; far fewer than others would notice. */
const REQUESTS: Rate = { perSecond: 500, burst: 1_000 };
/**
 * Responses are counted apart, as others cause them: a caller within the limit for requests makes the callee's phone
 * answer more often than that, and must not get it cut off.
 */
const RESPONSES: Rate = { perSecond: 5_000, burst: 10_000 };

/** What is handled as it comes, before what others send who take turns: more than any phone needs in calls, far less than it may send. */
const PREFERRED: Rate = { perSecond: 100, burst: 100 };
/** How long one that has sent more takes turns at most, once it sends no more (milliseconds). */
const LONGEST_BEHIND_MS = 2_000;

export type Port = NonNullable<ReturnType<Organizations>>;

/**
 * What the phones of a terminal have sent, on all of its flows (see `paidUntil`): one who connects again, or often, has no more. Changed in place.
 */
export interface Spending {
  requests: number;
  responses: number;
  /** Of the requests that are handled as they come. */
  preferred: number;
}

/** A flow that has an account. Changed in place, so that repeated registrations do not allocate. */
export interface Attached extends NonceHolder {
  readonly kind: 'attached';
  readonly account: Account;
  /** Where its messages go. */
  readonly organization: Port;
  readonly flow: OwnedFlow;
  spending: Spending;
  /** The Authorization value that last proved this account by a token: when repeated, it is not checked again. */
  token: string | undefined;
  /** The digest credentials that last proved this account. */
  digest: DigestAccount | undefined;
  /** The account may no longer be used: the flow stays open only for the calls that it carries. */
  barred: boolean;
}

/** Counts a message of the phone, of so many octets, at a monotonic time in ms. Returns how long it is to be heard no more, to keep to its rate; 0 where it does. */
export function restAfter(
  { spending }: Attached,
  kind: SipMessage['kind'],
  octets: number,
  now: number,
): number {
  const weight = weightOf(octets);
  if (kind === 'request') {
    spending.requests = paidUntil(REQUESTS, spending.requests, now, weight);
    spending.preferred = Math.min(
      paidUntil(PREFERRED, spending.preferred, now, weight),
      now + LONGEST_BEHIND_MS,
    );
    return restAt(REQUESTS, spending.requests, now);
  }
  spending.responses = paidUntil(RESPONSES, spending.responses, now, weight);
  return restAt(RESPONSES, spending.responses, now);
}

/** Is what the phone sends so much that it takes turns with what others send? */
export const takesTurns = ({ spending }: Attached, now: number): boolean =>
  !isWithin(PREFERRED, spending.preferred, now);

/** The methods that a call in progress needs, including those that end it. Not REFER, which starts another call. */
const OF_A_CALL: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'UPDATE',
  'PRACK',
  'INFO',
  'NOTIFY',
]);

/** Is it said in a call, or to begin one? People wait for it. */
export const isOfCall = (message: SipMessage): boolean =>
  message.kind === 'response' || OF_A_CALL.has(message.method);

/** Is this refused on a barred flow? */
export const isNewBusiness = (message: SipMessage): message is SipRequest =>
  message.kind === 'request' && (isNewWork(message) || !OF_A_CALL.has(message.method));

/** A request outside of any dialog begins something new and may wait while calls under way continue. */
export function isNewWork(message: SipMessage): boolean {
  if (message.kind === 'response' || message.method === 'ACK' || message.method === 'CANCEL') return false;
  return toOf(message).tag === undefined;
}

/**
 * Nothing to verify: no credentials, or the token that proved the account before. On a barred flow, requests of its call
 * are accepted whatever credentials they carry: the dialog identifies its peer by the flow.
 */
export function isPlain({ token, barred }: Attached, { headers }: SipRequest): boolean {
  if (barred) return true;
  const authorization = headers.get('authorization');
  if (authorization === undefined) return headers.get('proxy-authorization') === undefined;
  return authorization === token;
}

/** The Authorization value of a request that proves its account by a token. */
export function bearer({ headers }: SipRequest): string | undefined {
  const authorization = headers.get('authorization') ?? headers.get('proxy-authorization');
  return authorization !== undefined && /^bearer /i.test(authorization) ? copied(authorization) : undefined;
}

/** Drops the proofs that would be refused now. */
export function forgetStaleProofs(session: Attached, accounts: Accounts): void {
  const { token, digest, account } = session;
  if (token !== undefined && accounts.byToken(token.replace(/^bearer +/i, '')) === undefined)
    session.token = undefined;
  if (digest === undefined) return;
  const now = accounts.byDigest(account.domain, digest.username)?.secrets;
  if (now?.ha1Sha256 !== digest.secrets.ha1Sha256) session.digest = undefined;
}
