import type { CallView, PageEvent } from '@perch/shared';
import { fromOf, toOf } from '../../src/sip/message/essentials.ts';
import { parseReplaces } from '../../src/sip/message/fields/replaces.ts';
import type { SipMessage, SipRequest } from '../../src/sip/message/message.ts';
import type { Answered, Line } from './line.ts';
import { type Purpose, Session } from './session.ts';

const LABEL = 'perch-call-id';
/** After a 491, an offer is made again after some of this time (RFC 3261 §14.1; milliseconds). */
const AGAIN_MS = [2_100, 4_000] as const;

/** RFC 3261 §17.1.1.1 (milliseconds). */
const T1_MS = 500;
const T2_MS = 4_000;

/** What a phone tells the person who has it. */
export interface PhoneUser {
  rings(session: Session): void;
  talks(session: Session): void;
  ended(session: Session): void;
  registered(): void;
  told(event: PageEvent): void;
  /** It hears nothing more of that session, nor is heard. */
  silenced(session: Session): void;
}

/** A phone as it has to be: it keeps its dialogs, answers what it is asked, and does what its person says. */
export class Phone {
  readonly line: Line;
  user: PhoneUser | undefined;
  /** Those that are not over, by Call-ID. */
  readonly sessions = new Map<string, Session>();
  /** The calls that its page shows, as the server has told it last. */
  views: readonly CallView[] = [];
  /** BYEs that the server has not answered. */
  #farewells: Session[] = [];
  #sounds = 0;

  constructor(line: Line) {
    this.line = line;
    line.asked = (request) => this.#asked(request);
    line.registered = () => this.#registered();
    line.lost = () => {
      this.views = [];
    };
  }

  get name(): string {
    return this.line.world.name;
  }

  get talking(): readonly Session[] {
    return [...this.sessions.values()].filter(({ state }) => state === 'up');
  }

  /** The page is loaded anew: it knows of no dialog. */
  forget(): void {
    for (const session of this.sessions.values()) {
      session.state = 'over';
      this.user?.silenced(session);
    }
    this.sessions.clear();
    this.#farewells = [];
    this.views = [];
    this.line.renew();
  }

  told(event: PageEvent): void {
    if (event.kind === 'calls') this.views = event.calls;
    // Its connection is dead, and nobody had noticed.
    if (event.kind === 'pulse' && !event.registered && this.line.isRegistered) this.line.change(true);
    this.user?.told(event);
  }

  dial(number: string, purpose: Purpose, fields: readonly string[] = []): Session {
    const uri = this.line.address(number);
    const session = this.#add({ callId: this.line.token(), uri, purpose });
    session.localAddress = `<${this.line.address()}>;tag=${session.local}`;
    session.remoteAddress = `<${uri}>`;
    session.sequence = 1;
    session.inviteBranch = this.line.request(
      'INVITE',
      {
        ...{
          uri,
          from: session.localAddress,
          to: session.remoteAddress,
          callId: session.callId,
          sequence: 1,
        },
        ...{ fields, body: session.offer() },
      },
      (response) => this.#invited(session, response),
      (response) => {
        this.#label(session, response);
        session.isHeardOf = true;
        if (session.isCancelled) this.#sendCancel(session);
      },
    );
    return session;
  }

  cancel(session: Session): void {
    if (session.state !== 'calling' || session.isCancelled) return;
    session.isCancelled = true;
    if (session.isHeardOf) this.#sendCancel(session);
  }

  answer(session: Session): void {
    const { invite } = session;
    if (session.state !== 'ringing' || invite === undefined) return;
    session.invite = undefined;
    session.state = 'up';
    session.finals += 1;
    this.#accept(session, invite, session.answer(invite.body), T1_MS);
    this.user?.talks(session);
  }

  decline(session: Session, status: string): void {
    const { invite } = session;
    if (session.state !== 'ringing' || invite === undefined) return;
    session.finals += 1;
    this.line.respond(invite, status, { tag: session.local });
    this.#over(session);
  }

  hangUp(session: Session): void {
    if (session.state !== 'up' || session.isLeaving) return;
    session.isLeaving = true;
    this.#bye(session);
  }

  /** Whatever it is, it is to end. */
  leave(session: Session): void {
    if (session.state === 'calling') this.cancel(session);
    else if (session.state === 'ringing') this.decline(session, '480 Temporarily Unavailable');
    else this.hangUp(session);
  }

  /** Puts the other side on hold, or takes it back. */
  hold(session: Session, holds: boolean): void {
    if (session.state !== 'up' || session.offering !== undefined || session.awaitsAnswer) return;
    session.offering = holds;
    this.#within(session, 'INVITE', { body: session.offer(holds) }, (response) => {
      session.offering = undefined;
      if (session.isOver) return;
      const { status } = response;
      if (response.kind === 'response' && status < 300) {
        session.holds = holds;
        session.hear(response.body);
        this.#acknowledge(session, session.sequence);
      } else if (status === 491) {
        const { clock, dice } = this.line.world;
        clock.after(dice.between(...AGAIN_MS), () => {
          if (session.state === 'up' && session.holds !== holds) this.hold(session, holds);
        });
      } else if (status === 481 || status === 408) this.#over(session);
    });
  }

  /** Sends the other side on; with `other`, to the one with whom that session is. */
  refer(session: Session, number: string, other?: Session): void {
    if (session.state !== 'up') return;
    const replaces =
      other === undefined
        ? ''
        : `?Replaces=${encodeURIComponent(`${other.callId};to-tag=${other.remote ?? ''};from-tag=${other.local}`)}`;
    this.#within(session, 'REFER', { fields: [`Refer-To: <${this.line.address(number)}${replaces}>`] });
  }

  press(session: Session, keys: string): void {
    for (const key of keys)
      this.#within(session, 'INFO', {
        type: 'application/dtmf-relay',
        body: `Signal=${key}\r\nDuration=100\r\n`,
      });
  }

  /** Asks after a dialog (RFC 3261 §11): one that the server does not know is over. */
  probe(session: Session): void {
    this.#within(session, 'OPTIONS', {}, ({ status }) => {
      if (status === 481) this.#over(session);
    });
  }

  /** A 2xx is sent again until its ACK comes; where none does, there is no call (RFC 3261 §13.3.1.4). */
  #accept(
    session: Session,
    invite: SipRequest,
    body: string,
    again: number,
    since = this.line.world.clock.monotonic(),
  ): void {
    this.line.respond(invite, '200 OK', { tag: session.local, body });
    this.line.world.clock.after(again, () => {
      if (session.isOver || session.isAcknowledged) return;
      if (this.line.world.clock.monotonic() - since >= 64 * T1_MS) this.hangUp(session);
      else this.#accept(session, invite, body, Math.min(2 * again, T2_MS), since);
    });
  }

  #registered(): void {
    for (const session of this.#farewells.splice(0)) this.#bye(session);
    for (const session of this.talking) if (!session.isLeaving) this.probe(session);
    this.user?.registered();
  }

  #add(parts: { callId: string; uri: string; purpose: Purpose }): Session {
    const sound = `${this.name}-${String(++this.#sounds)}`;
    const session = new Session({
      ...{ ...parts, local: this.line.token(), sound },
      trickles: this.line.world.isOurs,
    });
    this.sessions.set(parts.callId, session);
    return session;
  }

  #over(session: Session): void {
    if (session.isOver) return;
    session.state = 'over';
    this.sessions.delete(session.callId);
    this.user?.silenced(session);
    this.user?.ended(session);
  }

  #label(session: Session, message: SipMessage): void {
    session.call = message.headers.get(LABEL) ?? session.call;
  }

  #invited(session: Session, response: Parameters<Answered>[0]): void {
    session.finals += 1;
    if (response.kind === 'none') {
      this.#over(session);
      return;
    }
    this.#label(session, response);
    session.remote = toOf(response).tag;
    session.remoteAddress = response.headers.get('to') ?? session.remoteAddress;
    if (response.status >= 300) {
      this.#acknowledge(session, 1, session.inviteBranch);
      this.#over(session);
      return;
    }
    session.target = contactIn(response) ?? session.target;
    session.hear(response.body);
    this.#acknowledge(session, 1);
    if (session.isOver) return;
    session.state = 'up';
    if (session.isCancelled) this.hangUp(session);
    else this.user?.talks(session);
  }

  #acknowledge(session: Session, sequence: number, branch?: string): void {
    this.line.request('ACK', {
      ...(branch !== undefined && { branch }),
      uri: session.target,
      from: session.localAddress,
      to: session.remoteAddress,
      callId: session.callId,
      sequence,
    });
  }

  #sendCancel(session: Session): void {
    const { target: uri, localAddress: from, remoteAddress: to, callId, inviteBranch: branch } = session;
    this.line.request('CANCEL', { uri, from, to, callId, branch, sequence: 1 });
  }

  #bye(session: Session): void {
    this.#within(session, 'BYE', {}, (response) => {
      if (response.kind === 'none') {
        // It is said once more as soon as there is a line.
        if (!session.isOver) this.#farewells.push(session);
      } else this.#over(session);
    });
  }

  #within(
    session: Session,
    method: string,
    { fields, body, type }: { fields?: readonly string[]; body?: string; type?: string },
    answered?: Answered,
  ): void {
    session.sequence += 1;
    this.line.request(
      method,
      {
        ...{ uri: session.target, from: session.localAddress, to: session.remoteAddress },
        ...{ callId: session.callId, sequence: session.sequence },
        ...(fields !== undefined && { fields }),
        ...(body !== undefined && { body }),
        ...(type !== undefined && { type }),
      },
      answered,
    );
  }

  #asked(request: SipRequest): void {
    const session = this.sessions.get(request.essentials.callId);
    if (request.method === 'INVITE' && toOf(request).tag === undefined) this.#called(request);
    else if (request.method === 'OPTIONS' || request.method === 'NOTIFY') {
      const isInUnknown = toOf(request).tag !== undefined && session === undefined;
      this.line.respond(request, isInUnknown ? '481 Call/Transaction Does Not Exist' : '200 OK');
    } else if (session === undefined) {
      if (request.method !== 'ACK') this.line.respond(request, '481 Call/Transaction Does Not Exist');
    } else this.#askedWithin(session, request);
  }

  #askedWithin(session: Session, request: SipRequest): void {
    this.#label(session, request);
    switch (request.method) {
      case 'ACK':
        session.isAcknowledged = true;
        if (session.awaitsAnswer) session.hear(request.body);
        session.awaitsAnswer = false;
        return;
      case 'BYE':
        this.line.respond(request, '200 OK');
        session.endings += 1;
        this.#over(session);
        return;
      case 'CANCEL': {
        const { invite } = session;
        this.line.respond(request, '200 OK', { tag: session.local });
        if (session.state !== 'ringing' || invite === undefined) return;
        session.endings += 1;
        session.finals += 1;
        this.line.respond(invite, '487 Request Terminated', { tag: session.local });
        this.#over(session);
        return;
      }
      case 'INVITE':
      case 'UPDATE':
        this.#offered(session, request);
        return;
      case 'REFER':
        this.#referred(session, request);
        return;
      default:
        this.line.respond(request, '200 OK');
    }
  }

  #offered(session: Session, request: SipRequest): void {
    if (session.offering !== undefined || session.awaitsAnswer) {
      this.line.respond(request, '491 Request Pending');
      return;
    }
    if (request.method === 'UPDATE' && request.body === '') {
      this.line.respond(request, '200 OK');
      return;
    }
    const body = request.body === '' ? session.offer() : session.answer(request.body);
    session.awaitsAnswer = request.body === '' && request.method === 'INVITE';
    this.line.respond(request, '200 OK', { body });
  }

  /** It is asked to call: a visitor of its mailbox calls back, or it is to make another session of a call. */
  #referred(session: Session, request: SipRequest): void {
    const to = /sip:([^@>?;]+)@/.exec(request.headers.get('refer-to') ?? '')?.[1];
    this.line.respond(request, '202 Accepted');
    if (to !== undefined && session.state === 'up') this.dial(to, 'talk');
  }

  #called(invite: SipRequest): void {
    const replaces = invite.headers.get('replaces');
    const replaced = this.#replacedBy(replaces);
    if (replaces !== undefined && replaced === undefined) {
      this.line.respond(invite, '481 Call/Transaction Does Not Exist', { tag: this.line.token() });
      return;
    }
    const { callId } = invite.essentials;
    const session = this.#add({ callId, uri: contactIn(invite) ?? '', purpose: 'incoming' });
    session.remote = fromOf(invite).tag;
    session.localAddress = `${invite.headers.get('to') ?? ''};tag=${session.local}`;
    session.remoteAddress = invite.headers.get('from') ?? '';
    session.sequence = 1;
    session.state = 'ringing';
    session.invite = invite;
    this.#label(session, invite);
    if (replaced !== undefined) {
      session.holds = replaced.holds;
      this.answer(session);
      this.hangUp(replaced);
      return;
    }
    this.line.respond(invite, '180 Ringing', { tag: session.local });
    this.user?.rings(session);
  }

  #replacedBy(replaces: string | undefined): Session | undefined {
    const named = replaces === undefined ? undefined : parseReplaces(replaces);
    const session = named && this.sessions.get(named.callId);
    return session?.state === 'up' && session.local === named?.toTag ? session : undefined;
  }
}

function contactIn({ essentials: { contacts } }: SipMessage): string | undefined {
  return contacts === '*' ? undefined : contacts[0]?.uri;
}
