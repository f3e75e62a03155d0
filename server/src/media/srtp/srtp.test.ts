import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRtp, writeRtp } from '../rtp/rtp.ts';
import { aeadAes128Gcm, aesCm128HmacSha1 } from './srtp-transform.ts';
import type { SessionKeys } from './srtp-transform.ts';
import { deriveSessionKeys, SrtpReceiver, SrtpSender } from './srtp.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('published vectors', () => {
  /** RFC 3711 §B.3. */
  const master = { key: hex('e1f97a0d3e018be0d64fa32c06de4139'), salt: hex('0ec675ad498afeebb6960b3aabe6') };

  test('key derivation: RFC 3711 §B.3', () => {
    const { cipherKey, salt, authKey } = deriveSessionKeys(aesCm128HmacSha1, master, 0);
    expect(cipherKey.export()).toEqual(hex('c61e7a93744f39ee10734afe3ff7a087'));
    expect(salt).toEqual(hex('30cbbc08863d8c85d49db34a9ae1'));
    expect(authKey.export()).toEqual(hex('cebe321f6ff7716b6fd4ab49af256a156d38baa4'));
  });

  test('AES in counter mode: RFC 3711 §B.2', () => {
    const keys: SessionKeys = {
      cipherKey: createSecretKey(hex('2b7e151628aed2a6abf7158809cf4f3c')),
      salt: hex('f0f1f2f3f4f5f6f7f8f9fafbfcfd'),
      authKey: createSecretKey(Buffer.alloc(20)),
    };
    const zeros = Buffer.concat([hex('8000 0000 00000000 00000000'), Buffer.alloc(48)]);
    const sealed = aesCm128HmacSha1.protectRtp(keys, zeros, 12, 0);
    expect(sealed.subarray(12, -10)).toEqual(
      hex(
        `e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab 41e95b3bb0a2e8dd477901e4fca894c0`,
      ),
    );
  });

  test('a whole packet under AES_CM_128_HMAC_SHA1_80: libsrtp’s own test vector', () => {
    const clear = hex('800f1234 decafbad cafebabe abababab abababab abababab abababab');
    const sealed = hex(
      '800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb',
    );
    expect(new SrtpSender(aesCm128HmacSha1, master).protectRtp(clear)).toEqual(sealed);
    expect(new SrtpReceiver(aesCm128HmacSha1, master).unprotectRtp(sealed)).toEqual(clear);
  });

  /** RFC 7714 §16: the keys of a session, not of a master. */
  const gcmKeys: SessionKeys = {
    cipherKey: createSecretKey(hex('000102030405060708090a0b0c0d0e0f')),
    salt: Buffer.from('Quid pro quo'),
    authKey: createSecretKey(Buffer.alloc(20)),
  };

  test('SRTP under AEAD_AES_128_GCM: RFC 7714 §16.1', () => {
    const clear = Buffer.concat([
      hex('8040f17b 8041f8d3 5501a0b2'),
      Buffer.from('Gallia est omnis divisa in partes tres'),
    ]);
    const sealed =
      hex(`8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a
      51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce`);
    expect(aeadAes128Gcm.protectRtp(gcmKeys, clear, 12, 0xf17b)).toEqual(sealed);
    expect(aeadAes128Gcm.unprotectRtp(gcmKeys, sealed, 12, 0xf17b)).toEqual(clear);
  });

  test('SRTCP under AEAD_AES_128_GCM: RFC 7714 §17.1', () => {
    const clear =
      hex(`81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef
      deadbeef deadbeef deadbeef`);
    const sealed =
      hex(`81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda
      4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4`);
    expect(aeadAes128Gcm.protectRtcp(gcmKeys, clear, 0x5d4)).toEqual(sealed);
    expect(aeadAes128Gcm.unprotectRtcp(gcmKeys, sealed, 0x5d4)).toEqual(clear);
  });
});

describe.for([
  ['AEAD_AES_128_GCM', aeadAes128Gcm],
  ['AES_CM_128_HMAC_SHA1_80', aesCm128HmacSha1],
] as const)('%s', ([, transform]) => {
  const master = { key: Buffer.alloc(16, 1), salt: Buffer.alloc(transform.saltOctets, 2) };
  const pair = () => [new SrtpSender(transform, master), new SrtpReceiver(transform, master)] as const;
  const rtp = (sequence: number, ssrc = 9) =>
    writeRtp({
      marker: false,
      payloadType: 111,
      sequence,
      timestamp: 0,
      ssrc,
      payload: Buffer.from('sound'),
    });
  /** A receiver report of a sender that has heard nothing. */
  const rtcp = hex('80c90001 00000009');

  test('a packet is taken once', () => {
    const [sender, receiver] = pair();
    const sealed = sender.protectRtp(rtp(1));
    expect(receiver.unprotectRtp(sealed)).toEqual(rtp(1));
    expect(receiver.unprotectRtp(sealed)).toBeUndefined();
  });

  test('packets may overtake each other, and each is still taken once', () => {
    const [sender, receiver] = pair();
    const sealed = Array.from({ length: 100 }, (_, i) => sender.protectRtp(rtp(i)));
    const order = sealed.toReversed();
    expect(order.map((packet) => receiver.unprotectRtp(packet) !== undefined)).toEqual(order.map(() => true));
    expect(order.filter((packet) => receiver.unprotectRtp(packet))).toEqual([]);
  });

  test('a packet from far behind is refused', () => {
    const [sender, receiver] = pair();
    const [old, ...rest] = Array.from({ length: 200 }, (_, i) => sender.protectRtp(rtp(i)));
    for (const packet of rest) receiver.unprotectRtp(packet);
    expect(old && receiver.unprotectRtp(old)).toBeUndefined();
  });

  test('sequence numbers run on past 65535, with losses on the way', () => {
    const [sender, receiver] = pair();
    for (let i = 0; i < 140_000; i += 1000) {
      const packet = rtp(i & 0xffff);
      const sealed = sender.protectRtp(packet);
      if (i % 7000 !== 0) expect(receiver.unprotectRtp(sealed)).toEqual(packet);
    }
  });

  test('a second source has a count of its own', () => {
    const [sender, receiver] = pair();
    const [other] = pair();
    expect(receiver.unprotectRtp(sender.protectRtp(rtp(60_000)))).toBeDefined();
    expect(receiver.unprotectRtp(other.protectRtp(rtp(3, 10)))).toBeDefined();
    expect(receiver.unprotectRtp(sender.protectRtp(rtp(60_001)))).toBeDefined();
  });

  test('the number of sources is bounded', () => {
    const [, receiver] = pair();
    const taken = Array.from({ length: 40 }, (_, ssrc) => {
      const [sender] = pair();
      return receiver.unprotectRtp(sender.protectRtp(rtp(1, ssrc)));
    });
    expect(taken.filter((packet) => packet !== undefined)).toHaveLength(16);
  });

  test('a packet altered in any octet is refused, and the genuine one is still taken', () => {
    const [sender, receiver] = pair();
    let sequence = 0;
    fc.assert(
      fc.property(fc.nat(12 + 5 + transform.tagOctets - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const sealed = sender.protectRtp(rtp(sequence++));
        const altered = Buffer.from(sealed);
        altered.writeUInt8(altered.readUInt8(at) ^ flip, at);
        expect(receiver.unprotectRtp(altered)).toBeUndefined();
        expect(receiver.unprotectRtp(sealed)).toBeDefined();
      }),
    );
  });

  test('RTCP is taken once, and never forged or in the clear', () => {
    const [sender, receiver] = pair();
    const sealed = sender.protectRtcp(rtcp);
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(at) ^ 0x80, at);
      expect(receiver.unprotectRtcp(altered)).toBeUndefined();
    }
    expect(receiver.unprotectRtcp(sealed)).toEqual(rtcp);
    expect(receiver.unprotectRtcp(sealed)).toBeUndefined();
    expect(receiver.unprotectRtcp(sender.protectRtcp(rtcp))).toEqual(rtcp);
  });

  test('RTCP that is not encrypted is refused, even from a peer that has the keys', () => {
    const [sender, receiver] = pair();
    const sealed = sender.protectRtcp(rtcp);
    const { authKey } = deriveSessionKeys(transform, master, 3);
    const clear = Buffer.concat([rtcp, hex('7fffffff')]); // the index that comes next to the window
    const tag = createHmac('sha1', authKey).update(clear).digest().subarray(0, 10);
    expect(receiver.unprotectRtcp(Buffer.concat([clear, tag]))).toBeUndefined();
    expect(receiver.unprotectRtcp(sealed)).toEqual(rtcp);
  });

  test('octets of any kind never throw', () => {
    const [, receiver] = pair();
    const rtpLike = fc.uint8Array().map((octets) => Buffer.concat([Buffer.from([0x90]), octets]));
    fc.assert(
      fc.property(rtpLike, (octets) => {
        expect(receiver.unprotectRtp(octets)).toBeUndefined();
        expect(receiver.unprotectRtcp(octets)).toBeUndefined();
        readRtp(octets);
      }),
    );
  });
});
