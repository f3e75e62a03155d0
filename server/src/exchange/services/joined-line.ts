import type { MediaEndpoint, MediaEngine } from '../../media/endpoint.ts';
import type { Reason } from '../../sip/user-agent/leg.ts';
import { ServiceEnd } from '../call/services/service-end.ts';
import type { Clock } from '../ports.ts';
import { CallerLine } from './caller-line.ts';
import { FollowingSound } from './following-sound.ts';

/** A caller whose sound has not connected by then gets the same dialogue without sound (milliseconds). */
const CONNECTED_MS = 2_000;

interface JoinedLinePorts {
  /** Of the leg that the service has in the call. */
  readonly id: string;
  readonly engine: Pick<MediaEngine, 'endpoint'>;
  readonly clock: Clock;
}

/** The line of a caller whose call, under way already, is joined with a service: the service is an end of it like a phone. */
export class JoinedLine extends CallerLine {
  readonly end: ServiceEnd;
  readonly #sound: FollowingSound;
  #isConfirmed = false;
  #stopWaiting: () => void = () => undefined;

  constructor({ id, engine, clock }: JoinedLinePorts) {
    const sound = new FollowingSound();
    super(sound, clock);
    this.#sound = sound;
    this.end = new ServiceEnd(id, {
      endpoint: () => engine.endpoint(),
      attach: (endpoint) => this.#attached(endpoint),
      info: (contentType, body) => {
        this.pressed({ contentType, body });
      },
      left: () => {
        this.#stopWaiting();
        this.gone();
      },
    });
  }

  hangUp(reason?: Reason): void {
    this.end.leave(reason);
  }

  /** The phone is in a call that is not only the service's. */
  refer(): Promise<number> {
    return Promise.resolve(403);
  }

  #attached(endpoint: MediaEndpoint): () => void {
    this.#sound.follow(endpoint);
    if (endpoint.connected) this.#confirm();
    else if (!this.#isConfirmed) {
      const ignore = endpoint.listen({ connected: () => this.#confirm() });
      const stop = this.clock.after(CONNECTED_MS, () => this.#confirm());
      this.#stopWaiting = () => {
        stop();
        ignore();
      };
    }
    return () => this.#stopWaiting();
  }

  #confirm(): void {
    this.#stopWaiting();
    if (this.#isConfirmed) return;
    this.#isConfirmed = true;
    this.attendant?.confirmed();
  }
}
