import { createHash } from 'node:crypto';
import { CipherContext, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } from 'werift';

/** This end's certificate in every handshake; made afresh at each start (RFC 8827 §6.5). */
export interface LocalCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly fingerprint: Fingerprint;
}

/** A certificate's hash as SDP writes it (RFC 8122 §5). */
export interface Fingerprint {
  readonly hash: string;
  /** Upper-case hexadecimal octets with colons between. */
  readonly value: string;
}

/** The hashes that are good enough to trust, strongest first (RFC 8122 §5; SHA-1 and MD5 are not). */
const TRUSTED_HASHES = ['sha-512', 'sha-384', 'sha-256'];

/** ECDSA on P-256 with SHA-256: the one kind that every browser has to support (RFC 8827 §6.5). */
export const SIGNATURE = { hash: HashAlgorithm.sha256_4, signature: SignatureAlgorithm.ecdsa_3 } as const;

export async function makeCertificate(): Promise<LocalCertificate> {
  const made = await CipherContext.createSelfSignedCertificateWithKey(
    SIGNATURE,
    NamedCurveAlgorithm.secp256r1_23,
  );
  const der = Buffer.from(made.certPem.replace(/-----[^-]*-----|\s/g, ''), 'base64');
  return {
    certificatePem: made.certPem,
    keyPem: made.keyPem,
    fingerprint: { hash: 'sha-256', value: fingerprintOf(der, 'sha-256') },
  };
}

/** `hash` is a name as SDP has it, such as `sha-256`. */
export function fingerprintOf(certificate: Uint8Array, hash: string): string {
  const hex = createHash(hash.replace('-', '')).update(certificate).digest('hex').toUpperCase();
  return hex.replace(/..(?!$)/g, '$&:');
}

export const isTrusted = ({ hash }: Fingerprint): boolean => TRUSTED_HASHES.includes(hash);

/** Those fingerprints of an offer that a certificate is compared with: the ones of the strongest hash (RFC 8122 §5). */
function strongest(fingerprints: readonly Fingerprint[]): Fingerprint[] {
  const best = TRUSTED_HASHES.find((hash) => fingerprints.some((fingerprint) => fingerprint.hash === hash));
  return fingerprints.filter((fingerprint) => fingerprint.hash === best);
}

/**
 * Do two offers announce the same certificates? They do where both use a hash, and have the same set of values for each hash
 * that both use. RFC 8842 §3.1 takes a fingerprint that was added or removed for a new association; but one more hash of
 * the same certificate is not a new one, and the browser that holds it keeps using its keys.
 */
export function announceSame(one: readonly Fingerprint[], other: readonly Fingerprint[]): boolean {
  const valuesOf = (fingerprints: readonly Fingerprint[], hash: string): Set<string> =>
    new Set(fingerprints.filter((fingerprint) => fingerprint.hash === hash).map(({ value }) => value));
  const pairs = TRUSTED_HASHES.map((hash) => [valuesOf(one, hash), valuesOf(other, hash)] as const);
  const shared = pairs.filter(([a, b]) => a.size > 0 && b.size > 0);
  return (
    shared.length > 0 && shared.every(([a, b]) => a.size === b.size && [...a].every((value) => b.has(value)))
  );
}

/** Is this the certificate that the SDP announced? */
export function isAnnounced(certificate: Uint8Array, fingerprints: readonly Fingerprint[]): boolean {
  return strongest(fingerprints).some(({ hash, value }) => fingerprintOf(certificate, hash) === value);
}
