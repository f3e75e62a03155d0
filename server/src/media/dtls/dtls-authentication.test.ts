import { createSign, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { initial, isServerFinished, step } from './dtls-authentication.ts';
import type { Authentication, Expectation } from './dtls-authentication.ts';
import { fingerprintOf, makeCertificate } from './dtls-certificate.ts';
import type { LocalCertificate } from './dtls-certificate.ts';

const clientRandom = Buffer.alloc(32, 1);
const serverRandom = Buffer.alloc(32, 2);

let owner: LocalCertificate;
let thief: LocalCertificate;
beforeAll(async () => {
  [owner, thief] = await Promise.all([makeCertificate(), makeCertificate()]);
});

const der = ({ certificatePem }: LocalCertificate) =>
  Buffer.from(certificatePem.replace(/-----[^-]*-----|\s/g, ''), 'base64');

const vector = (octets: number, body: Buffer): Buffer => {
  const length = Buffer.alloc(octets);
  length.writeUIntBE(body.length, 0, octets);
  return Buffer.concat([length, body]);
};
const uint16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const extension = (type: number, body: Buffer) => Buffer.concat([uint16(type), vector(2, body)]);
const srtp = (profiles: number[], mki = Buffer.alloc(0)) =>
  extension(14, Buffer.concat([vector(2, Buffer.concat(profiles.map(uint16))), vector(1, mki)]));
const extendedMasterSecret = extension(23, Buffer.alloc(0));

interface Hello {
  readonly version?: number;
  readonly cipherSuite?: number;
  readonly compression?: number;
  readonly extensions?: readonly Buffer[];
}

const hello = ({
  version = 0xfefd,
  cipherSuite = 0xc02b,
  compression = 0,
  extensions = [extendedMasterSecret, srtp([7])],
}: Hello = {}) => ({
  type: 2,
  body: Buffer.concat([
    uint16(version),
    serverRandom,
    vector(1, Buffer.alloc(0)),
    uint16(cipherSuite),
    Buffer.from([compression]),
    vector(2, Buffer.concat(extensions)),
  ]),
});
const certificate = (shown: LocalCertificate) => ({ type: 11, body: vector(3, vector(3, der(shown))) });

/** An ECDHE key exchange on P-256 (RFC 8422 §5.4), signed with `key` over the randoms and the parameters. */
function keyExchange(key: KeyObject | string, random = clientRandom, signature = 3, hash = 4) {
  const parameters = Buffer.concat([Buffer.from([3, 0, 23]), vector(1, Buffer.alloc(65, 4))]);
  const signed = createSign('sha256')
    .update(Buffer.concat([random, serverRandom, parameters]))
    .sign(key);
  return { type: 12, body: Buffer.concat([parameters, Buffer.from([hash, signature]), vector(2, signed)]) };
}
const request = { type: 13, body: Buffer.alloc(5) };
const done = { type: 14, body: Buffer.alloc(0) };
const cookie = { type: 3, body: Buffer.alloc(3) };

type Message = { readonly type: number; readonly body: Buffer };

function run(messages: readonly Message[], expected: Partial<Expectation> = {}): Authentication {
  const fingerprints = [{ hash: 'sha-256', value: fingerprintOf(der(owner), 'sha-256') }];
  return messages.reduce(
    (state, message, sequence) =>
      step(state, { ...message, sequence }, { fingerprints, clientRandom, ...expected }),
    initial,
  );
}

describe('an honest peer', () => {
  test.for([
    ['plainly', () => [hello(), certificate(owner), keyExchange(owner.keyPem), done]],
    ['after a cookie', () => [cookie, hello(), certificate(owner), keyExchange(owner.keyPem), done]],
    [
      'asking for our certificate',
      () => [hello(), certificate(owner), keyExchange(owner.keyPem), request, done],
    ],
    [
      'choosing the other profile',
      () => [
        hello({ extensions: [srtp([1]), extendedMasterSecret] }),
        certificate(owner),
        keyExchange(owner.keyPem),
        done,
      ],
    ],
  ] as const)('%s is recognised', ([, messages]) => {
    expect(run(messages())).toMatchObject({ kind: 'awaiting-finished' });
  });

  test('may also have announced other certificates and other hashes', () => {
    const fingerprints = [
      { hash: 'sha-1', value: '00' },
      { hash: 'sha-512', value: fingerprintOf(der(thief), 'sha-512') },
      { hash: 'sha-512', value: fingerprintOf(der(owner), 'sha-512') },
    ];
    const messages = [hello(), certificate(owner), keyExchange(owner.keyPem), done];
    expect(run(messages, { fingerprints }).kind).toBe('awaiting-finished');
  });
});

describe('refused as unauthenticated', () => {
  test.for([
    ['a certificate that was not announced', () => [hello(), certificate(thief), keyExchange(thief.keyPem)]],
    [
      'the announced certificate without its key',
      () => [hello(), certificate(owner), keyExchange(thief.keyPem)],
    ],
    [
      'a key exchange of another handshake',
      () => [hello(), certificate(owner), keyExchange(owner.keyPem, Buffer.alloc(32, 9))],
    ],
    [
      'a signature of another kind than the key',
      () => [
        hello(),
        certificate(owner),
        keyExchange(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, clientRandom, 1),
      ],
    ],
    [
      'a signature over a weaker hash',
      () => [hello(), certificate(owner), keyExchange(owner.keyPem, clientRandom, 3, 2)],
    ],
    ['no extended master secret', () => [hello({ extensions: [srtp([7])] })]],
    ['no extensions at all', () => [hello({ extensions: [] })]],
  ] as const)('%s', ([, messages]) => {
    expect(run(messages())).toMatchObject({ kind: 'refused', reason: 'unauthenticated' });
  });

  test('a certificate that fits only a weaker hash than the best announced', () => {
    const fingerprints = [
      { hash: 'sha-512', value: fingerprintOf(der(thief), 'sha-512') },
      { hash: 'sha-256', value: fingerprintOf(der(owner), 'sha-256') },
    ];
    expect(run([hello(), certificate(owner)], { fingerprints })).toMatchObject({ reason: 'unauthenticated' });
  });

  test('any certificate, if none was announced with a trusted hash', () => {
    const fingerprints = [{ hash: 'md5', value: fingerprintOf(der(owner), 'md5') }];
    expect(run([hello(), certificate(owner)], { fingerprints })).toMatchObject({ reason: 'unauthenticated' });
  });
});

describe('refused as a failed handshake', () => {
  test.for([
    ['DTLS 1.0', () => [hello({ version: 0xfeff })]],
    ['a cipher suite that was not offered', () => [hello({ cipherSuite: 0x002f })]],
    ['compression', () => [hello({ compression: 1 })]],
    [
      'an SRTP profile that was not offered',
      () => [hello({ extensions: [extendedMasterSecret, srtp([2])] })],
    ],
    ['two SRTP profiles', () => [hello({ extensions: [extendedMasterSecret, srtp([7, 1])] })]],
    [
      'a master key identifier',
      () => [hello({ extensions: [extendedMasterSecret, srtp([7], Buffer.from([1]))] })],
    ],
    ['no SRTP', () => [hello({ extensions: [extendedMasterSecret] })]],
    ['two cookies', () => [cookie, cookie]],
    ['a certificate first', () => [certificate(owner)]],
    ['no certificate', () => [hello(), keyExchange(owner.keyPem)]],
    ['no key exchange', () => [hello(), certificate(owner), done]],
    ['a second hello', () => [hello(), hello()]],
    [
      'a Finished in the clear',
      () => [
        hello(),
        certificate(owner),
        keyExchange(owner.keyPem),
        done,
        { type: 20, body: Buffer.alloc(12) },
      ],
    ],
  ] as const)('%s', ([, messages]) => {
    expect(run(messages())).toMatchObject({ kind: 'refused', reason: 'handshake-failed' });
  });

  test('a message cut short anywhere', () => {
    const messages = [hello(), certificate(owner), keyExchange(owner.keyPem)];
    for (const [i, message] of messages.entries()) {
      for (let length = 0; length < message.body.length; length++) {
        const cut = [...messages.slice(0, i), { ...message, body: message.body.subarray(0, length) }];
        // A hello without its last vector is one without extensions (RFC 5246 §7.4.1.2), which is refused as well.
        expect(run(cut).kind).toBe('refused');
      }
    }
  });

  test('messages of any octets, never with a throw', () => {
    const message = fc.record({
      type: fc.constantFrom(2, 3, 11, 12, 13, 20),
      body: fc.uint8Array({ maxLength: 80 }).map((octets) => Buffer.from(octets)),
    });
    const prefix = fc
      .nat(3)
      .map((length) => [hello(), certificate(owner), keyExchange(owner.keyPem)].slice(0, length));
    fc.assert(
      fc.property(prefix, fc.array(message, { maxLength: 3 }), (before, after) => {
        expect(run([...before, ...after]).kind).not.toBe('awaiting-finished');
      }),
    );
  });
});

describe('Finished', () => {
  const secret = Buffer.alloc(48, 3);
  const transcript = Buffer.from('every message so far');
  /** Computed once with OpenSSL's TLS1-PRF: `openssl kdf -kdfopt digest:SHA2-256 … TLS1-PRF`. */
  const verifyData = Buffer.from('9f6e71d469f22a3710624cb8', 'hex');

  test('of the same handshake and keys is accepted', () => {
    expect(isServerFinished(verifyData, secret, transcript)).toBe(true);
  });

  test.for([
    ['another transcript', verifyData, secret, Buffer.from('every message but one')],
    ['other keys', verifyData, Buffer.alloc(48, 4), transcript],
    ['no octets', Buffer.alloc(0), secret, transcript],
  ] as const)('of %s is not', ([, data, key, messages]) => {
    expect(isServerFinished(data, key, messages)).toBe(false);
  });
});
