import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { IceServer } from '@perch/shared';
import type { VoicemailLimits } from '../exchange/voicemail/ports.ts';
import type { Environment, Variable } from './env.ts';
import { iceServersOf } from './ice-servers.ts';
import { mailSettingsOf } from './mail.ts';
import type { MailSettings } from './mail.ts';
import { type OpenIdSettings, openIdSettingsOf } from './openid.ts';
import { tlsFilesOf } from './tls.ts';
import type { TlsFiles } from './tls.ts';
import { networksOf } from './networks.ts';
import { type PushSettings, pushSettingsOf } from './push.ts';
import { Misconfigured } from './misconfigured.ts';
import { turnServerOf } from './turn.ts';
import type { TurnServer } from './turn.ts';
import { voicemailLimitsOf } from './voicemail.ts';
import { wholeNumber } from './whole-number.ts';

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** What the environment means. */
export interface Config {
  /** 0: the system chooses. */
  readonly port: number;
  /** `undefined`: every address. */
  readonly host: string | undefined;
  /** An absolute path. */
  readonly dataFolder: string;
  /** Without a path; `undefined`: whichever address a browser used. */
  readonly publicUrl: URL | undefined;
  readonly tls: TlsFiles | undefined;
  readonly iceServers: readonly IceServer[];
  /** `undefined`: none but those of `iceServers`. */
  readonly turn: TurnServer | undefined;
  /** Is the peer with this address a proxy that is trusted to name its visitors? */
  readonly trustsProxy: ((address: string) => boolean) | undefined;
  /** May webhooks go to this address of an inner network? `undefined`: to none. */
  readonly allowsWebhook: ((address: string) => boolean) | undefined;
  readonly mediaPort: number;
  readonly mediaAddresses: readonly string[];
  /** How long a call rings before it goes to voicemail. */
  readonly noAnswerMs: number;
  /** How much each mailbox holds. */
  readonly voicemail: VoicemailLimits;
  /** With less than this on the disk, no recording is begun. */
  readonly minFreeDiskBytes: number;
  /** `undefined`: messages are not mailed. */
  readonly mail: MailSettings | undefined;
  readonly push: PushSettings;
  /** `undefined`: people sign in by their passwords only. */
  readonly openId: OpenIdSettings | undefined;
  /** The bearer token for `/metrics`; `undefined`: `/metrics` is closed. */
  readonly metricsToken: string | undefined;
  /** Does each call go to a collector as a trace? */
  readonly sendsTraces: boolean;
  /** May strangers read `/api/openapi.json`? */
  readonly isDescribedToAll: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/**
 * Reads the environment.
 * @throws {Misconfigured} with a sentence where a variable is wrong or two contradict each other.
 */
export function configOf(environment: Environment): Config {
  // `VARIABLE=` in a script means that it is not set.
  const given = (name: Variable) => environment[name]?.trim() || undefined;
  const publicUrl = publicUrlOf(given('PERCH_PUBLIC_URL'));
  const mail = mailSettingsOf(given('PERCH_SMTP_URL'), given('PERCH_MAIL_FROM'), publicUrl);
  const config: Config = {
    port: portOf('PERCH_PORT', given('PERCH_PORT') ?? '8080'),
    // Brackets around an IPv6 address, as in a URL, are accepted too.
    host: given('PERCH_HOST')?.replace(/^\[(.*)\]$/, '$1'),
    dataFolder: resolve(given('PERCH_DATA') ?? 'data'),
    publicUrl,
    tls: tlsFilesOf(given('PERCH_TLS_CERT'), given('PERCH_TLS_KEY')),
    iceServers: iceServersOf(given('PERCH_ICE_SERVERS')),
    turn: turnServerOf(given('PERCH_TURN_URLS'), given('PERCH_TURN_SECRET')),
    trustsProxy: networksOf('PERCH_TRUST_PROXY', given('PERCH_TRUST_PROXY')),
    allowsWebhook: networksOf('PERCH_WEBHOOK_NETWORKS', given('PERCH_WEBHOOK_NETWORKS')),
    mediaPort: portOf('PERCH_MEDIA_PORT', given('PERCH_MEDIA_PORT') ?? '0'),
    mediaAddresses: addressesOf(given('PERCH_MEDIA_ADDRESSES')),
    noAnswerMs:
      wholeNumber(
        'PERCH_NO_ANSWER_SECONDS',
        given('PERCH_NO_ANSWER_SECONDS') ?? '25',
        'how long a call rings',
        {
          least: 5,
          most: 180,
        },
      ) * 1000,
    voicemail: voicemailLimitsOf(given),
    minFreeDiskBytes:
      wholeNumber('PERCH_MIN_FREE_DISK_MB', given('PERCH_MIN_FREE_DISK_MB') ?? '256', 'what is left free', {
        least: 1,
        most: 10_000_000,
      }) * 1_000_000,
    mail,
    push: pushSettingsOf(given, publicUrl, mail),
    openId: openIdSettingsOf(given, publicUrl),
    metricsToken: metricsTokenOf(given('PERCH_METRICS_TOKEN')),
    sendsTraces:
      (given('OTEL_EXPORTER_OTLP_ENDPOINT') ?? given('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')) !== undefined &&
      given('OTEL_SDK_DISABLED')?.toLowerCase() !== 'true',
    isDescribedToAll: readersOf(given('PERCH_API_DESCRIPTION') ?? 'people') === 'anyone',
    logLevel: logLevelOf(given('PERCH_LOG') ?? 'info'),
  };
  refuseContradictions(config);
  return config;
}

function refuseContradictions({ publicUrl, tls, trustsProxy }: Config): void {
  if (publicUrl?.protocol === 'http:' && tls)
    throw new Misconfigured(
      'PERCH_PUBLIC_URL begins with http:, but with PERCH_TLS_CERT the server speaks https: only.',
    );
  if (publicUrl?.protocol === 'https:' && !tls && !trustsProxy)
    throw new Misconfigured(
      'PERCH_PUBLIC_URL begins with https:, but nothing here speaks it. Set PERCH_TLS_CERT and PERCH_TLS_KEY, or ' +
        'PERCH_TRUST_PROXY with the address of the proxy that does.',
    );
}

function portOf(name: 'PERCH_PORT' | 'PERCH_MEDIA_PORT', text: string): number {
  return wholeNumber(name, text, 'a port', { least: 0, most: 65_535 });
}

function publicUrlOf(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Misconfigured(`PERCH_PUBLIC_URL is ${text}; it looks like https://phone.example.org.`);
  if (url.href !== `${url.origin}/`)
    throw new Misconfigured(
      `PERCH_PUBLIC_URL is ${text}; it has a host and a port only, such as ${url.origin}.`,
    );
  return url;
}

function addressesOf(text: string | undefined): readonly string[] {
  const addresses = text?.split(',').map((address) => address.trim()) ?? [];
  for (const address of addresses)
    if (isIP(address) === 0)
      throw new Misconfigured(`PERCH_MEDIA_ADDRESSES has ${address}, which is no IP address.`);
  return addresses;
}

function metricsTokenOf(text: string | undefined): string | undefined {
  // The value is not quoted: the sentence ends up in logs.
  if (text !== undefined && !/^[\w.~+/=-]{16,128}$/.test(text))
    throw new Misconfigured(
      'PERCH_METRICS_TOKEN is 16 to 128 letters, digits and -._~+/=, such as `openssl rand -hex 32` makes.',
    );
  return text;
}

function readersOf(text: string): 'people' | 'anyone' {
  if (text !== 'people' && text !== 'anyone')
    throw new Misconfigured(`PERCH_API_DESCRIPTION is ${text}; it is people or anyone.`);
  return text;
}

function logLevelOf(text: string): Config['logLevel'] {
  const level = LOG_LEVELS.find((known) => known === text);
  if (!level) throw new Misconfigured(`PERCH_LOG is ${text}; it is one of ${LOG_LEVELS.join(', ')}.`);
  return level;
}
