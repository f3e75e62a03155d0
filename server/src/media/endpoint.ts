import type { Codec } from './codec/codec.ts';
import type { Sound } from './playback/prompts.ts';

/** Why an endpoint has closed. */
export type EndpointClosed = 'local' | 'peer-closed' | 'timeout' | 'unauthenticated' | 'handshake-failed';

/** What a media endpoint reports; all of it may be ignored. */
export interface EndpointListener {
  /** Sound can flow both ways. */
  connected?(): void;
  /** A key was pressed (RFC 4733): `0`–`9`, `*`, `#`, `A`–`D`; once per press, with the first packet of it. */
  digit?(digit: string): void;
  /** An RTP packet of the negotiated codec, in the order of arrival; DTMF packets come with an empty payload. */
  packet?(packet: MediaPacket): void;
  closed?(reason: EndpointClosed): void;
}

export interface MediaPacket {
  readonly sequence: number;
  /** In the codec's clock (48 kHz for Opus). */
  readonly timestamp: number;
  readonly payload: Uint8Array;
  /** How loud it is, in dB below full scale, 0 to 127, where the peer says so (RFC 6464); 127 is silence. */
  readonly level?: number;
}

/** What can be played: a sound of the server's by its name (see `prompts.ts`), or a recording made ready to be played. */
export type Playable = string | Sound;

/** The server's own end of one call's sound (WebRTC: ICE-lite, DTLS-SRTP). No SIP in here. */
export interface MediaEndpoint {
  /** Answers an SDP offer, first or later (hold, ICE restart). Throws `UnacceptableOffer` where no audio can be agreed. */
  answer(offer: string): Promise<string>;
  /**
   * Makes an SDP offer, first or later; whatever was agreed on holds until its answer is accepted. `before` is what this peer said
   * last in its dialog, if another end has spoken to it there: its media sections stay (RFC 3264 §8). Throws `UnacceptableOffer`
   * where those have no audio that can be agreed on.
   */
  offer(before?: string): Promise<string>;
  /** Takes the answer to the last offer. Throws `UnacceptableAnswer` where nothing is agreed on; the offer still stands then. */
  accept(answer: string): Promise<void>;
  /** The returned function removes the listener. */
  listen(listener: EndpointListener): () => void;
  readonly connected: boolean;
  /** What was agreed on; `undefined` before the first answer, whoever gives it. */
  readonly codec: Codec['name'] | undefined;
  /**
   * Plays one utterance and resolves when its last packet's time has
   * passed, `true`, or when it was interrupted, `false`. It takes its time whether or not the peer is connected.
   * A new `play` interrupts the one before.
   */
  play(sounds: readonly Playable[]): Promise<boolean>;
  /** Stops what is playing, within 20 ms. */
  interrupt(): void;
  close(): void;
}

/** Makes endpoints: the WebRTC adapter in the product, the fake in tests. */
export interface MediaEngine {
  endpoint(): MediaEndpoint;
  close(): Promise<void>;
}

/** The message is a sentence without its full stop: it goes into a Warning header, for the phone's administrator. */
export class UnacceptableOffer extends Error {
  override readonly name = 'UnacceptableOffer';
  /** The kind of reason, by its number in a Warning header (RFC 3261 §20.43): 304 to 306 or 399. */
  readonly warning: number;

  constructor(message: string, warning: number) {
    super(message);
    this.warning = warning;
  }
}

/** The message is a sentence without its full stop. */
export class UnacceptableAnswer extends Error {
  override readonly name = 'UnacceptableAnswer';
}
