import type { ExtensionNumber, OrganizationId, TerminalId } from '@perch/shared';
import type { SipMessage } from '../sip/message/message.ts';
import type { Flow } from '../sip/transport/flow.ts';
import type { DigestSecrets } from '../sip/user-agent/authentication/digest.ts';

/** The owner of a flow: one terminal of one organization. */
export interface Account {
  readonly organization: OrganizationId;
  /** The SIP domain and digest realm, in lower case. */
  readonly domain: string;
  readonly terminal: TerminalId;
  /** The number of the terminal's owner: the user in From and To of what it sends on its own. */
  readonly number: ExtensionNumber;
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

/** The exchange of one organization, as its flows see it. */
export interface Switchboard {
  /** A flow was authenticated; its messages follow. */
  attach(flow: Flow, account: Account): void;
  receive(flow: Flow, message: SipMessage): void;
  /** An attached flow is gone. */
  closed(flow: Flow): void;
  /**
   * The account of an attached flow may no longer be used. From now on only messages of its calls are passed on; the flow is
   * closed with 4403 and `reason` once it carries no call.
   */
  bar(flow: Flow, reason: string): void;
}

/** Where an organization's messages go; `undefined` while it is not served. */
export type Switchboards = (organization: OrganizationId) => Switchboard | undefined;

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
