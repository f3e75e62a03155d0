import { createHash } from 'node:crypto';
import { CipherContext, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } from 'werift';

/** What this end shows in every handshake; made anew with each start (RFC 8827 §6.5). */
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

/** Those fingerprints of an offer that a certificate is held against: the ones of the strongest hash (RFC 8122 §5). */
export function strongest(fingerprints: readonly Fingerprint[]): Fingerprint[] {
  const best = TRUSTED_HASHES.find((hash) => fingerprints.some((fingerprint) => fingerprint.hash === hash));
  return fingerprints.filter((fingerprint) => fingerprint.hash === best);
}

/** Is this the certificate that the SDP announced? */
export function isAnnounced(certificate: Uint8Array, fingerprints: readonly Fingerprint[]): boolean {
  return strongest(fingerprints).some(({ hash, value }) => fingerprintOf(certificate, hash) === value);
}
