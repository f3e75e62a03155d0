import { extensionId, extensionNumber, homeTerminalOf, organizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import { MemoryAccounts } from './accounts.ts';
import type { StoredExtension } from './management/ports.ts';
import { hashOf } from './management/tokens.ts';

const ada: StoredExtension = {
  id: extensionId('a'),
  organization: organizationId('o'),
  number: extensionNumber('101'),
  name: 'Ada',
  kind: 'person',
  allowVirtualization: true,
  hasSecretCode: false,
  secretCodeHash: null,
  hasVoicemailPin: false,
  voicemailPinHash: null,
  voicemailMail: null,
  suspended: false,
  digest: { ha1Md5: 'md5', ha1Sha256: 'sha256' },
};
const account = {
  organization: ada.organization,
  domain: 'demo.test',
  terminal: homeTerminalOf(ada.id),
  number: '101',
};

function adaEnrolled(): MemoryAccounts {
  const accounts = new MemoryAccounts();
  accounts.set(ada, 'demo.test');
  accounts.addToken(hashOf('token'), ada.id);
  return accounts;
}

test('an account is found by its number in its own domain only', () => {
  const accounts = adaEnrolled();
  expect(accounts.byDigest('demo.test', '101')).toEqual({ account, secrets: ada.digest });
  expect(accounts.byDigest('other.test', '101')).toBeUndefined();
  expect(accounts.byDigest('demo.test', '102')).toBeUndefined();
});

test('an account without SIP credentials has no digest, and tokens all the same', () => {
  const accounts = adaEnrolled();
  accounts.set({ ...ada, digest: null }, 'demo.test');
  expect(accounts.byDigest('demo.test', '101')).toBeUndefined();
  expect(accounts.byToken('token')).toEqual(account);
});

test('a suspended extension is let in by nothing, and by everything once it is back', () => {
  const accounts = adaEnrolled();
  accounts.set({ ...ada, suspended: true }, 'demo.test');
  expect(accounts.byDigest('demo.test', '101')).toBeUndefined();
  expect(accounts.byToken('token')).toBeUndefined();
  expect(accounts.extensionOf(hashOf('token'))).toBe(ada.id);
  accounts.set(ada, 'demo.test');
  expect(accounts.byToken('token')).toEqual(account);
});

test('a revoked token lets nobody in', () => {
  const accounts = adaEnrolled();
  accounts.deleteToken(hashOf('token'));
  expect(accounts.byToken('token')).toBeUndefined();
});

test('a deleted extension takes its tokens with it', () => {
  const accounts = adaEnrolled();
  accounts.delete(ada.id);
  accounts.set(ada, 'demo.test');
  expect(accounts.byToken('token')).toBeUndefined();
});

test.for(['', '__proto__', 'constructor'])('%j is nobody', (name) => {
  const accounts = adaEnrolled();
  expect(accounts.byToken(name)).toBeUndefined();
  expect(accounts.byDigest(name, name)).toBeUndefined();
});
