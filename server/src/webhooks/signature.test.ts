import { expect, test } from 'vitest';
import { seededChance } from '../world/seeded-chance.ts';
import { newSecret, shownSecret, signatureHeaders } from './signature.ts';

/** The example of the libraries of Standard Webhooks. */
const SECRET = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
const MESSAGE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
};

test('a message is signed as Standard Webhooks has it', () => {
  expect(signatureHeaders(MESSAGE, [SECRET])).toEqual({
    'webhook-id': MESSAGE.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('with two secrets there are two signatures, of which a receiver knows one', () => {
  const both = signatureHeaders(MESSAGE, [Buffer.from('another'), SECRET])['webhook-signature'].split(' ');
  expect(both).toHaveLength(2);
  expect(both[1]).toBe(signatureHeaders(MESSAGE, [SECRET])['webhook-signature']);
});

test('a secret is shown with its prefix, in base64', () => {
  const secret = newSecret(seededChance('webhook'));
  expect(shownSecret(secret)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(Buffer.from(shownSecret(secret).slice(6), 'base64')).toEqual(secret);
});
