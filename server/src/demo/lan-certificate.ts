import { isIP } from 'node:net';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { readTlsPair } from '../config/tls.ts';
import type { TlsFiles } from '../config/tls.ts';

const DAY_MS = 86_400_000;
/** For clocks of other devices that are slow. */
const BACKDATED_MS = DAY_MS;
/** Browsers take no certificate that is good for more than 398 days (CA/Browser Forum ballot SC31). */
const GOOD_FOR_MS = 365 * DAY_MS;
/** A certificate that expires within this time is renewed. */
const REMAINDER_MS = 30 * DAY_MS;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A self-signed certificate. */
export interface LanCertificate extends TlsFiles {
  /** Its SHA-256, as browsers show it. */
  readonly fingerprint: string;
}

/**
 * The certificate of the demo. It is kept in the folder for as long as it names the host of the links, so that a browser that was
 * told to accept it need not be told again.
 * @param host the name or address that links have.
 * @param others other names of the machine.
 * @param now milliseconds since 1970.
 */
export async function lanCertificate(
  folder: string,
  host: string,
  others: readonly string[],
  now: number,
): Promise<LanCertificate> {
  const files = {
    certificateFile: join(folder, 'demo-lan-certificate.pem'),
    keyFile: join(folder, 'demo-lan-key.pem'),
  };
  const kept = fingerprintIfGood(files, host, now);
  if (kept !== undefined) return { ...files, fingerprint: kept };
  const { certificate, key } = await makeCertificate([...new Set([host, ...others])], now);
  keep(files.keyFile, key);
  keep(files.certificateFile, certificate);
  return { ...files, fingerprint: new X509Certificate(certificate).fingerprint256 };
}

function keep(file: string, text: string): void {
  // Writing to an existing file would keep its permissions.
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}

/** `undefined` where the files are missing, do not fit together, name another host, or expire soon. */
function fingerprintIfGood(files: TlsFiles, host: string, now: number): string | undefined {
  try {
    const { certificate, expiresAt } = readTlsPair(files);
    const known = new X509Certificate(certificate);
    const named = isIP(host) === 0 ? known.checkHost(host) : known.checkIP(host);
    return named !== undefined && expiresAt > now + REMAINDER_MS ? known.fingerprint256 : undefined;
  } catch {
    return undefined;
  }
}

async function makeCertificate(
  names: readonly string[],
  now: number,
): Promise<{ readonly certificate: string; readonly key: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: ALGORITHM.namedCurve });
  const keys = {
    privateKey: privateKey.toCryptoKey(ALGORITHM, false, ['sign']),
    publicKey: publicKey.toCryptoKey(ALGORITHM, true, ['verify']),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['Perch demo'] }],
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + GOOD_FOR_MS),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
