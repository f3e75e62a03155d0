import type { Chance } from '../../world/chance.ts';
import type { MediaClock } from '../clock.ts';
import type { LocalCertificate } from '../dtls/dtls-certificate.ts';
import type { Peer } from '../ice/udp-port.ts';
import type { Pacer } from '../playback/pacer.ts';
import type { Voices } from '../playback/prompts.ts';
import type { Routes } from './routes.ts';

/** What the endpoints of one engine share. */
export interface EndpointHost<Endpoint> {
  readonly clock: MediaClock;
  readonly chance: Chance;
  readonly pacer: Pacer;
  readonly voices: Voices;
  readonly certificate: LocalCertificate;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly routes: Routes<Endpoint>;
  send(datagram: Buffer, peer: Peer): void;
  /** May one more handshake begin? */
  mayShakeHands(): boolean;
  /** The endpoint is over. */
  ended(endpoint: Endpoint): void;
  /** Reports our own mistakes. */
  onFailure(error: unknown): void;
}
