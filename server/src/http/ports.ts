import type { PortionedWork } from '../collections/portioned-work.ts';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IceServer, Language, OrganizationId, ProblemCode, TerminalId } from '@perch/shared';
import type { TlsFiles } from '../config/tls.ts';
import type { TurnServer } from '../config/turn.ts';
import type { History } from '../records/ports.ts';
import type { Management } from '../management/management.ts';
import type { PersonalData } from '../personal/personal-data.ts';
import type { Refusal } from '../management/refusal.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Clock } from '../world/clock.ts';
import type { CertificateJournal } from './certificates.ts';
import type { DoorBounds } from '../network/connections.ts';
import type { Origins } from '../network/origins.ts';
import type { PushSubscription } from '../push/ports.ts';

/** A link with which somebody chooses a password, to be mailed to them. */
export interface LinkMail {
  readonly to: string;
  /** The name of the organization. */
  readonly organization: string;
  readonly url: string;
  readonly expiresAt: number;
  /** Is it their first one? */
  readonly isInvitation: boolean;
  /** Of the recipient. */
  readonly language: Language;
}

/** How the server is reached, and what it tells browsers. */
export interface HttpOptions {
  /** `undefined`: every address. */
  readonly host: string | undefined;
  /** 0: the system chooses. */
  readonly port: number;
  /** `undefined`: the address by which each browser came. */
  readonly publicUrl: URL | undefined;
  readonly tls: TlsFiles | undefined;
  readonly trustsProxy: ((address: string) => boolean) | undefined;
  /** The bearer token for `/metrics`; `undefined`: `/metrics` is closed. */
  readonly metricsToken: string | undefined;
  /** May strangers read `/api/openapi.json`? */
  readonly isDescribedToAll: boolean;
  readonly iceServers: readonly IceServer[];
  /** Its credentials are made anew for each browser that asks. */
  readonly turn: TurnServer | undefined;
  /** Where the built client is. */
  readonly clientFolder: string;
}

/** Events of the pages and the API, for logs and metrics. Addresses are those of the browsers. */
export interface HttpJournal {
  organizationCreated(domain: string, address: string): void;
  signedIn(email: string, address: string): void;
  signInRefused(email: string, address: string): void;
  passwordChosen(email: string, address: string): void;
  enrolled(number: string, address: string): void;
  /** Somebody has entered a PIN at a station; `why` it was not taken. */
  stationPinTried(number: string, address: string, why: ProblemCode | undefined): void;
  readonly certificate: CertificateJournal;
  /** An exception of ours; the caller got 500. */
  failed(request: string, error: unknown): void;
}

/** The browsers that take push messages, by the SHA-256 of their tokens. */
export interface PushControl {
  /** What they subscribe with (RFC 8292 §4). */
  readonly publicKey: string;
  /** Where messages to that browser go; `undefined` where it has not subscribed. */
  endpointOf(terminal: TerminalId, browser: Buffer): string | undefined;
  subscribe(subscription: PushSubscription): Promise<void>;
  unsubscribe(terminal: TerminalId, browser: Buffer): Promise<void>;
  /** Can that be the address of a push service? */
  isPushService(endpoint: string): boolean;
}

export interface HttpPorts {
  readonly management: Management;
  readonly push: PushControl;
  /** What has happened in an organization. */
  readonly history: (organization: OrganizationId) => History;
  readonly personalData: PersonalData;
  readonly webhooks: Webhooks;
  readonly journal: HttpJournal;
  readonly origins: Origins;
  readonly bounds: DoorBounds;
  readonly clock: Clock;
  /** Where new connections wait. */
  readonly later: PortionedWork;
  /** The upgrade of a request for `/sip` to a flow. */
  upgradeToSip(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Converts any sound file to Opus packets of 20 ms; `unreadable-sound` with the reason where it is none, or too long. */
  readonly convertSound: (file: Buffer) => Promise<readonly Uint8Array[] | Refusal>;
  /** Mails a link to its person. @returns whether the mail server has taken it. None where no mail is sent at all. */
  readonly mailLink: ((mail: LinkMail) => Promise<boolean>) | undefined;
  /** Why the server is not ready at the moment, as a sentence; `undefined` where it is. */
  readonly trouble: () => Promise<string | undefined>;
  /** In the format that Prometheus reads. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}
