import type { MediaEndpoint } from '../../../media/endpoint.ts';
import type { Leg, LegEvent } from '../../../sip/user-agent/leg.ts';
import { offering } from '../machines/hold.ts';

/**
 * A phone whose peer is the server shows that the other side has put it on hold only where the server does so, too: by an offer of sound one
 * way (RFC 3264 §8.4). It goes on hearing what the other side sends.
 */
export class HoldDisplay {
  readonly #leg: Pick<Leg, 'offer'>;
  /** Towards the phone. */
  readonly #near: Pick<MediaEndpoint, 'offer' | 'accept'>;
  #isHeld = false;
  /** What the phone has been told last; `null` where it refused to hear it. */
  #told: boolean | null = false;
  /** Our offer is out. */
  #isTelling = false;

  constructor(leg: Pick<Leg, 'offer'>, near: Pick<MediaEndpoint, 'offer' | 'accept'>) {
    this.#leg = leg;
    this.#near = near;
  }

  /** The other side has the phone on hold, or no longer has. */
  show(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#tell();
  }

  /** Returns whether it was about our offer, and is nobody else's business. */
  heard(event: LegEvent): boolean {
    if (!this.#isTelling || (event.kind !== 'offer-answered' && event.kind !== 'offer-refused')) return false;
    this.#isTelling = false;
    if (event.kind === 'offer-refused') this.#told = null;
    // An answer that cannot be taken leaves the sound as it was.
    else this.#near.accept(event.sdp).catch(() => undefined);
    if (this.#told !== null) this.#tell();
    return true;
  }

  #tell(): void {
    if (this.#isTelling || this.#told === this.#isHeld) return;
    this.#isTelling = true;
    const told = (this.#told = this.#isHeld);
    this.#near.offer().then(
      (sdp) => {
        this.#leg.offer(offering(sdp, told ? 'sendonly' : 'sendrecv'));
      },
      () => {
        this.#isTelling = false;
      },
    );
  }
}
