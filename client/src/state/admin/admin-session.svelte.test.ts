import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';
import { AdminSession } from './admin-session.svelte.ts';

const SESSION: Session = {
  email: 'ada@example.test',
  lacksSecondFactor: false,
  hasPassword: true,
  roles: ['administrator'],
  extension: null,
  language: null,
  organization: { name: 'Example', domain: 'example.test', timeZone: 'Europe/Berlin', language: null },
  expiresAt: 1_800_000_000_000,
};
const fetched = vi.fn<typeof fetch>();
const answer = (status: number, content?: object) => (): Promise<Response> =>
  Promise.resolve(new Response(content === undefined ? null : JSON.stringify(content), { status }));

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => vi.unstubAllGlobals());

function signedIn(): AdminSession {
  const session = new AdminSession();
  session.begin(SESSION);
  return session;
}

test('it is not known who is signed in until the server has said', async () => {
  const session = new AdminSession();
  expect(session.current).toBeUndefined();
  fetched.mockImplementation(answer(200, { session: SESSION, provider: { name: 'Example Login' } }));
  await session.look();
  expect([session.current, session.provider]).toEqual([SESSION, { name: 'Example Login' }]);
  fetched.mockImplementation(answer(200, { session: null, provider: null }));
  await session.look();
  expect(session.current).toBeNull();
});

test('without an answer nobody is signed out: it can be asked again', async () => {
  const session = new AdminSession();
  fetched.mockRejectedValue(new TypeError('no network'));
  await session.look();
  expect([session.current, session.trouble]).toEqual([undefined, m.refusal_unreachable()]);
  fetched.mockImplementation(answer(200, { session: SESSION, provider: null }));
  await session.look();
  expect([session.current, session.trouble]).toEqual([SESSION, undefined]);
});

test('signing out ends the session where the server says so, also where it had ended before', async () => {
  for (const status of [200, 401]) {
    const session = signedIn();
    fetched.mockImplementation(answer(status, { next: null }));
    await session.signOut();
    expect([session.current, session.refusal]).toEqual([null, undefined]);
  }
});

test('signing out fails without the server, and the page says so', async () => {
  const session = signedIn();
  fetched.mockRejectedValue(new TypeError('no network'));
  await session.signOut();
  expect([session.current, session.refusal]).toEqual([SESSION, m.refusal_unreachable()]);
  fetched.mockImplementation(answer(200, { next: null }));
  await session.signOut();
  expect([session.current, session.refusal]).toEqual([null, undefined]);
});

test('anyone who came from a provider is sent there to sign out', async () => {
  const left: string[] = [];
  const session = new AdminSession((address) => left.push(address));
  session.begin(SESSION);
  fetched.mockImplementation(answer(200, { next: 'https://login.example.test/out' }));
  await session.signOut();
  expect([session.current, left]).toEqual([null, ['https://login.example.test/out']]);
});
