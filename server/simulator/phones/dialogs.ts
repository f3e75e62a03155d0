import type { PageEvent } from '@perch/shared';
import { parseReplaces } from '../../src/sip/message/fields/replaces.ts';
import type { Line } from './line.ts';
import { type Purpose, Session } from './session.ts';
import type { Answered } from './transactions.ts';

/** What a phone tells the person who has it. */
export interface PhoneUser {
  rings(session: Session): void;
  talks(session: Session): void;
  ended(session: Session): void;
  registered(): void;
  told(event: PageEvent): void;
  /** It hears nothing more of the peer that described itself so, nor is heard. `isKnown`: the server has reason to know. */
  silenced(ufrag: string, isKnown: boolean): void;
}

/** The dialogs that a phone keeps, and its requests within them. */
export class Dialogs {
  readonly line: Line;
  user: PhoneUser | undefined;
  /** Those that are not over, by Call-ID. */
  readonly sessions = new Map<string, Session>();
  /** BYEs that the server has not answered. */
  #farewells: Session[] = [];
  #sounds = 0;

  constructor(line: Line) {
    this.line = line;
  }

  get talking(): readonly Session[] {
    return [...this.sessions.values()].filter(({ state }) => state === 'up');
  }

  add(parts: { callId: string; uri: string; purpose: Purpose }): Session {
    const sound = `${this.line.world.name}-${String(++this.#sounds)}`;
    const session = new Session({
      ...{ ...parts, local: this.line.token(), sound },
      trickles: this.line.world.isOurs,
      left: (ufrag) => this.user?.silenced(ufrag, true),
    });
    this.sessions.set(parts.callId, session);
    return session;
  }

  /** `isKnown`: the server has said so, or has been told. */
  over(session: Session, isKnown = true): void {
    if (session.isOver) return;
    session.state = 'over';
    this.sessions.delete(session.callId);
    this.user?.silenced(session.peerUfrag, isKnown);
    this.user?.ended(session);
  }

  /** Nothing is known of them any more. */
  forget(): void {
    const forgotten = [...this.sessions.values()];
    this.sessions.clear();
    for (const session of forgotten) {
      session.state = 'over';
      this.user?.silenced(session.peerUfrag, false);
    }
    this.#farewells = [];
  }

  /** There is a line again: what was not answered is said once more, and it asks after the rest. */
  catchUp(): void {
    for (const session of this.#farewells.splice(0)) this.bye(session);
    for (const session of this.talking) if (!session.isLeaving) this.#probe(session);
  }

  replacedBy(replaces: string | undefined): Session | undefined {
    const named = replaces === undefined ? undefined : parseReplaces(replaces);
    const session = named && this.sessions.get(named.callId);
    return session?.state === 'up' && session.local === named?.toTag ? session : undefined;
  }

  request(
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

  acknowledge(session: Session, sequence: number, branch?: string): void {
    this.line.request('ACK', {
      ...(branch !== undefined && { branch }),
      uri: session.target,
      from: session.localAddress,
      to: session.remoteAddress,
      callId: session.callId,
      sequence,
    });
  }

  cancel(session: Session): void {
    const { target: uri, localAddress: from, remoteAddress: to, callId, inviteBranch: branch } = session;
    this.line.request('CANCEL', { uri, from, to, callId, branch, sequence: 1 });
  }

  bye(session: Session): void {
    this.request(session, 'BYE', {}, (response) => {
      if (response.kind === 'none') {
        // It is said once more as soon as there is a line.
        if (!session.isOver) this.#farewells.push(session);
      } else this.over(session);
    });
  }

  /** Asks after a dialog (RFC 3261 §11): one that the server does not know is over. */
  #probe(session: Session): void {
    this.request(session, 'OPTIONS', {}, ({ status }) => {
      if (status === 481) this.over(session);
    });
  }
}
