import type { TerminalId } from '@perch/shared';
import { copied } from '../collections/copied.ts';
import { Crowd } from '../collections/crowd.ts';
import type { CrowdBounds } from '../collections/crowd.ts';
import { paidUntil, type Rate, standing } from '../collections/message-budget.ts';
import { MultiMap } from '../collections/multi-map.ts';
import type { Following } from '../cluster/port.ts';
import { networkOf } from '../network/address.ts';
import { responseTo } from '../sip/message/build.ts';
import type { ResponseParts } from '../sip/message/build.ts';
import { toOf } from '../sip/message/essentials.ts';
import type { SipMessage, SipRequest } from '../sip/message/message.ts';
import { parseMessage } from '../sip/message/parse.ts';
import type { Clock } from '../world/clock.ts';
import type { Flow, FlowId, FlowListener } from '../sip/transport/flow.ts';
import type { Random } from '../sip/user-agent/random.ts';
import { FlowNonces } from '../sip/user-agent/authentication/nonce.ts';
import { createAuthenticator } from './authenticator.ts';
import type { Authentic, Verdict } from './authenticator.ts';
import { isOwn } from './identity.ts';
import { arrived, step } from './machines/gatekeeper.ts';
import type { State as Gate } from './machines/gatekeeper.ts';
import type { Account, Accounts, DigestAccount, EdgeJournal, Refusal, Organizations } from './ports.ts';

/** Requests: more than any phone sends, even one whose page was closed with a hundred calls; far fewer than others would notice. */
const REQUESTS: Rate = { perSecond: 500, burst: 1_000 };
/**
 * Responses are counted apart, as others cause them: a caller within the limit for requests makes the callee's phone
 * answer more often than that, and must not get it cut off.
 */
const RESPONSES: Rate = { perSecond: 5_000, burst: 10_000 };

interface EdgeOptions {
  /** How many flows may be unauthenticated at once. */
  readonly bounds: CrowdBounds;
  readonly accounts: Accounts;
  readonly organizations: Organizations;
  readonly journal: EdgeJournal;
  readonly clock: Clock;
  readonly random: Random;
}

/** Owns the sockets: authenticates each flow, then hands its messages to the exchange that owns the organization. */
export interface Edge extends FlowListener {
  /**
   * A credential of that terminal was withdrawn: flows that would be refused if they authenticated now are barred. A barred
   * flow accepts nothing new. It is closed with 4403 at once, or as soon as the call that it carries is over.
   */
  reviewFlowsOf(terminal: TerminalId, reason: string): void;
  readonly counts: { readonly strangers: number; readonly attached: number };
  /** Stops the timer. The flows are the transport's to close. */
  close(): void;
}

type Port = NonNullable<ReturnType<Organizations>>;

/** A flow as the edge knows it: changed in place, so that repeated registrations do not allocate. */
type Session = Stranger | Attached;

interface Stranger {
  readonly kind: 'stranger';
  gate: Gate;
  readonly nonces: FlowNonces;
}

interface Attached {
  readonly kind: 'attached';
  readonly account: Account;
  /** Where its messages go. */
  readonly organization: Port;
  readonly flow: Flow;
  readonly nonces: FlowNonces;
  /** The phone's message budgets (see `paidUntil`). */
  requestsPaid: number;
  responsesPaid: number;
  /** The Authorization value that last proved this account by a token: when repeated, it is not checked again. */
  token: string | undefined;
  /** The digest credentials that last proved this account. */
  digest: DigestAccount | undefined;
  /** The account may no longer be used: the flow stays open only for the calls that it carries. */
  barred: boolean;
}

const SWEEP_MS = 1000;
/**
 * Flows of one terminal at a time: more than anyone has browsers, and few enough that one account cannot use up the
 * connections of all.
 */
const MOST_FLOWS_OF_TERMINAL = 64;

export function createEdge({ bounds, accounts, organizations, journal, clock, random }: EdgeOptions): Edge {
  const authenticator = createAuthenticator(accounts, clock, random);
  const sessions = new Map<FlowId, Session>();
  /** The authenticated flows of each terminal. */
  const attached = new MultiMap<TerminalId, Flow>();
  /** The organizations whose orders are carried out. */
  const obeyed = new Map<Port, Following>();
  /** In the order of their arrival. */
  const strangers = new Crowd<Flow>(bounds);
  /** Our answers at the edge keep no state and make no dialog; one tag serves them all (RFC 3261 §8.2.7). */
  const toTag = random.token();
  let cancelSweep = clock.after(SWEEP_MS, sweep);

  /** The deadline is the same for all: after the first that may stay, all may. */
  function sweep(): void {
    cancelSweep = clock.after(SWEEP_MS, sweep);
    for (const flow of strangers) {
      const session = sessions.get(flow.id);
      if (session?.kind === 'stranger' && admits(flow, session, 'time')) return;
    }
  }

  /** A real phone authenticates within a second: the oldest stranger gives way, so that a crowd cannot keep phones out. */
  function dismiss(flow: Flow): void {
    sessions.delete(flow.id);
    flow.close(1013, 'Too many connections without authentication');
  }

  function admits(flow: Flow, stranger: Stranger, kind: 'frame' | 'time'): boolean {
    const [gate, verdict] = step(stranger.gate, { kind, at: clock.monotonic() });
    stranger.gate = gate;
    if (verdict.kind === 'close') flow.close(verdict.code, verdict.reason);
    return verdict.kind === 'pass';
  }

  /** Has the flow sent too much for this message to be handled? */
  function isTooMuch(flow: Flow, session: Attached, message: SipMessage): boolean {
    const now = clock.monotonic();
    const state =
      message.kind === 'request'
        ? standing(REQUESTS, (session.requestsPaid = paidUntil(REQUESTS, session.requestsPaid, now)), now)
        : standing(
            RESPONSES,
            (session.responsesPaid = paidUntil(RESPONSES, session.responsesPaid, now)),
            now,
          );
    if (state === 'kept' || (state === 'overdrawn' && !isNewWork(message))) return false;
    journal.dropped(flow, 'flood');
    if (state === 'spent') flow.close(1008, 'Too many messages');
    else if (message.kind === 'request')
      answer(flow, message, { status: 503, fields: [['Retry-After', '5']] });
    return true;
  }

  function handle(flow: Flow, session: Session, message: SipMessage): void {
    if (session.kind === 'attached' && isTooMuch(flow, session, message)) return;
    if (session.kind === 'attached' && session.barred && isNewBusiness(message)) {
      refuse(flow, message, session.account.number, 'barred');
    } else if (message.kind === 'response' || message.method === 'ACK' || message.method === 'CANCEL') {
      if (session.kind === 'attached') passOn(session, message);
      else journal.dropped(flow, 'unsolicited');
    } else if (session.kind === 'attached' && isPlain(session, message)) {
      if (isOwn(message, session.account)) passOn(session, message);
      else refuse(flow, message, session.account.number, 'foreign-identity');
    } else {
      const proven = session.kind === 'attached' ? session.digest : undefined;
      judge(flow, session, message, authenticator.authenticate(flow, message, session.nonces, proven));
    }
  }

  function judge(flow: Flow, session: Session, request: SipRequest, verdict: Verdict): void {
    switch (verdict.kind) {
      case 'challenged':
        answer(flow, request, { status: 401, fields: verdict.fields });
        return;
      case 'refused':
        refuse(flow, request, verdict.username, verdict.why);
        return;
      case 'authentic':
        admit(flow, session, request, verdict);
    }
  }

  function admit(flow: Flow, session: Session, request: SipRequest, { account, digest }: Authentic): void {
    const token = bearer(request);
    if (session.kind === 'attached') {
      if (session.account.terminal !== account.terminal) {
        refuse(flow, request, account.number, 'foreign-identity');
        return;
      }
      session.token = token ?? session.token;
      session.digest = digest ?? session.digest;
      passOn(session, request);
      return;
    }
    const organization = organizations(account.organization);
    if (organization === undefined) {
      answer(flow, request, { status: 503, fields: [['Retry-After', '5']] });
      return;
    }
    if (attached.count(account.terminal) >= MOST_FLOWS_OF_TERMINAL) {
      answer(flow, request, { status: 503, fields: [['Retry-After', '60']] });
      return;
    }
    attached.add(account.terminal, flow);
    strangers.leave(flow);
    const { nonces } = session;
    const admitted: Attached = {
      kind: 'attached',
      account,
      organization,
      flow,
      nonces,
      requestsPaid: 0,
      responsesPaid: 0,
      token,
      digest,
      barred: false,
    };
    sessions.set(flow.id, admitted);
    journal.attached(flow, account);
    const { transport, remoteAddress, remotePort, authority } = flow;
    const { terminal, number } = account;
    takeOrdersOf(organization);
    organization.tell({
      kind: 'attach',
      flow: flow.id,
      facts: { transport, remoteAddress, remotePort, authority },
      account: { terminal, number },
    });
    passOn(admitted, request);
  }

  const passOn = ({ organization, flow }: Attached, message: SipMessage): void =>
    organization.tell({ kind: 'message', flow: flow.id, message });

  /** An organization has a say over its own flows only. */
  function takeOrdersOf(organization: Port): void {
    if (obeyed.has(organization)) return;
    const orders = organization.follow({ kind: 'flows' }, (order) => {
      const session = sessions.get(order.flow);
      if (session?.kind !== 'attached' || session.organization !== organization) return;
      if (order.kind === 'send') session.flow.send(order.message);
      else session.flow.close(order.code, order.reason);
    });
    obeyed.set(organization, orders);
  }

  /** Drops the proofs that would be refused now. */
  function forgetStaleProofs(session: Attached): void {
    const { token, digest, account } = session;
    if (token !== undefined && accounts.byToken(token.replace(/^bearer +/i, '')) === undefined)
      session.token = undefined;
    if (digest === undefined) return;
    const now = accounts.byDigest(account.domain, digest.username)?.secrets;
    if (now?.ha1Sha256 !== digest.secrets.ha1Sha256) session.digest = undefined;
  }

  function refuse(flow: Flow, request: SipRequest, username: string, why: Refusal): void {
    journal.refused(flow, username, why);
    answer(flow, request, { status: why === 'malformed' ? 400 : 403 });
  }

  function answer(flow: Flow, request: SipRequest, response: ResponseParts): void {
    flow.send(responseTo(request, { toTag, ...response }));
  }

  /** A bug of ours costs one message a 500 (a response or ACK gets nothing), never the process. */
  function failed(flow: Flow, message: SipMessage, error: unknown): void {
    journal.failed(flow, error);
    if (message.kind === 'request' && message.method !== 'ACK') answer(flow, message, { status: 500 });
  }

  return {
    opened(flow) {
      const leaving = strangers.enter(flow, networkOf(flow.remoteAddress));
      if (leaving) dismiss(leaving);
      const stranger: Stranger = {
        kind: 'stranger',
        gate: arrived(clock.monotonic()),
        nonces: new FlowNonces(),
      };
      sessions.set(flow.id, stranger);
    },
    received(flow, frame) {
      const session = sessions.get(flow.id);
      if (session === undefined) return;
      if (session.kind === 'stranger' && !admits(flow, session, 'frame')) return;
      const parsed = parseMessage(frame);
      if (!parsed.ok) {
        if (parsed.reply !== undefined) flow.send(parsed.reply);
        journal.dropped(flow, parsed.reply === undefined ? 'unparsable' : 'malformed');
        return;
      }
      if (/\S/.test(parsed.rest)) journal.dropped(flow, 'surplus');
      try {
        handle(flow, session, parsed.message);
      } catch (error) {
        failed(flow, parsed.message, error);
      }
    },
    closed(flow, reason) {
      const session = sessions.get(flow.id);
      sessions.delete(flow.id);
      strangers.leave(flow);
      journal.closed(flow, reason);
      if (session?.kind !== 'attached') return;
      attached.delete(session.account.terminal, flow);
      try {
        session.organization.tell({ kind: 'closed', flow: flow.id });
      } catch (error) {
        journal.failed(flow, error);
      }
    },
    reviewFlowsOf(terminal, reason) {
      for (const flow of attached.of(terminal)) {
        const session = sessions.get(flow.id);
        if (session?.kind !== 'attached' || session.barred) continue;
        forgetStaleProofs(session);
        if (session.token !== undefined || session.digest !== undefined) continue;
        session.barred = true;
        session.organization.tell({ kind: 'barred', flow: flow.id, reason });
      }
    },
    get counts() {
      return { strangers: strangers.size, attached: sessions.size - strangers.size };
    },
    close: () => {
      cancelSweep();
      for (const orders of obeyed.values()) orders.close();
    },
  };
}

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

/** Is this refused on a barred flow? */
const isNewBusiness = (message: SipMessage): message is SipRequest =>
  message.kind === 'request' && (isNewWork(message) || !OF_A_CALL.has(message.method));

/** A request outside of any dialog begins something new and may wait while calls under way continue. */
function isNewWork(message: SipMessage): boolean {
  if (message.kind === 'response' || message.method === 'ACK' || message.method === 'CANCEL') return false;
  return toOf(message).tag === undefined;
}

/**
 * Nothing to verify: no credentials, or the token that proved the account before. On a barred flow, requests of its call
 * are accepted whatever credentials they carry: the dialog identifies its peer by the flow.
 */
function isPlain({ token, barred }: Attached, { headers }: SipRequest): boolean {
  if (barred) return true;
  const authorization = headers.get('authorization');
  if (authorization === undefined) return headers.get('proxy-authorization') === undefined;
  return authorization === token;
}

function bearer({ headers }: SipRequest): string | undefined {
  const authorization = headers.get('authorization') ?? headers.get('proxy-authorization');
  return authorization !== undefined && /^bearer /i.test(authorization) ? copied(authorization) : undefined;
}
