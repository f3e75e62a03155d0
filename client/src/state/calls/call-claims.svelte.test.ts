import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallClaims } from './call-claims.svelte.ts';

const call = (id: string, at: number) => ({ id, at, answeredMs: 1_000 });
const NO_LONGER = {
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  detail: 'No longer.',
  code: 'not-found',
};
const asked: string[] = [];
let status = 200;

beforeEach(() => {
  asked.length = 0;
  status = 200;
  vi.stubGlobal('fetch', (path: string, { method, body }: RequestInit) => {
    asked.push(`${String(method)} ${path}${typeof body === 'string' ? ` ${body}` : ''}`);
    if (status !== 200) return Promise.resolve(Response.json(NO_LONGER, { status }));
    if (method === 'POST') return Promise.resolve(new Response(null, { status: 204 }));
    return Promise.resolve(Response.json([call('b', 2), call('a', 1)]));
  });
});
afterEach(() => vi.unstubAllGlobals());

const ids = ({ open }: CallClaims) => open.map(({ id }) => id);

test('the guest is asked about each call in turn; what they have said is not asked again', async () => {
  const claims = new CallClaims('token');
  await claims.look();
  expect(ids(claims)).toEqual(['a', 'b']);
  claims.disown('a');
  expect(ids(claims)).toEqual(['b']);
  await claims.claim('b');
  expect(ids(claims)).toEqual([]);
  expect(asked).toEqual(['GET /api/terminal/claims', 'POST /api/terminal/claims {"call":"b"}']);
});

test('a claim that is refused says why, and the question stays; without a server there is none', async () => {
  const claims = new CallClaims('token');
  await claims.look();
  status = 404;
  await claims.claim('a');
  expect([claims.claiming.refusal, ids(claims)]).toEqual(['No longer.', ['a', 'b']]);
  claims.disown('a');
  expect([claims.claiming.refusal, ids(claims)]).toEqual([undefined, ['b']]);
  const alone = new CallClaims('token');
  await alone.look();
  expect(ids(alone)).toEqual([]);
});
