import { extensionId, extensionNumber, organizationId, terminalId, NO_FORWARDS } from '@perch/shared';
import { expect, test } from 'vitest';
import { MemoryAccounts } from './accounts.ts';
import type { Extension } from './exchange/contract/extensions.ts';
import { hashOf } from './management/tokens.ts';

const ada: Extension = {
  id: extensionId('a'),
  terminal: terminalId('phone-a'),
  organization: organizationId('o'),
  number: extensionNumber('101'),
  name: 'Ada',
  kind: 'person',
  group: null,
  place: null,
  callBack: null,
  language: null,
  doNotDisturb: false,
  forwards: NO_FORWARDS,
  plan: null,
  stayLimits: null,
  kiosk: true,
  allowVirtualization: true,
  hasSecretCode: false,
  hasVoicemailPin: false,
  voicemailMail: null,
  suspended: false,
};
const digest = { ha1Md5: 'md5', ha1Sha256: 'sha256' };
const account = {
  organization: ada.organization,
  domain: 'demo.test',
  terminal: ada.terminal,
  number: '101',
};

function adaEnrolled(withdrawals: string[] = []): MemoryAccounts {
  const accounts = new MemoryAccounts((terminal, reason) => withdrawals.push(`${terminal}: ${reason}`));
  accounts.set(ada, digest, 'demo.test');
  accounts.addToken(hashOf('token'), ada.id);
  return accounts;
}

test('an account is found by its number in its own domain only', () => {
  const accounts = adaEnrolled();
  expect(accounts.byDigest('demo.test', '101')).toEqual({ account, username: '101', secrets: digest });
  expect(accounts.byDigest('other.test', '101')).toBeUndefined();
  expect(accounts.byDigest('demo.test', '102')).toBeUndefined();
});

test('an account without SIP credentials has no digest, and tokens all the same', () => {
  const accounts = adaEnrolled();
  accounts.set(ada, null, 'demo.test');
  expect(accounts.byDigest('demo.test', '101')).toBeUndefined();
  expect(accounts.byToken('token')).toEqual(account);
});

test('a suspended extension is let in by no credential, and by all of them once it is back', () => {
  const accounts = adaEnrolled();
  accounts.set({ ...ada, suspended: true }, digest, 'demo.test');
  expect(accounts.byDigest('demo.test', '101')).toBeUndefined();
  expect(accounts.byToken('token')).toBeUndefined();
  expect(accounts.extensionOf(hashOf('token'))).toBe(ada.id);
  accounts.set(ada, digest, 'demo.test');
  expect(accounts.byToken('token')).toEqual(account);
});

test('a revoked token is refused', () => {
  const accounts = adaEnrolled();
  accounts.deleteToken(hashOf('token'));
  expect(accounts.byToken('token')).toBeUndefined();
});

test('deleting an extension deletes its tokens', () => {
  const accounts = adaEnrolled();
  accounts.delete(ada.id);
  accounts.set(ada, digest, 'demo.test');
  expect(accounts.byToken('token')).toBeUndefined();
});

test.for<[string, (accounts: MemoryAccounts) => void, string[]]>([
  [
    'suspending',
    (accounts) => accounts.set({ ...ada, suspended: true }, digest, 'demo.test'),
    ['phone-a: This extension is suspended'],
  ],
  ['deleting', (accounts) => accounts.delete(ada.id), ['phone-a: This extension was deleted']],
  [
    'another SIP password',
    (accounts) => accounts.set(ada, { ha1Md5: 'x', ha1Sha256: 'y' }, 'demo.test'),
    ['phone-a: The SIP password was replaced'],
  ],
  [
    'no SIP password any more',
    (accounts) => accounts.set(ada, null, 'demo.test'),
    ['phone-a: The SIP password was replaced'],
  ],
  [
    'revoking a token',
    (accounts) => accounts.deleteToken(hashOf('token')),
    ['phone-a: This browser is no longer a phone'],
  ],
  ['revoking an unknown token', (accounts) => accounts.deleteToken(hashOf('guess')), []],
  ['renaming', (accounts) => accounts.set({ ...ada, name: 'Ada L.' }, digest, 'demo.test'), []],
  ['enrolling another browser', (accounts) => accounts.addToken(hashOf('other'), ada.id), []],
])('what is taken away from an account is said at once: %s', ([, change, said]) => {
  const withdrawals: string[] = [];
  change(adaEnrolled(withdrawals));
  expect(withdrawals).toEqual(said);
});

test.for(['', '__proto__', 'constructor'])('%j is not an account', (name) => {
  const accounts = adaEnrolled();
  expect(accounts.byToken(name)).toBeUndefined();
  expect(accounts.byDigest(name, name)).toBeUndefined();
});
