import { CALL_ID_HEADER, type CallId } from '@perch/shared';
import { UA } from 'jssip';
import type { IncomingInvite, IncomingRequest } from 'jssip/lib/Dialog';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { RTCSessionEvent } from 'jssip/lib/UA';
import { browserWorld } from '../world/world.ts';
import { AnsweringSocket } from './answering-socket.ts';
import { askAfterDialogs } from './dialog-probe.ts';
import { mendFarewell, sayFarewells } from './farewell.ts';
import { mendGlare } from './glare.ts';
import { Refusals } from './refusals.ts';
import { type CallSession, type OwnSound, PhoneSession } from './session.ts';

mendGlare(browserWorld);
mendFarewell();

/** `Originator.REMOTE`, which JsSIP declares and does not export. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- see above
const REMOTE = 'remote' as RTCSessionEvent['originator'];

/** The delay of JsSIP's own reconnection: it must never happen, as the line decides when to reconnect (seconds). */
const NEVER_S = 1_000_000;
/** How long a registration lasts unless refreshed (seconds). */
const EXPIRES_S = 600;

/**
 * What this phone is able to do, for its Contact (RFC 3840 §9): JsSIP answers OPTIONS where it hears it, in the handler of the WebSocket,
 * which no browser throttles. So an answer shows that this script runs, on the socket on which calls come. And a new session may take
 * the place of one that a call has (docs/sip-profile.md).
 */
const ABLE = { '+perch.heartbeat': '', '+perch.reseat': '' };

/** `UA.transport`, which its types leave out. */
interface Transport {
  connect(): void;
  disconnect(): void;
}

export interface Account {
  /** `ws://host/sip` or `wss://host/sip`. */
  readonly url: string;
  readonly domain: string;
  readonly number: string;
  readonly token: string;
  /** `+sip.instance` (RFC 5626 §4.1): this terminal in this browser, across reloads. */
  readonly instanceId: string;
}

export interface UserAgentListener {
  onConnected(): void;
  onDisconnected(): void;
  onRegistered(): void;
  onRegistrationFailed(): void;
  /** Something that the server answers at once has brought no answer: the flow may have died unnoticed. */
  onUnanswered(): void;
  onOffered(session: CallSession): void;
}

/** A registered phone on one line, as the line knows it. */
export interface SipUserAgent {
  /** Opens the WebSocket; registering follows by itself. */
  connect(): void;
  /** Closes the WebSocket; calls in progress go on without it. */
  disconnect(): void;
  /** Does anything come from the server within so many milliseconds, if it is asked whether it is there? */
  answers(ms: number): Promise<boolean>;
  /** Calls a number or feature code of the own domain; or, with its id, for a session of a live call, which the server then continues here. */
  call(userPart: string, sound: OwnSound, id?: CallId | null): CallSession;
}

/** The user agent of JsSIP, over one WebSocket (RFC 7118). */
export class UserAgent implements SipUserAgent {
  readonly #ua: UA;
  readonly #domain: string;
  readonly #transport: Transport;
  readonly #socket: AnsweringSocket;
  readonly #refusals = new Refusals();
  #started = false;
  #disconnecting = false;

  constructor(account: Account, listener: UserAgentListener) {
    this.#domain = account.domain;
    this.#socket = new AnsweringSocket(account.url, () => listener.onUnanswered());
    this.#ua = new UA({
      sockets: [this.#socket],
      uri: `sip:${account.number}@${account.domain}`,
      authorization_jwt: `Bearer ${account.token}`,
      instance_id: account.instanceId,
      register_expires: EXPIRES_S,
      // The server watches over calls; a session refresh that is due while the line is down would end this one.
      session_timers: false,
      connection_recovery_min_interval: NEVER_S,
      connection_recovery_max_interval: NEVER_S,
      user_agent: 'Perch',
    });
    this.#ua.registrator().setExtraContactParams(ABLE);
    this.#transport = (this.#ua as unknown as { readonly transport: Transport }).transport;
    this.#ua.on('connected', () => listener.onConnected());
    this.#ua.on('disconnected', () => {
      if (!this.#disconnecting) listener.onDisconnected();
    });
    this.#ua.on('registered', () => {
      sayFarewells(this.#ua);
      askAfterDialogs(this.#ua);
      listener.onRegistered();
    });
    this.#ua.on('registrationFailed', () => listener.onRegistrationFailed());
    this.#ua.on('newRTCSession', ({ originator, session, request }: RTCSessionEvent) => {
      // One that takes the place of another session is the business of the call that has that one.
      if (originator !== REMOTE || request.hasHeader('Replaces')) return;
      const invite = request as unknown as IncomingInvite;
      const refused = this.#refusals.before(invite);
      this.#refusals.watch(session, invite);
      if (refused === undefined) listener.onOffered(this.#wrap(session, invite));
      else session.terminate({ status_code: refused });
    });
  }

  connect(): void {
    if (this.#started) this.#transport.connect();
    else this.#ua.start();
    this.#started = true;
  }

  disconnect(): void {
    this.#disconnecting = true;
    this.#transport.disconnect();
    this.#disconnecting = false;
  }

  answers(ms: number): Promise<boolean> {
    return this.#socket.answers(ms);
  }

  call(userPart: string, { stream, iceServers }: OwnSound, id: CallId | null = null): PhoneSession {
    const session = this.#ua.call(`sip:${userPart.replaceAll('#', '%23')}@${this.#domain}`, {
      mediaStream: stream,
      pcConfig: { iceServers },
      extraHeaders: [
        // In which the server speaks to somebody who has chosen no language (RFC 3261 §20.3).
        `Accept-Language: ${document.documentElement.lang}`,
        ...(id === null ? [] : [`${CALL_ID_HEADER}: ${id}`]),
      ],
    });
    return this.#wrap(session);
  }

  #wrap(session: RTCSession, invite?: IncomingRequest): PhoneSession {
    return new PhoneSession(session, () => this.#ua.isConnected(), invite);
  }
}
