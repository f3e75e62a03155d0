import type { Language } from '@perch/shared';
import type { Codec } from '../codec/codec.ts';
import { DtlsAssociation } from '../dtls/dtls.ts';
import { UnacceptableAnswer, UnacceptableOffer } from '../endpoint.ts';
import type {
  EndpointClosed,
  EndpointListener,
  MediaEndpoint,
  MediaPacket,
  Playable,
  Playing,
} from '../endpoint.ts';
import { IceLite } from '../ice/ice-lite.ts';
import { Player } from '../playback/player.ts';
import type { Sound } from '../playback/prompts.ts';
import type { EndpointHost } from './endpoint-host.ts';
import type { Transport } from './transport.ts';
import { audioLevel } from '../rtp/rtp-extension.ts';
import { isRtcp, readRtp } from '../rtp/rtp.ts';
import type { RtpPacket } from '../rtp/rtp.ts';
import { RtpSession } from '../rtp/rtp-session.ts';
import { writeAnswer, writeOffer } from '../sdp/local-description.ts';
import type { LocalDescription } from '../sdp/local-description.ts';
import { isSameAssociation, readAnswer, readBefore, readOffer } from '../sdp/peer-audio.ts';
import type { PeerAudio } from '../sdp/peer-audio.ts';
import type { BindingRequest } from '../ice/stun.ts';
import { TelephoneEventReceiver } from '../rtp/telephone-event.ts';
import type { Peer } from '../ice/udp-port.ts';

/** Browsers ask for consent every few seconds (RFC 7675 §5.1): after this much silence the peer is gone. */
const SILENCE_MS = 15_000;
/** Between two RTCP reports (RFC 3550 §6.2). */
const REPORT_MS = 5000;

/** One call's end: ICE-lite, DTLS-SRTP and RTP put together. Nothing that a peer sends makes it throw. */
export class WebRtcEndpoint implements MediaEndpoint {
  readonly #host: EndpointHost<WebRtcEndpoint>;
  readonly #listeners = new Set<EndpointListener>();
  readonly #rtp: RtpSession;
  readonly #telephoneEvents = new TelephoneEventReceiver();
  readonly #player: Player;
  /** A number that fits SDP readers of 32 bits (RFC 8866 §5.2). */
  readonly #sessionId: number;
  #version = 0;
  #ice: IceLite;
  /** What the peer said last of what has been agreed on. */
  #peer: PeerAudio | undefined;
  /** An offer of this end's awaits its answer. */
  #isOffered = false;
  #transport: Transport = { kind: 'idle' };
  #heardAt = 0;
  #reportedAt = 0;

  constructor(host: EndpointHost<WebRtcEndpoint>) {
    this.#host = host;
    this.#rtp = new RtpSession(host.chance);
    this.#sessionId = host.chance.bytes(4).readUInt32BE() >>> 1;
    this.#ice = new IceLite(host.chance);
    this.#player = new Player(host.pacer, (...frame) => this.#sendFrame(...frame));
  }

  async answer(sdp: string): Promise<string> {
    if (this.#transport.kind === 'closed') throw new UnacceptableOffer('The call is over', 399);
    const offer = readOffer(sdp);
    this.#isOffered = false;
    this.#adopt(offer, 'offer');
    this.#player.answered();
    return writeAnswer(offer, this.#local());
  }

  async offer(before?: string): Promise<string> {
    if (this.#transport.kind === 'closed') throw new UnacceptableOffer('The call is over', 399);
    const said = this.#peer ?? (before === undefined ? undefined : readBefore(before));
    this.#isOffered = true;
    this.#host.routes.expect(this, this.#ice.ufrags);
    return writeOffer(said, this.#local());
  }

  async accept(sdp: string): Promise<void> {
    if (this.#transport.kind === 'closed') throw new UnacceptableAnswer('The call is over');
    if (!this.#isOffered) throw new UnacceptableAnswer('Nothing was offered');
    const answer = readAnswer(sdp);
    this.#isOffered = false;
    const isFirst = this.#peer === undefined;
    this.#adopt(answer, 'answer');
    this.#player.answered();
    // Its checks may have come before its answer: this end has waited for the fingerprint.
    if (isFirst && this.#ice.remote && this.#host.mayShakeHands()) this.#shakeHands();
  }

  listen(listener: EndpointListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get codec(): Codec['name'] | undefined {
    return this.#peer?.codec.format.name;
  }

  get connected(): boolean {
    return this.#transport.kind === 'established';
  }

  get shakingHands(): boolean {
    return this.#transport.kind === 'handshake';
  }

  play(sounds: readonly Playable[], { language = 'en', times = 'once' }: Playing = {}): Promise<boolean> {
    if (this.#transport.kind === 'closed') return Promise.resolve(false);
    const played = sounds.map((playable) =>
      typeof playable === 'string' ? this.#sound(playable, language) : playable,
    );
    return this.#player.play(played, times === 'forever');
  }

  interrupt(): void {
    this.#player.interrupt();
  }

  get frame(): number {
    return this.#host.pacer.frame;
  }

  get hears(): boolean {
    return this.connected && !this.#isOnHold && !this.#player.isPlaying;
  }

  send(payload: Uint8Array, frame: number): void {
    if (!this.#player.isPlaying) this.#transmit(payload, frame, false);
  }

  close(): void {
    this.#end('local');
  }

  /** A check for one of this endpoint's fragments. False if it was forged. */
  receiveCheck(request: BindingRequest, peer: Peer): boolean {
    const outcome = this.#ice.check(request, peer);
    if (outcome.kind === 'forged') return false;
    this.#heardAt = this.#host.clock.monotonic();
    this.#host.send(outcome.response, peer);
    if (outcome.kind === 'refused') return true;
    this.#host.routes.learn(peer, this);
    this.#host.routes.expect(this, this.#ice.ufrags);
    if (this.#transport.kind === 'idle' && this.#peer && this.#host.mayShakeHands()) this.#shakeHands();
    return true;
  }

  receiveDtls(datagram: Buffer): void {
    if (this.#transport.kind === 'handshake' || this.#transport.kind === 'established')
      this.#transport.association.receive(datagram);
  }

  /** SRTP or SRTCP. */
  receiveMedia(datagram: Buffer): void {
    if (this.#transport.kind !== 'established') return;
    const now = this.#host.clock.monotonic();
    const rtcp = isRtcp(datagram);
    const { receiver } = this.#transport;
    const clear = rtcp ? receiver.unprotectRtcp(datagram) : receiver.unprotectRtp(datagram);
    if (!clear) return;
    this.#heardAt = now;
    if (rtcp) {
      this.#rtp.receiveReport(clear, now);
      return;
    }
    const packet = readRtp(clear);
    if (packet) this.#receivePacket(packet, now);
  }

  /** Called once a second: notices silence, sends reports. */
  housekeep(now: number): void {
    if (this.#transport.kind !== 'established' || !this.#peer) return;
    if (now - this.#heardAt > SILENCE_MS) {
      this.#end('timeout');
      return;
    }
    if (now - this.#reportedAt < REPORT_MS || !this.#ice.remote) return;
    this.#reportedAt = now;
    const timestamp = this.#rtp.timestamp(this.#peer.codec.format, this.#host.pacer.frame);
    this.#host.send(this.#transport.sender.protectRtcp(this.#rtp.report(now, timestamp)), this.#ice.remote);
  }

  #local(): LocalDescription {
    const { certificate, port, addresses } = this.#host;
    return {
      sessionId: this.#sessionId,
      version: ++this.#version,
      ice: this.#ice.credentials,
      fingerprint: certificate.fingerprint,
      ssrc: this.#rtp.ssrc,
      port,
      addresses,
    };
  }

  #adopt(peer: PeerAudio, as: 'offer' | 'answer'): void {
    const before = this.#peer;
    this.#peer = peer;
    if (before && !isSameAssociation(before, peer)) {
      // Another browser continues the call: nothing of the old one is valid any more (RFC 8842 §3.1).
      this.#abandonAssociation();
      this.#transport = { kind: 'idle' };
      // An answer is to the credentials that were offered.
      if (as === 'offer') this.#ice = new IceLite(this.#host.chance);
    } else if (as === 'offer' && before && before.iceUfrag !== peer.iceUfrag) this.#ice.restart();
    this.#host.routes.expect(this, this.#ice.ufrags);
  }

  #shakeHands(): void {
    const { certificate, clock } = this.#host;
    const association = new DtlsAssociation(certificate, this.#peer?.fingerprints ?? [], clock, {
      send: (datagram) => {
        if (this.#ice.remote) this.#host.send(datagram, this.#ice.remote);
      },
      established: (sender, receiver) => {
        this.#transport = { kind: 'established', association, sender, receiver };
        this.#player.connected();
        this.#tell((listener) => listener.connected?.());
      },
      closed: (reason) => this.#end(reason),
    });
    this.#transport = { kind: 'handshake', association };
  }

  #receivePacket(packet: RtpPacket, now: number): void {
    if (!this.#peer) return;
    const { codec, telephoneEvent } = this.#peer;
    const { sequence, timestamp, payloadType } = packet;
    this.#rtp.receive(packet, codec.format, now);
    if (payloadType === telephoneEvent?.payloadType) {
      const digit = this.#telephoneEvents.receive(packet);
      if (digit !== undefined) this.#tell((listener) => listener.digit?.(digit));
      this.#tell((listener) => listener.packet?.({ sequence, timestamp, payload: new Uint8Array() }));
    } else if (payloadType === codec.payloadType)
      this.#tell((listener) => listener.packet?.(this.#mediaPacket(packet)));
  }

  #mediaPacket({ sequence, timestamp, payload, extension }: RtpPacket): MediaPacket {
    const id = this.#peer?.audioLevel;
    const level = extension && id !== undefined ? audioLevel(extension, id) : undefined;
    return { sequence, timestamp, payload, ...(level !== undefined && { level }) };
  }

  /** A listener that throws disturbs neither the others nor the timer or socket that called this. */
  #tell(report: (listener: EndpointListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        report(listener);
      } catch (error) {
        this.#host.onFailure(error);
      }
    }
  }

  #sound(name: string, language: Language): Sound {
    const sound = this.#host.voices.get(language)?.get(name);
    if (!sound) throw new Error(`there is no sound "${name}" in ${language}`);
    return sound;
  }

  #sendFrame(sound: Sound, index: number, frame: number, first: boolean): void {
    // Without a payload no packet begins now, or the peer has changed its codec: time passes without sound.
    const payload = this.codec && sound[this.codec][index];
    if (payload) this.#transmit(payload, frame, first);
  }

  #transmit(payload: Uint8Array, frame: number, marker: boolean): void {
    if (this.#transport.kind !== 'established' || !this.#peer || !this.#ice.remote || this.#isOnHold) return;
    const { payloadType, format } = this.#peer.codec;
    const packet = this.#rtp.write(payloadType, payload, this.#rtp.timestamp(format, frame), marker);
    this.#host.send(this.#transport.sender.protectRtp(packet), this.#ice.remote);
  }

  /** The peer does not listen: time passes without sound. */
  get #isOnHold(): boolean {
    return this.#peer?.direction === 'sendonly' || this.#peer?.direction === 'inactive';
  }

  #abandonAssociation(): void {
    if (this.#transport.kind === 'handshake' || this.#transport.kind === 'established')
      this.#transport.association.abandon();
  }

  #end(reason: EndpointClosed): void {
    if (this.#transport.kind === 'closed') return;
    this.#abandonAssociation();
    this.#transport = { kind: 'closed' };
    this.#host.routes.forget(this);
    this.#host.ended(this);
    this.#player.interrupt();
    this.#tell((listener) => listener.closed?.(reason));
  }
}
