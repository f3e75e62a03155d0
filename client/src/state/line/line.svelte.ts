import type { World } from '../../world/world.ts';
import { assertNever } from '@perch/shared';
import { type Line, type LineEffect, type LineEvent, step } from '../../phone/line/line.ts';
import type { CallSession } from '../../sip/session.ts';
import { type Account, type SipUserAgent, UserAgent, type UserAgentListener } from '../../sip/user-agent.ts';

export interface LineListener {
  onRegistered(): void;
  onRegistrationFailed(): void;
  /** Must the line stay as it is, registered or not? */
  keepsLine(): boolean;
  onOffered(session: CallSession): void;
  /** The ringing call can no longer be answered. */
  onRingingLost(): void;
}

/** Runs the line machine (`phone/line.ts`) against a SIP user agent, the browser's network and the clock. */
export class LineRunner {
  #line: Line = $state.raw({ kind: 'idle' });
  readonly userAgent: SipUserAgent;
  readonly #listener: LineListener;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    account: Account,
    listener: LineListener,
    world: World,
    open: (account: Account, listener: UserAgentListener) => SipUserAgent = (...given) =>
      new UserAgent(...given),
  ) {
    this.#listener = listener;
    const failed = () => ({ now: world.now(), chance: world.fraction() });
    this.userAgent = open(account, {
      onConnected: () => this.#take({ kind: 'connected' }),
      onDisconnected: () => this.#take({ kind: 'disconnected', ...failed() }),
      onRegistered: () => {
        this.#take({ kind: 'registered' });
        listener.onRegistered();
      },
      onRegistrationFailed: () => {
        if (!listener.keepsLine()) this.#take({ kind: 'registration-failed', ...failed() });
        listener.onRegistrationFailed();
      },
      onOffered: (session) => listener.onOffered(session),
    });
    window.addEventListener('online', this.tryNow);
    // The WebSocket would take its time to notice.
    window.addEventListener('offline', this.doubt);
  }

  get line(): Line {
    return this.#line;
  }

  start(): void {
    this.#take({ kind: 'start' });
  }

  readonly tryNow = (): void => this.#take({ kind: 'try' });

  /** The flow may have died unnoticed: the server has been silent for too long, or the network is gone. */
  readonly doubt = (): void => this.#take({ kind: 'doubted' });

  close(): void {
    window.removeEventListener('online', this.tryNow);
    window.removeEventListener('offline', this.doubt);
    this.#take({ kind: 'stop' });
    clearTimeout(this.#timer);
  }

  #take(event: LineEvent): void {
    const [line, effects] = step(this.#line, event);
    this.#line = line;
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: LineEffect): void {
    switch (effect.kind) {
      case 'connect':
        clearTimeout(this.#timer);
        this.userAgent.connect();
        break;
      case 'disconnect':
        this.userAgent.disconnect();
        break;
      case 'try-after':
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.tryNow, effect.ms);
        break;
      case 'discard-ringing':
        this.#listener.onRingingLost();
        break;
      default:
        assertNever(effect);
    }
  }
}
