import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TerminalRequests } from './terminal-requests.svelte.ts';

/** What the server was asked for and has not answered, oldest first. */
let asked: { readonly path: string; readonly body: unknown; readonly answer: (status: number) => void }[];
const shown: string[] = [];

beforeEach(() => {
  asked = [];
  shown.length = 0;
  vi.stubGlobal('fetch', (path: string, { body }: RequestInit) => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const answer = (status: number): void => {
      const problem = { type: 'about:blank', title: 'No', status, detail: 'Not now.', code: 'not-found' };
      resolve(new Response(status === 204 ? null : JSON.stringify(problem), { status }));
    };
    asked.push({ path, body: typeof body === 'string' ? JSON.parse(body) : undefined, answer });
    return promise;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const requests = () => new TerminalRequests('t', { show: (text) => void shown.push(text) });

test('what is asked while something else is under way is done after it, and the last choice stands', async () => {
  const asking = requests();
  const [german, french, home] = [
    asking.setLanguage('101', 'de'),
    asking.setLanguage('101', 'fr'),
    asking.returnHome(),
  ];
  expect(asking.busy).toBe(true);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]?.answer(204);
  expect(await german).toBe(true);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.answer(409);
  expect(await french).toBe(false);
  expect(shown).toHaveLength(1);
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  asked[2]?.answer(204);
  expect(await home).toBe(true);
  expect(asked.map(({ path, body }) => [path, body])).toEqual([
    ['/api/terminal/language', { of: '101', language: 'de' }],
    ['/api/terminal/language', { of: '101', language: 'fr' }],
    ['/api/terminal/return', undefined],
  ]);
  expect(asking.busy).toBe(false);
});

test('a key that is pressed twice asks once', async () => {
  const asking = requests();
  const presses = [asking.returnHome(), asking.returnHome()];
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]?.answer(204);
  expect(await Promise.all(presses)).toEqual([true, true]);
  expect(asked).toHaveLength(1);
  const again = asking.returnHome();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.answer(204);
  await again;
});
