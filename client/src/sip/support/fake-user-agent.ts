import type { CallId } from '@perch/shared';
import { FakeSession } from './fake-session.ts';
import type { CallSession, OwnSound } from '../session.ts';
import type { Account, SipUserAgent, UserAgentListener } from '../user-agent.ts';

/** A user agent without a network: remembers the calls made to it, and is controlled by the test. */
export class FakeUserAgent implements SipUserAgent {
  static readonly made: FakeUserAgent[] = [];
  /** In the order in which it was asked: `connect`, `disconnect`, `call 102`. */
  readonly asked: string[] = [];
  readonly sessions: FakeSession[] = [];
  readonly account: Account;
  readonly says: UserAgentListener;
  /** Whether the server answers on the flow. */
  isHeard = true;

  constructor(account: Account, listener: UserAgentListener) {
    this.account = account;
    this.says = listener;
    FakeUserAgent.made.push(this);
  }

  connect(): void {
    this.asked.push('connect');
  }

  disconnect(): void {
    this.asked.push('disconnect');
  }

  answers(): Promise<boolean> {
    this.asked.push('answers');
    return Promise.resolve(this.isHeard);
  }

  call(userPart: string, _sound: OwnSound, id: CallId | null = null): CallSession {
    this.asked.push(id === null ? `call ${userPart}` : `take up ${id}`);
    const session = new FakeSession(userPart);
    this.sessions.push(session);
    return session;
  }

  /** An incoming call. */
  offer(number: string, name = '', id: CallId | null = null): FakeSession {
    const session = new FakeSession(number, name, id);
    this.says.onOffered(session);
    return session;
  }
}

/** @public In tests of rune classes and pages, it stands for the user agent of the product (client/vitest.config.ts). */
export { FakeUserAgent as UserAgent };
