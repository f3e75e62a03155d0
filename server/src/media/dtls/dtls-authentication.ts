import { createHash, createHmac, timingSafeEqual, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { assertNever } from '@perch/shared';
import type { HandshakeMessage } from './dtls-record.ts';
import { isAnnounced } from './dtls-certificate.ts';
import type { Fingerprint } from './dtls-certificate.ts';
import { OctetReader, Truncated } from './octet-reader.ts';
import { SRTP_PROFILES } from '../srtp/srtp.ts';

/**
 * Authenticates the server in a DTLS 1.2 handshake, for the client: the order of the server's messages
 * (RFC 5246 §7.3) and what each has to prove. A state machine; the handshake itself runs elsewhere and obeys it.
 */
export type Authentication =
  | { readonly kind: 'awaiting-hello'; readonly cookieSent: boolean }
  | { readonly kind: 'awaiting-certificate'; readonly hello: ServerHello }
  | { readonly kind: 'awaiting-key-exchange'; readonly hello: ServerHello; readonly key: KeyObject }
  | { readonly kind: 'awaiting-hello-done'; readonly hello: ServerHello }
  /** Proven: the peer owns the announced certificate. Its Finished is still to come, encrypted. */
  | { readonly kind: 'awaiting-finished'; readonly hello: ServerHello }
  | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly reason: 'unauthenticated' | 'handshake-failed';
  readonly why: string;
}

export interface ServerHello {
  readonly random: Buffer;
  /** The SRTP protection profile agreed on (RFC 5764 §4.1.2). */
  readonly srtpProfile: number;
}

/** What the messages are checked against. */
export interface Expectation {
  readonly fingerprints: readonly Fingerprint[];
  readonly clientRandom: Buffer;
}

/** Handshake message types (RFC 5246 §7.4, RFC 6347 §4.3.2). */
const MESSAGE = {
  serverHello: 2,
  helloVerifyRequest: 3,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
} as const;

const DTLS_1_2 = 0xfefd;
/** TLS_ECDHE_ECDSA_… and TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, all that is offered (RFC 5289 §3.2). */
const CIPHER_SUITES = [0xc02b, 0xc02f];
const EXTENSION = { useSrtp: 14, extendedMasterSecret: 23 } as const;
const NAMED_CURVE = 3;
const SHA_256 = 4;
/** TLS's SignatureAlgorithm to the keys that can make such signatures (RFC 5246 §7.4.1.4.1). */
const KEY_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'rsa'],
  [3, 'ec'],
]);

export const initial: Authentication = { kind: 'awaiting-hello', cookieSent: false };

/** The state after a handshake message in its turn; a `refused` state stays. */
export function step(
  state: Authentication,
  message: HandshakeMessage,
  expected: Expectation,
): Authentication {
  try {
    return next(state, message, expected);
  } catch (error) {
    if (error instanceof Truncated) return failed('a message is shorter than it says');
    throw error;
  }
}

function next(
  state: Authentication,
  { type, body }: HandshakeMessage,
  expected: Expectation,
): Authentication {
  const read = new OctetReader(body);
  switch (state.kind) {
    case 'awaiting-hello':
      if (type === MESSAGE.helloVerifyRequest && !state.cookieSent) return { ...state, cookieSent: true };
      return type === MESSAGE.serverHello ? afterHello(read) : outOfOrder(type);
    case 'awaiting-certificate':
      return type === MESSAGE.certificate ? afterCertificate(state, read, expected) : outOfOrder(type);
    case 'awaiting-key-exchange':
      return type === MESSAGE.serverKeyExchange ? afterKeyExchange(state, body, expected) : outOfOrder(type);
    case 'awaiting-hello-done':
      if (type === MESSAGE.certificateRequest) return state;
      return type === MESSAGE.serverHelloDone ? { ...state, kind: 'awaiting-finished' } : outOfOrder(type);
    case 'awaiting-finished':
      return outOfOrder(type);
    case 'refused':
      return state;
    default:
      return assertNever(state);
  }
}

/** ServerHello (RFC 5246 §7.4.1.3). */
function afterHello(read: OctetReader): Authentication {
  const version = read.uint16();
  const random = read.octets(32);
  read.vector8(); // session id
  const cipherSuite = read.uint16();
  const compression = read.uint8();
  const extensions = readExtensions(read);
  if (version !== DTLS_1_2) return failed('the peer does not speak DTLS 1.2');
  if (!CIPHER_SUITES.includes(cipherSuite) || compression !== 0)
    return failed('the peer chose what was not offered');
  // Without it a master secret can be made to fit two handshakes at once, the peer's and an attacker's (RFC 7627 §1).
  if (!extensions.has(EXTENSION.extendedMasterSecret)) return unauthenticated('no extended master secret');
  const srtpProfile = readSrtpProfile(extensions.get(EXTENSION.useSrtp));
  if (srtpProfile === undefined) return failed('no SRTP protection profile in common');
  return { kind: 'awaiting-certificate', hello: { random, srtpProfile } };
}

function readExtensions(read: OctetReader): Map<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  if (read.done) return extensions;
  const list = new OctetReader(read.vector16());
  while (!list.done) extensions.set(list.uint16(), list.vector16());
  return extensions;
}

/** One profile, one that was offered, and no MKI, since none was (RFC 5764 §4.1.1). */
function readSrtpProfile(extension: Buffer | undefined): number | undefined {
  if (!extension) return undefined;
  const read = new OctetReader(extension);
  const profiles = read.vector16();
  const mki = read.vector8();
  if (profiles.length !== 2 || mki.length !== 0) return undefined;
  const profile = profiles.readUInt16BE(0);
  return SRTP_PROFILES.has(profile) ? profile : undefined;
}

/** The certificate that the SDP announced (RFC 5763 §5); only the signaling vouches for it. */
function afterCertificate(
  state: Extract<Authentication, { kind: 'awaiting-certificate' }>,
  read: OctetReader,
  { fingerprints }: Expectation,
): Authentication {
  const certificate = new OctetReader(read.vector24()).vector24();
  if (!isAnnounced(certificate, fingerprints))
    return unauthenticated('the certificate is not the announced one');
  try {
    const key = new X509Certificate(certificate).publicKey;
    return { kind: 'awaiting-key-exchange', hello: state.hello, key };
  } catch {
    return failed('the certificate cannot be read');
  }
}

/** The certificate's owner signs both randoms and its own half of the key exchange (RFC 8422 §5.4). */
function afterKeyExchange(
  { hello, key }: Extract<Authentication, { kind: 'awaiting-key-exchange' }>,
  body: Buffer,
  { clientRandom }: Expectation,
): Authentication {
  const read = new OctetReader(body);
  const curveType = read.uint8();
  read.uint16(); // the curve: the handshake knows those it can compute on
  read.vector8(); // the public point
  const parameters = body.subarray(0, read.at);
  const hash = read.uint8();
  const algorithm = read.uint8();
  const signature = read.vector16();
  if (curveType !== NAMED_CURVE) return failed('the key exchange is not on a named curve');
  if (hash !== SHA_256 || KEY_TYPES.get(algorithm) !== key.asymmetricKeyType)
    return unauthenticated('the key exchange is not signed as was offered');
  const signed = Buffer.concat([clientRandom, hello.random, parameters]);
  if (!isSignature(key, signed, signature)) return unauthenticated('the peer does not own its certificate');
  return { kind: 'awaiting-hello-done', hello };
}

function isSignature(key: KeyObject, signed: Buffer, signature: Buffer): boolean {
  try {
    return verify('sha256', signed, key, signature);
  } catch {
    return false; // a signature that is not even of the right form
  }
}

/**
 * The server's last message: proves that it has seen the same handshake and has the same keys (RFC 5246 §7.4.9).
 * `transcript` is every handshake message before it, the client's Finished included.
 */
export function isServerFinished(verifyData: Buffer, masterSecret: Buffer, transcript: Buffer): boolean {
  const hash = createHash('sha256').update(transcript).digest();
  const seed = Buffer.concat([Buffer.from('server finished'), hash]);
  const hmac = (data: Buffer) => createHmac('sha256', masterSecret).update(data).digest();
  const wanted = hmac(Buffer.concat([hmac(seed), seed])).subarray(0, 12); // the PRF's first block (RFC 5246 §5)
  return verifyData.length === wanted.length && timingSafeEqual(verifyData, wanted);
}

const failed = (why: string): Refused => ({ kind: 'refused', reason: 'handshake-failed', why });
const unauthenticated = (why: string): Refused => ({ kind: 'refused', reason: 'unauthenticated', why });
const outOfOrder = (type: number): Refused => failed(`message ${type} out of its order`);
