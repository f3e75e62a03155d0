import type { TerminalId } from '@perch/shared';
import type { CrowdBounds } from '../collections/crowd.ts';
import { responseTo } from '../sip/message/build.ts';
import type { ResponseParts } from '../sip/message/build.ts';
import type { SipMessage, SipRequest } from '../sip/message/message.ts';
import { parseMessage } from '../sip/message/parse.ts';
import type { Flow, FlowListener, OwnedFlow } from '../sip/transport/flow.ts';
import type { Random } from '../sip/user-agent/random.ts';
import type { Clock } from '../world/clock.ts';
import { AttachedFlows } from './attached-flows.ts';
import {
  bearer,
  forgetStaleProofs,
  isNewBusiness,
  isNewWork,
  isOfCall,
  isPlain,
  restAfter,
  takesTurns,
} from './attached.ts';
import type { Attached } from './attached.ts';
import { createAuthenticator } from './authenticator.ts';
import type { Authentic, Verdict } from './authenticator.ts';
import { isOwn } from './identity.ts';
import type { Accounts, EdgeJournal, Refusal, Organizations } from './ports.ts';
import { Strangers } from './strangers.ts';
import type { Stranger } from './strangers.ts';

interface EdgeOptions {
  /** How many flows may be unauthenticated at once. */
  readonly bounds: CrowdBounds;
  readonly accounts: Accounts;
  readonly organizations: Organizations;
  readonly journal: EdgeJournal;
  readonly clock: Clock;
  readonly random: Random;
  /** A message of a call has come, from a phone that has not sent too much: what follows from it comes before what can wait. */
  readonly urgent: () => void;
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

/** A flow as the edge knows it. */
type Session = Stranger | Attached;

export function createEdge(options: EdgeOptions): Edge {
  const { bounds, accounts, organizations, journal, clock, random, urgent } = options;
  const authenticator = createAuthenticator(accounts, clock, random);
  const strangers = new Strangers(bounds, clock);
  const attached = new AttachedFlows(clock);
  /** Our answers at the edge keep no state and make no dialog; one tag serves them all (RFC 3261 §8.2.7). */
  const toTag = random.token();

  /** Has the phone sent too much for this message to be handled? Then its peer is not read for a while, and what it sends waits there. */
  function isTooMuch(session: Attached, message: SipMessage, octets: number): boolean {
    const { flow } = session;
    if (!hasToRest(session, message.kind, octets)) return false;
    if (message.kind === 'response' || !isNewWork(message)) return false;
    journal.dropped(flow, 'flood');
    answer(flow, message, { status: 503, fields: [['Retry-After', '5']] });
    return true;
  }

  /** Counts a message, for which its peer may have to take turns. Returns whether it is not read for a while. */
  function hasToRest(session: Attached, kind: SipMessage['kind'], octets: number): boolean {
    const now = clock.monotonic();
    const rest = restAfter(session, kind, octets, now);
    session.flow.takesTurns(takesTurns(session, now));
    if (rest > 0) session.flow.rest(rest);
    return rest > 0;
  }

  function handle(flow: OwnedFlow, session: Session, message: SipMessage, octets: number): void {
    if (session.kind === 'attached' && isTooMuch(session, message, octets)) return;
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
      judge(flow, session, message, authenticator.authenticate(flow, message, session, proven));
    }
  }

  function judge(flow: OwnedFlow, session: Session, request: SipRequest, verdict: Verdict): void {
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

  function admit(
    flow: OwnedFlow,
    session: Session,
    request: SipRequest,
    { account, digest }: Authentic,
  ): void {
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
    if (attached.isFull(account.terminal)) {
      answer(flow, request, { status: 503, fields: [['Retry-After', '60']] });
      return;
    }
    strangers.leave(flow);
    const { nonces } = session;
    const admitted: Attached = {
      kind: 'attached',
      account,
      organization,
      flow,
      nonces,
      spending: attached.spendingOf(account.terminal),
      token,
      digest,
      barred: false,
    };
    journal.attached(flow, account);
    flow.takesTurns(takesTurns(admitted, clock.monotonic()));
    attached.attach(admitted);
    passOn(admitted, request);
  }

  function passOn(session: Attached, message: SipMessage): void {
    const { organization, flow } = session;
    if (isOfCall(message) && !takesTurns(session, clock.monotonic())) urgent();
    organization.tell({ kind: 'message', flow: flow.id, message });
  }

  function refuse(flow: Flow, request: SipRequest, username: string, why: Refusal): void {
    journal.refused(flow, username, why);
    answer(flow, request, { status: why === 'malformed' ? 400 : 403 });
  }

  function answer(flow: Flow, message: SipRequest, response: ResponseParts): void {
    const answer = responseTo(message, { toTag, ...response });
    flow.send(answer);
    if (message.method !== 'INVITE') return;
    attached.of(flow)?.organization.tell({ kind: 'refused', flow: flow.id, message, answer });
  }

  /** A bug of ours costs one message a 500 (a response or ACK gets nothing), never the process. */
  function failed(flow: Flow, message: SipMessage, error: unknown): void {
    journal.failed(flow, error);
    if (message.kind === 'request' && message.method !== 'ACK') answer(flow, message, { status: 500 });
  }

  return {
    opened: (flow) => {
      strangers.enter(flow);
    },
    received(flow, frame) {
      const session = attached.of(flow) ?? strangers.of(flow);
      if (session === undefined) return;
      if (session.kind === 'stranger' && !strangers.admits(flow, session, frame.length)) return;
      const parsed = parseMessage(frame);
      if (!parsed.ok) {
        if (session.kind === 'attached' && hasToRest(session, 'request', frame.length)) return;
        if (parsed.reply !== undefined) flow.send(parsed.reply);
        journal.dropped(flow, parsed.reply === undefined ? 'unparsable' : 'malformed');
        return;
      }
      if (parsed.rest !== '' && /\S/.test(parsed.rest)) journal.dropped(flow, 'surplus');
      try {
        handle(flow, session, parsed.message, frame.length);
      } catch (error) {
        failed(flow, parsed.message, error);
      }
    },
    stirred(flow, octets) {
      const session = attached.of(flow);
      const stranger = strangers.of(flow);
      if (session !== undefined) hasToRest(session, 'request', octets);
      else if (stranger !== undefined) strangers.admits(flow, stranger, octets);
    },
    closed(flow, reason) {
      const session = attached.of(flow);
      strangers.leave(flow);
      journal.closed(flow, reason);
      if (session === undefined) return;
      try {
        attached.detach(session);
      } catch (error) {
        journal.failed(flow, error);
      }
    },
    reviewFlowsOf(terminal, reason) {
      for (const session of attached.ofTerminal(terminal)) {
        if (session.barred) continue;
        forgetStaleProofs(session, accounts);
        if (session.token !== undefined || session.digest !== undefined) continue;
        attached.bar(session);
        session.organization.tell({ kind: 'barred', flow: session.flow.id, reason });
      }
    },
    get counts() {
      return { strangers: strangers.size, attached: attached.size };
    },
    close: () => {
      strangers.close();
      attached.close();
    },
  };
}
