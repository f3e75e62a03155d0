import type { Chance } from '../../world/chance.ts';
import type { MediaClock } from '../clock.ts';
import type { Codec } from '../codec/codec.ts';
import { announceSame } from '../dtls/dtls-certificate.ts';
import type { LocalCertificate } from '../dtls/dtls-certificate.ts';
import { DtlsAssociation } from '../dtls/dtls.ts';
import { UnacceptableOffer } from '../endpoint.ts';
import type { EndpointClosed, EndpointListener, MediaEndpoint, MediaPacket, Playable } from '../endpoint.ts';
import { IceLite } from '../ice/ice-lite.ts';
import type { Pacer } from '../playback/pacer.ts';
import { Player } from '../playback/player.ts';
import type { Sound, Sounds } from '../playback/prompts.ts';
import type { Routes } from './routes.ts';
import { audioLevel } from '../rtp/rtp-extension.ts';
import { isRtcp, readRtp } from '../rtp/rtp.ts';
import type { RtpPacket } from '../rtp/rtp.ts';
import { RtpSession } from '../rtp/rtp-session.ts';
import { writeAnswer } from '../sdp/sdp-answer.ts';
import { readOffer } from '../sdp/sdp-offer.ts';
import type { AudioOffer } from '../sdp/sdp-offer.ts';
import type { SrtpReceiver, SrtpSender } from '../srtp/srtp.ts';
import type { BindingRequest } from '../ice/stun.ts';
import { TelephoneEventReceiver } from '../rtp/telephone-event.ts';
import type { Peer } from '../ice/udp-port.ts';

/** Browsers ask for consent every few seconds (RFC 7675 §5.1): after this much silence the peer is gone. */
const SILENCE_MS = 15_000;
/** Between two RTCP reports (RFC 3550 §6.2). */
const REPORT_MS = 5000;

/** What the endpoints of one engine share. */
export interface EndpointHost {
  readonly clock: MediaClock;
  readonly chance: Chance;
  readonly pacer: Pacer;
  readonly sounds: Sounds;
  readonly certificate: LocalCertificate;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly routes: Routes<WebRtcEndpoint>;
  send(datagram: Buffer, peer: Peer): void;
  /** May one more handshake begin? */
  mayShakeHands(): boolean;
  /** The endpoint is over. */
  ended(endpoint: WebRtcEndpoint): void;
  /** Reports our own mistakes. */
  onFailure(error: unknown): void;
}

type Transport =
  | { readonly kind: 'idle' }
  | { readonly kind: 'handshake'; readonly association: DtlsAssociation }
  | {
      readonly kind: 'established';
      readonly association: DtlsAssociation;
      readonly sender: SrtpSender;
      readonly receiver: SrtpReceiver;
    }
  | { readonly kind: 'closed' };

/** One call's end: ICE-lite, DTLS-SRTP and RTP put together. Nothing that a peer sends makes it throw. */
export class WebRtcEndpoint implements MediaEndpoint {
  readonly #host: EndpointHost;
  readonly #listeners = new Set<EndpointListener>();
  readonly #rtp: RtpSession;
  readonly #telephoneEvents = new TelephoneEventReceiver();
  readonly #player: Player;
  /** A number that fits SDP readers of 32 bits (RFC 8866 §5.2). */
  readonly #sessionId: number;
  #version = 0;
  #ice: IceLite;
  #offer: AudioOffer | undefined;
  #transport: Transport = { kind: 'idle' };
  #heardAt = 0;
  #reportedAt = 0;

  constructor(host: EndpointHost) {
    this.#host = host;
    this.#rtp = new RtpSession(host.chance);
    this.#sessionId = host.chance.bytes(4).readUInt32BE() >>> 1;
    this.#ice = new IceLite(host.chance);
    this.#player = new Player(host.pacer, (...frame) => this.#sendFrame(...frame));
  }

  async answer(sdp: string): Promise<string> {
    if (this.#transport.kind === 'closed') throw new UnacceptableOffer('The call is over', 399);
    const offer = readOffer(sdp);
    this.#adopt(offer);
    this.#player.answered();
    const { certificate, port, addresses } = this.#host;
    return writeAnswer(offer, {
      sessionId: this.#sessionId,
      version: ++this.#version,
      ice: this.#ice.credentials,
      fingerprint: certificate.fingerprint,
      ssrc: this.#rtp.ssrc,
      port,
      addresses,
    });
  }

  listen(listener: EndpointListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get codec(): Codec['name'] | undefined {
    return this.#offer?.codec.format.name;
  }

  get connected(): boolean {
    return this.#transport.kind === 'established';
  }

  get shakingHands(): boolean {
    return this.#transport.kind === 'handshake';
  }

  play(sounds: readonly Playable[]): Promise<boolean> {
    if (this.#transport.kind === 'closed') return Promise.resolve(false);
    return this.#player.play(
      sounds.map((playable) => (typeof playable === 'string' ? this.#sound(playable) : playable)),
    );
  }

  interrupt(): void {
    this.#player.interrupt();
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
    if (this.#transport.kind === 'idle' && this.#host.mayShakeHands()) this.#shakeHands();
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
    if (this.#transport.kind !== 'established' || !this.#offer) return;
    if (now - this.#heardAt > SILENCE_MS) {
      this.#end('timeout');
      return;
    }
    if (now - this.#reportedAt < REPORT_MS || !this.#ice.remote) return;
    this.#reportedAt = now;
    const timestamp = this.#rtp.timestamp(this.#offer.codec.format, this.#host.pacer.frame);
    this.#host.send(this.#transport.sender.protectRtcp(this.#rtp.report(now, timestamp)), this.#ice.remote);
  }

  #adopt(offer: AudioOffer): void {
    const before = this.#offer;
    this.#offer = offer;
    if (before && !isSameAssociation(before, offer)) {
      // Another browser continues the call: nothing of the old one is valid any more (RFC 8842 §3.1).
      this.#abandonAssociation();
      this.#transport = { kind: 'idle' };
      this.#ice = new IceLite(this.#host.chance);
    } else if (before && before.iceUfrag !== offer.iceUfrag) this.#ice.restart();
    this.#host.routes.expect(this, this.#ice.ufrags);
  }

  #shakeHands(): void {
    const { certificate, clock } = this.#host;
    const association = new DtlsAssociation(certificate, this.#offer?.fingerprints ?? [], clock, {
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
    if (!this.#offer) return;
    const { codec, telephoneEvent } = this.#offer;
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
    const id = this.#offer?.audioLevel;
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

  #sound(name: string): Sound {
    const sound = this.#host.sounds.get(name);
    if (!sound) throw new Error(`there is no sound "${name}"`);
    return sound;
  }

  #sendFrame(sound: Sound, index: number, frame: number, first: boolean): void {
    if (this.#transport.kind !== 'established' || !this.#offer || !this.#ice.remote) return;
    const { codec, direction } = this.#offer;
    if (direction === 'sendonly' || direction === 'inactive') return; // on hold: time passes without sound
    const payload = sound[codec.format.name][index];
    if (!payload) return; // no packet begins now, or the peer has changed its codec: time passes without sound
    const timestamp = this.#rtp.timestamp(codec.format, frame);
    const packet = this.#rtp.write(codec.payloadType, payload, timestamp, first);
    this.#host.send(this.#transport.sender.protectRtp(packet), this.#ice.remote);
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

/** Does the peer keep its keys (RFC 8842 §3.1)? */
function isSameAssociation(one: AudioOffer, other: AudioOffer): boolean {
  const isRenamed = one.tlsId !== undefined && other.tlsId !== undefined && one.tlsId !== other.tlsId;
  return !isRenamed && announceSame(one.fingerprints, other.fingerprints);
}
