import type { Chance } from '../../world/chance.ts';
import { machineAddresses } from '../ice/addresses.ts';
import { Bridge } from '../bridge/bridge.ts';
import type { MediaClock } from '../clock.ts';
import { makeCertificate } from '../dtls/dtls-certificate.ts';
import type { LocalCertificate } from '../dtls/dtls-certificate.ts';
import type { MediaBridge, MediaEngine } from '../endpoint.ts';
import { Pacer } from '../playback/pacer.ts';
import type { Voices } from '../playback/prompts.ts';
import { Routes } from './routes.ts';
import { localFragment, readBindingRequest } from '../ice/stun.ts';
import { UdpPort } from '../ice/udp-port.ts';
import type { Peer } from '../ice/udp-port.ts';
import type { EndpointHost } from './endpoint-host.ts';
import { WebRtcEndpoint } from './webrtc-endpoint.ts';

export interface WebRtcEngineOptions {
  /** The one UDP port of all calls; 0 takes any. */
  readonly port: number;
  /** Where browsers are told to send, best first; unless given, this machine's addresses and loopback. */
  readonly addresses?: readonly string[];
  readonly voices: Voices;
  readonly clock: MediaClock;
  readonly chance: Chance;
  /** Reports our own mistakes: they may affect one call, the others go on. */
  readonly onFailure: (error: unknown) => void;
}

/** Datagrams that led to nothing, since the start. */
export interface Ignored {
  /** Not STUN, DTLS, RTP or RTCP, or broken. */
  junk: number;
  /** Checks for a fragment that no call has. */
  unknownFragment: number;
  /** Checks with a wrong MESSAGE-INTEGRITY. */
  forged: number;
  /** From an address that no call has heard from. */
  stranger: number;
}

/** Handshakes cost computing time before the peer has proven anything; the next check of a refused one tries again. */
const MOST_HANDSHAKES = 64;
const HOUSEKEEPING_MS = 1000;

/** Opens the port and makes this start's certificate. Rejects with the system's error if the port is taken. */
export async function createWebRtcEngine(options: WebRtcEngineOptions): Promise<WebRtcEngine> {
  const certificate = await makeCertificate();
  return new WebRtcEngine(options, certificate, await UdpPort.open(options.port));
}

/** The WebRTC adapter: every call's endpoint behind one UDP port. */
export class WebRtcEngine implements MediaEngine {
  readonly ignored: Ignored = { junk: 0, unknownFragment: 0, forged: 0, stranger: 0 };
  readonly #port: UdpPort;
  readonly #clock: MediaClock;
  readonly #onFailure: (error: unknown) => void;
  readonly #routes = new Routes<WebRtcEndpoint>();
  readonly #endpoints = new Set<WebRtcEndpoint>();
  readonly #host: EndpointHost<WebRtcEndpoint>;
  #cancelHousekeeping: () => void = () => undefined;

  constructor(options: WebRtcEngineOptions, certificate: LocalCertificate, port: UdpPort) {
    this.#port = port;
    this.#clock = options.clock;
    this.#onFailure = options.onFailure;
    this.#host = {
      clock: options.clock,
      chance: options.chance,
      pacer: new Pacer(options.clock, options.onFailure),
      voices: options.voices,
      certificate,
      port: port.number,
      addresses: options.addresses ?? machineAddresses(),
      routes: this.#routes,
      send: (datagram, peer) => port.send(datagram, peer),
      mayShakeHands: () => this.#handshakes < MOST_HANDSHAKES,
      ended: (endpoint) => void this.#endpoints.delete(endpoint),
      onFailure: options.onFailure,
    };
    port.listen((datagram, peer) => this.#receive(datagram, peer));
    this.#scheduleHousekeeping();
  }

  /** The UDP port in use. */
  get port(): number {
    return this.#port.number;
  }

  /** Calls with sound right now. */
  get size(): number {
    return this.#endpoints.size;
  }

  endpoint(): WebRtcEndpoint {
    const endpoint = new WebRtcEndpoint(this.#host);
    this.#endpoints.add(endpoint);
    return endpoint;
  }

  bridge(): MediaBridge {
    return new Bridge(this.#host.pacer);
  }

  async close(): Promise<void> {
    this.#cancelHousekeeping();
    for (const endpoint of this.#endpoints) endpoint.close();
    await this.#port.close();
  }

  get #handshakes(): number {
    return [...this.#endpoints].filter((endpoint) => endpoint.shakingHands).length;
  }

  #receive(datagram: Buffer, peer: Peer): void {
    try {
      this.#dispatch(datagram, peer);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** The first octet tells the protocol (RFC 7983 §7). */
  #dispatch(datagram: Buffer, peer: Peer): void {
    const first = datagram[0] ?? -1;
    if (first >= 0 && first <= 3) this.#receiveStun(datagram, peer);
    else if (first >= 20 && first <= 63) this.#known(peer)?.receiveDtls(datagram);
    else if (first >= 128 && first <= 191) this.#known(peer)?.receiveMedia(datagram);
    else this.ignored.junk++;
  }

  #receiveStun(datagram: Buffer, peer: Peer): void {
    const request = readBindingRequest(datagram);
    if (!request) {
      this.ignored.junk++;
      return;
    }
    const endpoint = this.#routes.byFragment(localFragment(request.username));
    // RFC 8489 §9.1.3 would answer with 401: an open port had better not answer strangers.
    if (!endpoint) this.ignored.unknownFragment++;
    else if (!endpoint.receiveCheck(request, peer)) this.ignored.forged++;
  }

  #known(peer: Peer): WebRtcEndpoint | undefined {
    const endpoint = this.#routes.byPeer(peer);
    if (!endpoint) this.ignored.stranger++;
    return endpoint;
  }

  #scheduleHousekeeping(): void {
    this.#cancelHousekeeping = this.#clock.after(HOUSEKEEPING_MS, () => {
      const now = this.#clock.monotonic();
      for (const endpoint of this.#endpoints) {
        try {
          endpoint.housekeep(now);
        } catch (error) {
          this.#onFailure(error);
        }
      }
      this.#scheduleHousekeeping();
    });
  }
}
