import { terminalApi, type CallId, type EnrolledTerminal, type PageEvent, pageEvent } from '@perch/shared';
import { EventsSocket, type FollowedTopic } from '../../api/events-socket.ts';
import { request, RequestError } from '../../api/request.ts';
import { type Health, healthOf } from '../../phone/line/health.ts';
import { SILENCE_MS } from '../../phone/calls/ring-policy.ts';
import type { CallSession } from '../../sip/session.ts';
import type { Clock } from '../page/clock.svelte.ts';
import type { World } from '../../world/world.ts';
import { Enrolment } from './enrolment.ts';
import { type LineListener, LineRunner } from './line.svelte.ts';
import type { ServerWord } from './server-word.svelte.ts';
import { Sleep } from './sleep.ts';
import { after, type Cancel } from '../../world/timers.ts';

/** Between two attempts to get new credentials for TURN. */
const RETRY_MS = 60_000;

export interface ConnectionParts {
  readonly word: ServerWord;
  readonly clock: Clock;
  readonly world: World;
  readonly onOffered: (session: CallSession) => void;
  /** The ringing call can no longer be answered. */
  readonly onRingingLost: () => void;
  /** The server holds the registration again; `atOnce` where it took no second try. */
  readonly onRegistered: (atOnce: boolean) => void;
  /** Is there a call on the line? */
  readonly inCall: () => boolean;
}

/** What connects a terminal to its server: its enrolment, its line, and the events of its page. */
export class Connection {
  /**
   * Why the server no longer lets this phone in: it does not know this browser as this terminal any more, or the extension is
   * suspended. A call under way goes on over its line, but not over a new one.
   */
  barred: 'revoked' | 'suspended' | null = $state(null);
  /** Why the server refuses this page, in its words: to the page a refused WebSocket looks like an unreachable server. */
  refusal: string | null = $state(null);
  readonly #enrolment: Enrolment;
  readonly #line: LineRunner;
  readonly #events: EventsSocket<PageEvent>;
  readonly #sleep: Sleep;
  readonly #parts: ConnectionParts;
  /** When the page began to connect, the last time, by this browser's clock. */
  begunAt: number;
  /** When the page was opened, by the same clock. */
  readonly openedAt: number;
  #askedAt = 0;
  #cancelRenewal: Cancel | undefined;
  #isClosed = false;

  constructor(terminal: EnrolledTerminal, parts: ConnectionParts) {
    this.#parts = parts;
    this.openedAt = parts.world.now();
    this.begunAt = $state(this.openedAt);
    this.#enrolment = new Enrolment(terminal);
    const listener: LineListener = {
      onRegistered: (atOnce) => this.#onRegistered(atOnce),
      onRegistrationFailed: () => void this.#refresh(),
      onUnanswered: () => void this.askLine(),
      keepsLine: () => this.barred !== null && parts.inCall(),
      onOffered: parts.onOffered,
      onRingingLost: parts.onRingingLost,
    };
    this.#line = new LineRunner(this.#enrolment.account, listener, parts.world);
    this.#events = new EventsSocket(this.#enrolment.credentials, pageEvent, parts.world, {
      onEvent: (event) => {
        // It may be as old as the sleep: the server says it all again.
        if (this.#sleep.ran()) return;
        this.barred = null;
        parts.word.hear(event);
      },
      onRefused: () => (this.barred = 'revoked'),
      onSuspended: () => (this.barred = 'suspended'),
    });
    window.addEventListener('online', this.tryNow);
    // The WebSockets would take their time to notice.
    window.addEventListener('offline', this.#doubt);
    this.#sleep = new Sleep(parts.world, {
      onFrozen: () => this.#onFrozen(),
      onAwake: () => this.#onAwake(),
    });
  }

  get number(): string {
    return this.#enrolment.number;
  }

  /** Of this browser at this terminal. */
  get token(): string {
    return this.#enrolment.token;
  }

  get iceServers(): RTCIceServer[] {
    return this.#enrolment.iceServers;
  }

  get health(): Health {
    const { word, clock } = this.#parts;
    return healthOf(this.#line.line, word, clock.now, this.begunAt);
  }

  get isRegistered(): boolean {
    return this.#line.line.kind === 'registered';
  }

  start(): void {
    this.begunAt = this.#parts.world.now();
    this.#line.start();
    this.#events.reconnect();
    void this.#refresh();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRenewal?.();
    window.removeEventListener('online', this.tryNow);
    window.removeEventListener('offline', this.#doubt);
    this.#sleep.close();
    this.#line.close();
    this.#events.close();
  }

  /** Throws where `number` makes no SIP address. `id`: of a live call that is to go on here. */
  invite(number: string, stream: MediaStream, id: CallId | null = null): CallSession {
    return this.#line.userAgent.call(number, { stream, iceServers: this.iceServers }, id);
  }

  /** Keeps a topic up to date until the returned function is called. */
  follow(topic: FollowedTopic): () => void {
    return this.#events.follow(topic);
  }

  readonly tryNow = (): void => {
    this.#line.tryNow();
    this.#events.reconnect();
  };

  /**
   * Reconnects where the server has been silent for too long, or says that this phone is not registered: the flow may have
   * died unnoticed.
   */
  check(): void {
    if (this.barred !== null || this.#sleep.ran()) return;
    const { word, clock } = this.#parts;
    const { now } = clock;
    const { line } = this.#line;
    if (line.kind === 'waiting' && line.nextTryAt !== this.#askedAt) {
      this.#askedAt = line.nextTryAt;
      void this.#askWhy();
    }
    // A server that has not said a word yet is as silent as one that no longer does.
    const fineUntil = Math.min(word.heardAt ?? this.begunAt, word.unregisteredSince ?? now);
    if (line.kind !== 'registered' || now - Math.max(fineUntil, this.begunAt) < SILENCE_MS) return;
    this.#doubt();
  }

  /** Nothing is heard of a call any more, or a request has no answer: perhaps nothing comes through to this page at all. */
  readonly askLine = async (): Promise<void> => {
    if (this.barred === null && !(await this.#line.stands(reached()))) this.#doubt();
  };

  /** Both connections may have died unnoticed. */
  readonly #doubt = (): void => {
    this.begunAt = this.#parts.world.now();
    this.#line.doubt();
    this.#events.reconnect();
  };

  /** Nothing rings in a page that does not run, and nothing of what it shows may be seen before it has been confirmed. */
  #onFrozen(): void {
    const { word, onRingingLost } = this.#parts;
    word.doubt();
    onRingingLost();
    this.#events.close();
  }

  #onAwake(): void {
    this.#parts.word.doubt();
    this.#doubt();
  }

  async #askWhy(): Promise<void> {
    try {
      await request(terminalApi.checkOrigin, {});
      this.refusal = null;
    } catch (error) {
      this.refusal = error instanceof RequestError && error.code === 'cross-origin' ? error.message : null;
    }
  }

  #onRegistered(atOnce: boolean): void {
    const { word } = this.#parts;
    this.refusal = null;
    // Where both were lost, one may have come back alone.
    if (word.heardAt !== null && word.isLate) this.#events.reconnect();
    else this.#events.ensure();
    this.#parts.onRegistered(atOnce);
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#cancelRenewal?.();
    const answer = await this.#enrolment.refresh();
    if (answer === 'revoked' || answer === 'suspended') this.barred = answer;
    else this.#renewLater(answer === 'good');
  }

  /** TURN's credentials are renewed long before they run out, so that every call begins with some that last. */
  #renewLater(isFresh: boolean): void {
    const { iceMs } = this.#enrolment;
    if (iceMs === undefined || this.#isClosed) return;
    this.#cancelRenewal?.();
    this.#cancelRenewal = after(isFresh ? iceMs / 2 : RETRY_MS, () => void this.#refresh());
  }
}

/** Over a connection of its own: resolved once the server has answered, and never where it does not. */
const reached = (): Promise<void> =>
  new Promise((resolve) => {
    request(terminalApi.checkOrigin, {}).then(
      () => resolve(),
      (error: unknown) => {
        if (error instanceof RequestError && error.code !== 'unavailable') resolve();
      },
    );
  });
