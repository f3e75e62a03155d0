import { type MediaEndpoint, UnacceptableOffer } from '../../../media/endpoint.ts';
import type { Leg, LegEvent, Reason, Target } from '../../../sip/user-agent/leg.ts';
import { holds, offering } from '../machines/hold.ts';
import { NO_FLOW } from '../seats/no-flow.ts';

/** What the service at this end does with the other one's sound. */
export interface ServiceSound {
  /** A new endpoint for a new session of the other side's phone. */
  endpoint(): MediaEndpoint;
  /** Sound can flow: the service sends and hears. The returned function is called when that session is over, or is held. */
  attach(endpoint: MediaEndpoint): () => void;
  /** The other side's phone reports something by INFO, such as a key. */
  info?(contentType: string, body: string): void;
  /** This end has left the call, at either side's request. */
  left(): void;
}

/**
 * The end of a call that is the server itself. To its call it is a leg like a phone's, which is up from the first moment: it
 * answers offers, makes them, and can be hung up.
 */
export class ServiceEnd implements Leg {
  readonly id: string;
  readonly target: Target = { flow: NO_FLOW, contact: '' };
  readonly #sound: ServiceSound;
  #state: 'confirmed' | 'over' = 'confirmed';
  #listener: (event: LegEvent) => void = () => undefined;
  /** The session that is heard, and the one that has been offered in its place. */
  #endpoint: MediaEndpoint | null = null;
  #offered: MediaEndpoint | null = null;
  #detach: (() => void) | null = null;
  /** Whose session it is: a phone comes with another one where it is re-seated, or calls once more. */
  #session: string | undefined;

  constructor(id: string, sound: ServiceSound) {
    this.id = id;
    this.#sound = sound;
  }

  get state(): Leg['state'] {
    return this.#state;
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  /** The other side's offer. */
  offer(sdp: string): void {
    const isSame = this.#endpoint !== null && sessionIn(sdp) === this.#session;
    const endpoint = isSame && this.#endpoint !== null ? this.#endpoint : this.#sound.endpoint();
    void endpoint.answer(sdp).then(
      (answer) => {
        if (this.#isOver(endpoint)) return;
        this.#agreed(endpoint, sdp);
        this.#says({ kind: 'offer-answered', sdp: answer });
      },
      (error: unknown) => {
        if (endpoint !== this.#endpoint) endpoint.close();
        this.#says({ kind: 'offer-refused', status: error instanceof UnacceptableOffer ? 488 : 500 });
      },
    );
  }

  /** Offers a new session, as the other side's phone is to be joined with this end, or has another one by now; or the present one `again`. */
  askOffer(again = false): void {
    if (this.#offered !== this.#endpoint) this.#offered?.close();
    const endpoint = (again ? this.#endpoint : null) ?? this.#sound.endpoint();
    this.#offered = endpoint;
    void endpoint.offer().then(
      (sdp) => {
        if (!this.#isOver(endpoint)) this.#says({ kind: 'offer-made', sdp });
      },
      () => {
        this.#notOffered(endpoint);
        this.#says({ kind: 'offer-refused', status: 500 });
      },
    );
  }

  /** The same for a caller that has not been called yet. Rejects where none can be made. */
  firstOffer(): Promise<string> {
    this.#offered = this.#sound.endpoint();
    return this.#offered.offer();
  }

  /**
   * Offers the present session once more, in that direction, as a phone does that holds or resumes: `offered` follows, or `failed` is called where
   * none can be made. Returns whether it tries: not without a session, nor while another offer of this end is out.
   */
  offerAgain(direction: 'sendrecv' | 'sendonly', failed: () => void): boolean {
    const endpoint = this.#endpoint;
    if (endpoint === null || this.#offered !== null) return false;
    this.#offered = endpoint;
    void endpoint.offer().then(
      (sdp) => {
        this.#says({
          kind: 'offered',
          sdp: offering(sdp, direction),
          method: 'INVITE',
        });
      },
      () => {
        this.#notOffered(endpoint);
        if (this.#state === 'confirmed') failed();
      },
    );
    return true;
  }

  /** The answer to our offer. */
  acceptOffer(sdp: string): void {
    const endpoint = this.#offered;
    this.#offered = null;
    if (endpoint === null) return;
    void endpoint.accept(sdp).then(
      () => {
        if (!this.#isOver(endpoint)) this.#agreed(endpoint, sdp);
      },
      () => {
        // The phone keeps what it had with its peer before. It may come with another session (`Ringer.recall`).
        if (endpoint !== this.#endpoint) endpoint.close();
      },
    );
  }

  /** The other side does not take our offer: what was agreed on before holds. */
  refuseOffer(): void {
    this.#offered = null;
  }

  end(): void {
    this.#leave({ kind: 'ended', by: 'us' });
  }

  /** The service hangs up. */
  leave(reason?: Reason): void {
    this.#leave({ kind: 'ended', by: 'peer', ...(reason !== undefined && { reason }) });
  }

  info(contentType: string, body: string): void {
    if (this.#state === 'confirmed') this.#sound.info?.(contentType, body);
  }

  snapshot(): undefined {
    return undefined;
  }

  isDialog(): boolean {
    return false;
  }

  /* What only a phone could be told. */
  label(): void {}
  relabel(): void {}
  refer(): void {}
  acceptRefer(): void {}
  refuseRefer(): void {}
  referProgress(): void {}
  withdraw(): void {}
  rebind(): void {}

  /** No offer can be made: what was agreed on before holds. */
  #notOffered(endpoint: MediaEndpoint): void {
    if (this.#offered === endpoint) this.#offered = null;
    if (endpoint !== this.#endpoint) endpoint.close();
  }

  /** A session is agreed on, or is held or resumed. */
  #agreed(endpoint: MediaEndpoint, sdp: string): void {
    this.#detach?.();
    this.#detach = null;
    if (endpoint !== this.#endpoint) this.#endpoint?.close();
    this.#endpoint = endpoint;
    this.#session = sessionIn(sdp);
    if (!holds(sdp)) this.#detach = this.#sound.attach(endpoint);
  }

  #leave(last: LegEvent): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#detach?.();
    this.#endpoint?.close();
    this.#offered?.close();
    queueMicrotask(() => {
      this.#listener(last);
    });
    this.#sound.left();
  }

  #isOver(endpoint: MediaEndpoint): boolean {
    if (this.#state === 'confirmed') return false;
    endpoint.close();
    return true;
  }

  #says(event: LegEvent): void {
    if (this.#state === 'confirmed') this.#listener(event);
  }
}

/** The certificate, and the session as its origin names it (RFC 8866 §5.2): a browser has a certificate for each, other phones keep theirs. */
function sessionIn(sdp: string): string {
  const fingerprint = /^a=fingerprint:(.+?)\r?$/m.exec(sdp)?.[1];
  const session = /^o=(\S+ \S+)/m.exec(sdp)?.[1];
  return `${session ?? ''} ${fingerprint ?? ''}`;
}
