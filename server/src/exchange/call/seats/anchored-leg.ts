import type { MediaEndpoint, MediaEngine } from '../../../media/endpoint.ts';
import type { HeaderField, SipRequest } from '../../../sip/message/message.ts';
import {
  LAST_WORDS,
  type DialogSnapshot,
  type InboundLeg,
  type LegEvent,
  type Reason,
  type Target,
} from '../../../sip/user-agent/leg.ts';
import { keyInfo } from '../machines/crossing.ts';
import { holds } from '../machines/hold.ts';
import { ServiceEnd } from '../services/service-end.ts';
import { HoldDisplay } from './hold-display.ts';

const REQUEST_PENDING = 491;
const NOT_ACCEPTABLE = 488;
const SERVER_FAILURE = 500;

/**
 * The leg of a phone whose sound ends at the server, which passes it on to the other side: where both have phones that keep their path when
 * their peer changes. The phone's peer is the server as long as this leg lasts. To its call the leg describes sound of the server's own,
 * which takes any other side. Everything else is the phone's leg.
 */
export class AnchoredLeg implements InboundLeg {
  readonly #leg: InboundLeg;
  /** Towards the phone. */
  readonly #near: MediaEndpoint;
  /** Towards the other side. */
  readonly #far: ServiceEnd;
  #sdp = '';
  /** To the offer of the phone's INVITE. */
  #answer = '';
  /** A later offer of the phone's, such as a hold, until the other side has agreed. */
  #offered: string | null = null;
  /** Would the other side's offer, which is being answered, put the phone on hold? */
  #holds = false;
  readonly #display: HoldDisplay;
  #listener: (event: LegEvent) => void = () => undefined;

  /** To be made in the turn in which the leg came. */
  constructor(leg: InboundLeg, engine: Pick<MediaEngine, 'endpoint' | 'bridge'>) {
    this.#leg = leg;
    const bridge = engine.bridge();
    this.#near = engine.endpoint();
    this.#near.listen({
      digit: (digit) => {
        this.#listener({ kind: 'info', ...keyInfo(digit) });
      },
    });
    bridge.join(this.#near);
    this.#display = new HoldDisplay(leg, this.#near);
    this.#far = new ServiceEnd(leg.id, {
      endpoint: () => engine.endpoint(),
      attach: (endpoint) => {
        const ignore = endpoint.listen({
          digit: (digit) => this.#press(digit),
        });
        const leave = bridge.join(endpoint);
        return () => {
          ignore();
          leave();
        };
      },
      left: () => undefined,
    });
    leg.listen((event) => {
      this.#phoneSaid(event);
    });
  }

  /** Agrees on sound with the phone, and makes the server's offer. Rejects with `UnacceptableOffer` where the phone offers none that can be. */
  async anchor(): Promise<void> {
    try {
      this.#answer = await this.#near.answer(this.#leg.sdp);
      this.#sdp = await this.#far.firstOffer();
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#far.listen((event) => {
      if (event.kind === 'offer-answered') this.#display.show(this.#holds);
      if (event.kind !== 'ended') this.#listener(event);
    });
  }

  get id(): string {
    return this.#leg.id;
  }

  get state(): InboundLeg['state'] {
    return this.#leg.state;
  }

  get target(): Target {
    return this.#leg.target;
  }

  get request(): SipRequest {
    return this.#leg.request;
  }

  /** The server's offer, in place of the phone's. */
  get sdp(): string {
    return this.#sdp;
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  /* What concerns sound is for the server's own ends. */

  answer(sdp: string, fields?: readonly HeaderField[]): void {
    this.#far.acceptOffer(sdp);
    this.#leg.answer(this.#answer, fields);
    this.#display.show(holds(sdp));
  }

  offer(sdp: string): void {
    this.#holds = holds(sdp);
    this.#far.offer(sdp);
  }

  askOffer(again = false): void {
    this.#far.askOffer(again);
  }

  acceptOffer(sdp: string): void {
    this.#far.acceptOffer(sdp);
    this.#display.show(holds(sdp));
    const offered = this.#offered;
    this.#offered = null;
    if (offered === null) return;
    void this.#near.answer(offered).then(
      (answer) => {
        this.#leg.acceptOffer(answer);
      },
      () => {
        this.#leg.refuseOffer(NOT_ACCEPTABLE);
      },
    );
  }

  refuseOffer(status: number, fields?: readonly HeaderField[]): void {
    this.#offered = null;
    this.#far.refuseOffer();
    this.#leg.refuseOffer(status, fields);
  }

  /* All else is for the phone. */

  label(field: HeaderField): void {
    this.#leg.label(field);
  }

  relabel(field: HeaderField): void {
    this.#leg.relabel(field);
  }

  progress(status: number): void {
    this.#leg.progress(status);
  }

  reject(
    status: number,
    options?: {
      readonly reason?: Reason;
      readonly fields?: readonly HeaderField[];
    },
  ): void {
    this.#leg.reject(status, options);
  }

  info(contentType: string, body: string): void {
    this.#leg.info(contentType, body);
  }

  refer(uri: string, answered: (status: number) => void): void {
    this.#leg.refer(uri, answered);
  }

  acceptRefer(id: number): void {
    this.#leg.acceptRefer(id);
  }

  refuseRefer(id: number, status: number): void {
    this.#leg.refuseRefer(id, status);
  }

  referProgress(id: number, status: number, text?: string): void {
    this.#leg.referProgress(id, status, text);
  }

  end(reason?: Reason): void {
    this.#leg.end(reason);
  }

  withdraw(reason?: Reason): void {
    this.#leg.withdraw(reason);
  }

  rebind(target: Target): void {
    this.#leg.rebind(target);
  }

  snapshot(): DialogSnapshot | undefined {
    return this.#leg.snapshot();
  }

  isDialog(callId: string, tagA: string, tagB: string): boolean {
    return this.#leg.isDialog(callId, tagA, tagB);
  }

  #phoneSaid(event: LegEvent): void {
    if (LAST_WORDS.has(event.kind)) this.#close();
    if (this.#display.heard(event)) return;
    if (event.kind === 'offered') this.#phoneOffers(event.sdp);
    else this.#listener(event);
  }

  /** The other side is offered what it means for it: the same session of the server's, on hold or not. */
  #phoneOffers(sdp: string): void {
    const direction = holds(sdp) ? 'sendonly' : 'sendrecv';
    const isTried = this.#far.offerAgain(direction, () => {
      this.#offered = null;
      this.#leg.refuseOffer(SERVER_FAILURE);
    });
    if (isTried) this.#offered = sdp;
    else this.#leg.refuseOffer(REQUEST_PENDING);
  }

  #press(digit: string): void {
    const { contentType, body } = keyInfo(digit);
    this.#leg.info(contentType, body);
  }

  #close(): void {
    this.#far.end();
    this.#near.close();
  }
}
