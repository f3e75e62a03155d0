import type { CallView, PageEvent } from '@perch/shared';
import { fromOf, toOf } from '../../src/sip/message/essentials.ts';
import type { SipRequest } from '../../src/sip/message/message.ts';
import { answerWithin } from './answers.ts';
import { Dialogs, type PhoneUser } from './dialogs.ts';
import type { Line } from './line.ts';
import { ServerWatch } from './server-watch.ts';
import { contactIn, type Purpose, type Session } from './session.ts';
import type { Answered } from './transactions.ts';

/** After a 491, an offer is made again after some of this time (RFC 3261 §14.1; milliseconds). */
const AGAIN_MS = [2_100, 4_000] as const;

/** RFC 3261 §17.1.1.1 (milliseconds). */
const T1_MS = 500;
const T2_MS = 4_000;

/** A phone as it has to be: it keeps its dialogs, answers what it is asked, and does what its person says. */
export class Phone {
  readonly line: Line;
  readonly #dialogs: Dialogs;
  readonly #watch: ServerWatch;
  /** The calls that its page shows, as the server has told it last. */
  views: readonly CallView[] = [];

  constructor(line: Line) {
    this.line = line;
    this.#dialogs = new Dialogs(line);
    this.#watch = new ServerWatch({
      clock: line.world.clock,
      isAsleep: () => line.isAsleep,
      doubt: () => line.change(false),
    });
    line.asked = (request) => this.#asked(request);
    line.registered = () => this.#registered();
    line.lost = () => {
      this.#watch.end();
      this.views = [];
    };
  }

  get user(): PhoneUser | undefined {
    return this.#dialogs.user;
  }

  set user(user: PhoneUser | undefined) {
    this.#dialogs.user = user;
  }

  /** Those that are not over, by Call-ID. */
  get sessions(): ReadonlyMap<string, Session> {
    return this.#dialogs.sessions;
  }

  get talking(): readonly Session[] {
    return this.#dialogs.talking;
  }

  get name(): string {
    return this.line.world.name;
  }

  /** The page is loaded anew: it knows of no dialog. */
  forget(): void {
    this.#dialogs.forget();
    this.views = [];
    this.line.renew();
  }

  told(event: PageEvent): void {
    if (event.kind === 'calls') this.views = event.calls;
    this.#watch.told(event);
    this.user?.told(event);
  }

  dial(number: string, purpose: Purpose, fields: readonly string[] = []): Session {
    const uri = this.line.address(number);
    const session = this.#dialogs.add({ callId: this.line.token(), uri, purpose });
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
        session.label(response);
        session.isHeardOf = true;
        if (session.isCancelled) this.#dialogs.cancel(session);
      },
    );
    return session;
  }

  cancel(session: Session): void {
    if (session.state !== 'calling' || session.isCancelled) return;
    session.isCancelled = true;
    if (session.isHeardOf) this.#dialogs.cancel(session);
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
    this.#dialogs.over(session);
  }

  hangUp(session: Session): void {
    if (session.state !== 'up' || session.isLeaving) return;
    session.isLeaving = true;
    this.#dialogs.bye(session);
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
    this.#dialogs.request(session, 'INVITE', { body: session.offer(holds) }, (response) => {
      session.offering = undefined;
      if (session.isOver) return;
      const { status } = response;
      if (response.kind === 'response' && status < 300) {
        session.holds = holds;
        session.hear(response.body);
        this.#dialogs.acknowledge(session, session.sequence);
      } else if (status === 491) {
        const { clock, dice } = this.line.world;
        clock.after(dice.between(...AGAIN_MS), () => {
          if (session.state === 'up' && session.holds !== holds) this.hold(session, holds);
        });
      } else if (status === 481 || status === 408) this.#dialogs.over(session, status === 481);
    });
  }

  /** Sends the other side on; with `other`, to the one with whom that session is. */
  refer(session: Session, number: string, other?: Session): void {
    if (session.state !== 'up') return;
    const replaces =
      other === undefined
        ? ''
        : `?Replaces=${encodeURIComponent(`${other.callId};to-tag=${other.remote ?? ''};from-tag=${other.local}`)}`;
    this.#dialogs.request(session, 'REFER', {
      fields: [`Refer-To: <${this.line.address(number)}${replaces}>`],
    });
  }

  press(session: Session, keys: string): void {
    for (const key of keys)
      this.#dialogs.request(session, 'INFO', {
        type: 'application/dtmf-relay',
        body: `Signal=${key}\r\nDuration=100\r\n`,
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
    this.#watch.begin();
    this.#dialogs.catchUp();
    this.user?.registered();
  }

  #invited(session: Session, response: Parameters<Answered>[0]): void {
    session.finals += 1;
    if (response.kind === 'none') {
      this.#dialogs.over(session, false);
      return;
    }
    session.label(response);
    session.remote = toOf(response).tag;
    session.remoteAddress = response.headers.get('to') ?? session.remoteAddress;
    if (response.status >= 300) {
      this.#dialogs.acknowledge(session, 1, session.inviteBranch);
      this.#dialogs.over(session);
      return;
    }
    session.target = contactIn(response) ?? session.target;
    session.hear(response.body);
    this.#dialogs.acknowledge(session, 1);
    if (session.isOver) return;
    session.state = 'up';
    if (session.isCancelled) this.hangUp(session);
    else this.user?.talks(session);
  }

  #asked(request: SipRequest): void {
    const session = this.sessions.get(request.essentials.callId);
    if (request.method === 'INVITE' && toOf(request).tag === undefined) this.#called(request);
    else if (request.method === 'OPTIONS' || request.method === 'NOTIFY') {
      const isInUnknown = toOf(request).tag !== undefined && session === undefined;
      this.line.respond(request, isInUnknown ? '481 Call/Transaction Does Not Exist' : '200 OK');
    } else if (session === undefined) {
      if (request.method !== 'ACK') this.line.respond(request, '481 Call/Transaction Does Not Exist');
    } else if (request.method === 'REFER') this.#referred(session, request);
    else answerWithin(this.#dialogs, session, request);
  }

  /** It is asked to call: a visitor of its mailbox calls back, or it is to make another session of a call. */
  #referred(session: Session, request: SipRequest): void {
    session.label(request);
    const to = /sip:([^@>?;]+)@/.exec(request.headers.get('refer-to') ?? '')?.[1];
    this.line.respond(request, '202 Accepted');
    if (to !== undefined && session.state === 'up') this.dial(to, 'talk');
  }

  #called(invite: SipRequest): void {
    const replaces = invite.headers.get('replaces');
    const replaced = this.#dialogs.replacedBy(replaces);
    if (replaces !== undefined && replaced === undefined) {
      this.line.respond(invite, '481 Call/Transaction Does Not Exist', { tag: this.line.token() });
      return;
    }
    const { callId } = invite.essentials;
    const session = this.#dialogs.add({ callId, uri: contactIn(invite) ?? '', purpose: 'incoming' });
    session.remote = fromOf(invite).tag;
    session.localAddress = `${invite.headers.get('to') ?? ''};tag=${session.local}`;
    session.remoteAddress = invite.headers.get('from') ?? '';
    session.sequence = 1;
    session.state = 'ringing';
    session.invite = invite;
    session.label(invite);
    if (replaced !== undefined) {
      session.holds = replaced.holds;
      this.answer(session);
      this.hangUp(replaced);
      return;
    }
    this.line.respond(invite, '180 Ringing', { tag: session.local });
    this.user?.rings(session);
  }
}
