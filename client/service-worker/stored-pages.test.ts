import { afterEach, expect, test, vi } from 'vitest';
import { pageFrom } from './stored-pages.ts';

afterEach(() => vi.unstubAllGlobals());

const OFFLINE = new TypeError('no network');
const STORED = ['/terminal.html', '/terminal.de.html', '/admin.html'];

test.for([
  ['de', '/phone/101', true, '/terminal.de.html'],
  ['de', '/phone/101', false, '/terminal.de.html'],
  ['en', '/station/201', false, '/terminal.html'],
  ['nl', '/phone', false, '/terminal.html'],
  ['de', '/admin/calls', true, 'from the server'],
  ['de', '/admin/calls', false, '/admin.html'],
  ['en', '/admin/calls', true, '/admin.html'],
  ['fr', '/phone/101', false, '/terminal.html'],
  ['de', '/setup', true, 'from the server'],
] as const)('in a browser in %s, %s (online: %s) is %s', async ([language, pathname, isOnline, page]) => {
  vi.stubGlobal('navigator', { languages: [language] });
  const answer = await pageFrom(
    {
      stored: async (path) => (STORED.includes(path) ? new Response(path) : undefined),
      fetched: () => (isOnline ? Promise.resolve(new Response('from the server')) : Promise.reject(OFFLINE)),
    },
    pathname,
  );
  expect(await answer.text()).toBe(page);
});

test('a page that is nowhere fails as the network does', async () => {
  vi.stubGlobal('navigator', { languages: ['de'] });
  const nowhere = { stored: async () => undefined, fetched: () => Promise.reject(OFFLINE) };
  await expect(pageFrom(nowhere, '/setup')).rejects.toBe(OFFLINE);
});
