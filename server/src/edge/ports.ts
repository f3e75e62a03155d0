import type { OrganizationId } from '@perch/shared';
import type { OrganizationPort } from '../cluster/port.ts';
import type { FlowAccount } from '../exchange/contract/flows.ts';
import type { Flow } from '../sip/transport/flow.ts';
import type { DigestSecrets } from '../sip/user-agent/authentication/digest.ts';

/** The owner of a flow: one terminal of one organization. */
export interface Account extends FlowAccount {
  readonly organization: OrganizationId;
  /** The SIP domain and digest realm, in lower case. */
  readonly domain: string;
}

/** An account with a SIP password, and the digest credentials that prove it. */
export interface DigestAccount {
  readonly account: Account;
  readonly username: string;
  readonly secrets: DigestSecrets;
}

/** Who may use the server. Synchronous, in memory: asked before anything is known of the peer. Accounts that may not are absent. */
export interface Accounts {
  byDigest(domain: string, username: string): DigestAccount | undefined;
  byToken(token: string): Account | undefined;
}

/** Where an organization's messages go; `undefined` while it is not served. */
export type Organizations = (
  organization: OrganizationId,
) => Pick<OrganizationPort, 'tell' | 'follow'> | undefined;

/** Why a frame was dropped. */
type Drop =
  /** Not SIP, so it cannot be answered. */
  | 'unparsable'
  /** Answered with 400 or 505. */
  | 'malformed'
  /** A response, ACK or CANCEL of an unauthenticated flow. */
  | 'unsolicited'
  /** Octets after the message in its frame, where there must be none (RFC 7118 §5). The message itself was handled. */
  | 'surplus'
  /** From a phone that sends more than any should. */
  | 'flood';

/** What happens at the edge, for logs and metrics. */
export interface EdgeJournal {
  dropped(flow: Flow, why: Drop): void;
  /** Credentials were wrong; `username` as it was claimed. */
  refused(flow: Flow, username: string, why: Refusal): void;
  attached(flow: Flow, account: Account): void;
  closed(flow: Flow, reason: string): void;
  /** An exception of ours while handling a message; the peer got 500. */
  failed(flow: Flow, error: unknown): void;
}

export type Refusal =
  | 'wrong-password'
  | 'throttled'
  | 'unknown-token'
  | 'foreign-identity'
  | 'malformed'
  /** Over a flow whose account may no longer be used. */
  | 'barred';
