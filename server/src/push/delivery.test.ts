import { createECDH } from 'node:crypto';
import { terminalId } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import webPush from 'web-push';
import { CERTIFICATE } from '../config/support/certificate.ts';
import { isPushService, webPushDelivery } from './delivery.ts';
import { systemWorld } from '../world/world.ts';
import { PushedBrowser, PushService } from './support/push-service.ts';

const key = webPush.generateVAPIDKeys();
const isOwn = (address: string) => address === '127.0.0.1' || address === '::1';
const options = {
  key,
  contact: 'mailto:phones@example.org',
  isOwn,
  clock: systemWorld.clock,
  trusted: CERTIFICATE,
};
const message = { text: '{"kind":"rings","who":"Ölçü"}', ttl: 10, urgency: 'high', topic: 'call1' } as const;

let service: PushService;
beforeEach(async () => {
  service = await PushService.start();
});
afterEach(() => service.close());

const subscriptionOf = (browser: Pick<PushService, 'subscription'>) => ({
  ...browser.subscription,
  browser: Buffer.alloc(32),
  terminal: terminalId('t'),
  instance: 'urn:uuid:x',
  madeAt: 0,
});

test('the message in Appendix A of RFC 8291 is read as it says', () => {
  // The test's own reader, against values that neither it nor the library has made.
  const keys = createECDH('prime256v1');
  keys.setPrivateKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url');
  expect(keys.getPublicKey('base64url')).toBe(
    'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  );
  const reader = new PushedBrowser(keys, Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url'));
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
  expect(reader.read(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon');
});

test('a message is encrypted for its browser, signed by this server, and says how it is to be treated', async () => {
  const deliver = webPushDelivery(options);
  expect(await deliver(subscriptionOf(service), message)).toEqual({ outcome: 'taken' });
  const [{ text, headers, claims } = { text: '', headers: {}, claims: undefined }] = service.received;
  expect(text).toBe(message.text);
  expect(headers).toMatchObject({
    ttl: '10',
    urgency: 'high',
    topic: 'call1',
    'content-encoding': 'aes128gcm',
    authorization: expect.stringContaining(`k=${key.publicKey}`),
  });
  expect(claims).toMatchObject({ aud: new URL(service.endpoint).origin, sub: 'mailto:phones@example.org' });
});

test.for([
  [200, 'taken'],
  [404, 'gone'],
  [410, 'gone'],
  [403, 'refused'],
  [413, 'refused'],
  [302, 'refused'],
  [429, 'unreachable'],
  [500, 'unreachable'],
] as const)('status %i: %s, and nowhere else', async ([status, outcome]) => {
  service.status = status;
  expect((await webPushDelivery(options)(subscriptionOf(service), message)).outcome).toBe(outcome);
  expect(service.received).toHaveLength(1);
});

test('a private address is never reached, neither by its name nor by number, unless it is one of our own', async () => {
  const deliver = webPushDelivery({ ...options, isOwn: () => false });
  const byName = subscriptionOf(service);
  const byNumber = { ...byName, endpoint: byName.endpoint.replace('localhost', '127.0.0.1') };
  expect(await deliver(byName, message)).toMatchObject({
    outcome: 'unreachable',
    error: { name: 'ForbiddenAddress' },
  });
  expect(await deliver(byNumber, message)).toEqual({ outcome: 'refused' });
  expect(service.received).toEqual([]);
});

test('a service whose certificate nobody vouches for is not talked to', async () => {
  const deliver = webPushDelivery({ ...options, trusted: undefined });
  expect((await deliver(subscriptionOf(service), message)).outcome).toBe('unreachable');
  expect(service.received).toEqual([]);
});

test('one that is gone is not reached', async () => {
  const subscription = subscriptionOf(service);
  await service.close();
  expect((await webPushDelivery(options)(subscription, message)).outcome).toBe('unreachable');
});

test.for([
  ['https://fcm.googleapis.com/fcm/send/abc', true],
  ['https://updates.push.services.mozilla.com/wpush/v2/abc', true],
  ['https://1.1.1.1/push', true],
  ['http://fcm.googleapis.com/fcm/send/abc', false],
  ['https://user:password@push.example.org/', false],
  ['https://127.0.0.1/', false],
  ['https://2130706433/', false],
  ['https://0x7f.1/', false],
  ['https://[::1]/', false],
  ['https://[::ffff:10.0.0.1]/', false],
  ['https://169.254.169.254/latest/meta-data', false],
  ['ftp://push.example.org/', false],
  ['push', false],
] as const)('%s as a push service: %s', ([endpoint, isOne]) => {
  expect(isPushService(endpoint, () => false)).toBe(isOne);
});

test('an address of our own network, where that is said', () => {
  expect(isPushService('https://10.0.0.1/', (address) => address === '10.0.0.1')).toBe(true);
  expect(isPushService('http://10.0.0.1/', () => true)).toBe(false);
});
