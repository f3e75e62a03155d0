import type { SipMessage, SipRequest } from '../../src/sip/message/message.ts';
import { answerTo, directionIn, sdpText, sessionIn, ufragIn } from './sip-text.ts';

const LABEL = 'perch-call-id';

/** What a call was made for, or that it came in. */
export type Purpose = 'talk' | 'incoming' | 'center' | 'service';

interface SessionParts {
  readonly callId: string;
  readonly local: string;
  readonly uri: string;
  readonly purpose: Purpose;
  readonly trickles: boolean;
  readonly sound: string;
  /** It hears another peer now than the one that described itself so. */
  readonly left: (ufrag: string) => void;
}

/** A dialog as a phone believes it to be, from its INVITE on. */
export class Session {
  readonly callId: string;
  readonly local: string;
  readonly purpose: Purpose;
  /** Where its requests go. */
  target: string;
  remote: string | undefined;
  /** From and To of its requests. */
  localAddress = '';
  remoteAddress = '';
  state: 'calling' | 'ringing' | 'up' | 'over' = 'calling';
  /** The `Perch-Call-ID`. */
  call: string | undefined;
  sequence = 0;
  /** That of its own INVITE, which is cancelled and acknowledged with it. */
  inviteBranch = '';
  /** The server's INVITE, until it has its final response. */
  invite: SipRequest | undefined;
  /** It has said CANCEL, or would if something had been heard of its INVITE. */
  isCancelled = false;
  /** Has anything been heard of it? No CANCEL before that (RFC 3261 §9.1). */
  isHeardOf = false;
  /** The server has acknowledged its answer. */
  isAcknowledged = false;
  /** How many final responses its INVITE has had, and how often it was told of its end. */
  finals = 0;
  endings = 0;
  holds = false;
  /** Its own offer that is under way: would it hold? */
  offering: boolean | undefined;
  /** Its description is the offer that the ACK answers. */
  awaitsAnswer = false;
  /** An offer of the server that is answered at once always is; so this is how long ago its last one was. */
  hears = '';
  heard = 'sendrecv';
  /** BYE has been sent, and is not answered. */
  isLeaving = false;
  #version = 0;
  #ufrag: string;
  #peerUfrag = '';
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#ufrag = `${parts.sound}a`;
    this.callId = parts.callId;
    this.local = parts.local;
    this.target = parts.uri;
    this.purpose = parts.purpose;
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  /** Its own description, as an offer. */
  offer(holds = this.holds): string {
    return this.#describe(holds ? 'sendonly' : 'sendrecv');
  }

  /** Its own description, as an answer to that one. */
  answer(offer: string): string {
    this.hear(offer);
    return this.#describe(answerTo(directionIn(offer), this.holds));
  }

  /** The server says which call it belongs to. */
  label(message: SipMessage): void {
    this.call = message.headers.get(LABEL) ?? this.call;
  }

  /** The server describes whom it hears. */
  hear(sdp: string): void {
    if (sdp === '') return;
    const ufrag = ufragIn(sdp);
    // Another peer: ICE starts anew.
    const before = this.#peerUfrag;
    this.#peerUfrag = ufrag;
    if (before !== '' && ufrag !== before) {
      this.#ufrag += 'b';
      this.#parts.left(before);
    }
    this.hears = sessionIn(sdp);
    this.heard = directionIn(sdp);
  }

  get sound(): string {
    return this.#parts.sound;
  }

  /** By this, the sound of the server is known to a phone. */
  get peerUfrag(): string {
    return this.#peerUfrag;
  }

  #describe(direction: Parameters<typeof sdpText>[0]['direction']): string {
    const { sound: session, trickles } = this.#parts;
    return sdpText({ session, version: ++this.#version, direction, ufrag: this.#ufrag, trickles });
  }
}

export function contactIn({ essentials: { contacts } }: SipMessage): string | undefined {
  return contacts === '*' ? undefined : contacts[0]?.uri;
}
