import type { World } from '../../world/world.ts';
import { assertNever } from '@perch/shared';
import { type Line, type LineEffect, type LineEvent, step } from '../../phone/line/line.ts';
import type { CallSession } from '../../sip/session.ts';
import { type Account, type SipUserAgent, UserAgent, type UserAgentListener } from '../../sip/user-agent.ts';
import { after, type Cancel, pause } from '../../world/timers.ts';

/** How long an answer of the server takes at most where its flow stands (milliseconds). */
const ANSWER_MS = 1_000;
/** How much later it may come than one to a question that was asked at the same time over another connection (milliseconds). */
const BEHIND_MS = 200;

export interface LineListener {
  /** `atOnce` where no second try was needed to connect. */
  onRegistered(atOnce: boolean): void;
  onRegistrationFailed(): void;
  /** The server has not answered at once: does the flow still stand? */
  onUnanswered(): void;
  /** Must the line stay as it is, registered or not? */
  keepsLine(): boolean;
  onOffered(session: CallSession): void;
  /** The ringing call can no longer be answered. */
  onRingingLost(): void;
}

/** Runs the line machine (`phone/line.ts`) against a SIP user agent and the clock. */
export class LineRunner {
  #line: Line = $state.raw({ kind: 'idle' });
  readonly userAgent: SipUserAgent;
  readonly #listener: LineListener;
  #cancelTry: Cancel | undefined;

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
        const atOnce = !('attempt' in this.#line) || this.#line.attempt <= 1;
        this.#take({ kind: 'registered' });
        listener.onRegistered(atOnce);
      },
      onRegistrationFailed: () => {
        if (!listener.keepsLine()) this.#take({ kind: 'registration-failed', ...failed() });
        listener.onRegistrationFailed();
      },
      onUnanswered: () => listener.onUnanswered(),
      onOffered: (session) => listener.onOffered(session),
    });
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

  /**
   * Asks whether the flow still stands. `false` where the server does not answer, or, which is known sooner, has answered `elsewhere` meanwhile: over
   * another connection. One that is being replaced is not asked.
   */
  async stands(elsewhere: Promise<unknown>): Promise<boolean> {
    const line = this.#line;
    if (line.kind !== 'registered') return true;
    const answers = [
      this.userAgent.answers(ANSWER_MS),
      elsewhere.then(() => pause(BEHIND_MS)).then(() => false),
    ];
    return (await Promise.race(answers)) || this.#line !== line;
  }

  close(): void {
    this.#take({ kind: 'stop' });
    this.#cancelTry?.();
  }

  #take(event: LineEvent): void {
    const [line, effects] = step(this.#line, event);
    this.#line = line;
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: LineEffect): void {
    switch (effect.kind) {
      case 'connect':
        this.#cancelTry?.();
        this.userAgent.connect();
        break;
      case 'disconnect':
        this.userAgent.disconnect();
        break;
      case 'try-after':
        this.#cancelTry?.();
        this.#cancelTry = after(effect.ms, this.tryNow);
        break;
      case 'discard-ringing':
        this.#listener.onRingingLost();
        break;
      default:
        assertNever(effect);
    }
  }
}
