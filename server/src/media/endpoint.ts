import type { Language } from '@perch/shared';
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

/** How an utterance is played. */
export interface Playing {
  /** In which the sounds that are named are spoken; English unless told. */
  readonly language?: Language;
  /** How often; once unless told. */
  readonly times?: 'once' | 'forever';
}

/** What the server hears and says in one call, whatever has been agreed on for it. */
export interface MediaSound {
  /** The returned function removes the listener. */
  listen(listener: EndpointListener): () => void;
  readonly connected: boolean;
  /** What was agreed on; `undefined` before the first answer, from either side. */
  readonly codec: Codec['name'] | undefined;
  /**
   * Plays one utterance and resolves when its last packet's time has
   * passed, `true`, or when it was interrupted, `false`. It takes its time whether or not the peer is connected.
   * A new `play` interrupts the one before. `forever` begins again after the last frame, without a gap, until it is interrupted.
   */
  play(sounds: readonly Playable[], how?: Playing): Promise<boolean>;
  /** Stops what is playing, within 20 ms. */
  interrupt(): void;
  /** The number of the present frame of 20 ms: all endpoints of an engine count alike, in silence too. */
  readonly frame: number;
  /** What is sent is heard: connected, not put on hold by the peer, and nothing is playing. */
  readonly hears: boolean;
  /** Sends a packet of the agreed codec that begins at `frame`, or between two, unless it would not be heard. */
  send(payload: Uint8Array, frame: number): void;
  close(): void;
}

/** The server's own end of one call's sound (WebRTC: ICE-lite, DTLS-SRTP). No SIP in here. */
export interface MediaEndpoint extends MediaSound {
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
}

/** So many take part in a bridge. */
export const MOST_IN_BRIDGE = 8;

/** A conference: each of its endpoints hears all the others and not itself. */
export interface MediaBridge {
  readonly size: number;
  /**
   * The endpoint takes part until the returned function is called, or it is closed. What an endpoint plays, it hears instead of the others. Throws `RangeError` where `MOST_IN_BRIDGE` are there.
   */
  join(endpoint: MediaSound): () => void;
  /** Those who are there hear a short sign: somebody has come, or has gone for good. */
  chime(sign: 'joined' | 'left'): void;
  /** Everyone leaves; the endpoints stay open. */
  close(): void;
}

/** Makes endpoints: the WebRTC adapter in the product, the fake in tests. */
export interface MediaEngine {
  endpoint(): MediaEndpoint;
  /** For endpoints of this engine; nothing runs while nobody takes part. */
  bridge(): MediaBridge;
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
