import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { configOf } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/env.ts';
import type { TlsFiles } from '../config/tls.ts';
import { Misconfigured } from '../config/misconfigured.ts';
import { outsideAddresses } from '../media/ice/addresses.ts';
import { prepareDataFolder } from '../storage/sqlite/data-folder.ts';
import type { World } from '../world/world.ts';
import { lanAddress, routedAddress } from './lan-address.ts';
import { lanCertificate } from './lan-certificate.ts';
import type { LanCertificate } from './lan-certificate.ts';

/** The names of every machine, and those of this one on networks with multicast DNS. */
const NAMES = ['localhost', '127.0.0.1', '::1', ...hostNames(hostname().toLowerCase())];

/** How a demo serves the network that its machine is on. */
export interface Lan {
  readonly config: Config;
  /** Of the certificate that browsers warn about; `undefined` where the user has given another. */
  readonly fingerprint: string | undefined;
  /** The addresses that the links could name instead. */
  readonly others: readonly string[];
}

/**
 * The configuration of a demo for other devices of the network: HTTPS, at an address that they can reach. A certificate or
 * public address from the environment takes precedence.
 * @param wished the address to use, unless the server listens on one only; `undefined`: the best one.
 * @throws {Misconfigured} where there is none; {UnusableData} where the certificate cannot be kept.
 */
export async function onLan(
  environment: Environment,
  wished: string | undefined,
  world: World,
): Promise<Lan> {
  const { PERCH_PORT, PERCH_HOST, PERCH_DATA, PERCH_TLS_CERT, PERCH_TLS_KEY } = environment;
  const { port, host, dataFolder, tls } = configOf({
    PERCH_PORT,
    PERCH_HOST,
    PERCH_DATA,
    PERCH_TLS_CERT,
    PERCH_TLS_KEY,
  });
  if (port === 0) throw new Misconfigured('With --lan, PERCH_PORT is not 0: links have to name the port.');
  const own = outsideAddresses();
  const listening = host === undefined || host === '::' || host === '0.0.0.0' ? undefined : host;
  const address = lanAddress(own, await routedAddress(), listening ?? wished);
  const found = `https://${isIPv6(address) ? `[${address}]` : address}:${port}`;
  const publicUrl = environment['PERCH_PUBLIC_URL']?.trim() || found;

  const files: TlsFiles & { readonly fingerprint?: string } =
    tls ?? (await keptCertificate(dataFolder, hostOf(publicUrl) ?? address, own, world));
  return {
    config: configOf({
      ...environment,
      PERCH_PUBLIC_URL: publicUrl,
      PERCH_TLS_CERT: files.certificateFile,
      PERCH_TLS_KEY: files.keyFile,
    }),
    fingerprint: files.fingerprint,
    others: publicUrl === found ? own.filter((other) => other !== address) : [],
  };
}

function keptCertificate(
  dataFolder: string,
  host: string,
  own: readonly string[],
  { chance, clock }: World,
): Promise<LanCertificate> {
  prepareDataFolder(dataFolder, chance);
  return lanCertificate(dataFolder, host, [...own, ...NAMES], clock.now());
}

/** Without the brackets of an IPv6 address. */
const hostOf = (url: string): string | undefined => URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, '$1');

function hostNames(name: string): readonly string[] {
  // A machine's name may contain what no certificate can.
  if (!/^[a-z\d-]+(?:\.[a-z\d-]+)*$/.test(name)) return [];
  return name.includes('.') ? [name] : [name, `${name}.local`];
}
