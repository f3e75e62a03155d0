import type { HistoryPage, PastCall } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallHistory } from './call-history.svelte.ts';

const call = (id: string, at: number, given: Partial<PastCall> = {}): PastCall => ({
  ...{ id, at, until: at + 10, with: { number: '102', name: 'Ben' }, direction: 'in', result: 'answered' },
  ...{ returned: false, ms: 1_000, desk: null, transferred: false, messageMs: null },
  ...given,
});

/** A request that the page has made, and how the test answers it. */
interface Asked {
  readonly what: string;
  readonly body: unknown;
  readonly answer: (content?: object, status?: number) => Promise<void>;
}
const asked: Asked[] = [];
beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', (path: string, { method, body, signal }: RequestInit) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
    asked.push({
      what: `${method ?? ''} ${path.replace('/api/terminal/', '')}`,
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
      answer: async (content, status = content ? 200 : 204) => {
        resolve(new Response(content ? JSON.stringify(content) : null, { status }));
        await new Promise((done) => setTimeout(done));
      },
    });
    return promise;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const page = (calls: readonly PastCall[], next: string | null = null, extension = '101'): HistoryPage => ({
  ...{ extension, calls: [...calls], next },
});

function open() {
  const here = { speaker: '101', missed: 1 };
  const history = new CallHistory({ token: 't', speaker: () => here.speaker, own: here });
  const answer = async (content?: object, status?: number) => asked.at(-1)?.answer(content, status);
  const ids = () => history.calls?.map(({ id }) => id);
  return { here, history, answer, ids };
}

test('pages follow each other, and what is new comes before them', async () => {
  const { history, answer, ids } = open();
  void history.look();
  await answer(page([call('c', 30), call('b', 20)], 'after-b'));
  void history.more();
  expect(asked.at(-1)?.what).toBe('GET history?after=after-b');
  await answer(page([call('a', 10)]));
  expect([ids(), history.next]).toEqual([['c', 'b', 'a'], null]);
  void history.look();
  await answer(page([call('d', 40), call('c', 30)], 'after-c'));
  expect([ids(), history.next]).toEqual([['d', 'c', 'b', 'a'], null]);
});

test('only the missed ones are asked for where these are wanted', async () => {
  const { history, answer, ids } = open();
  void history.look();
  await answer(page([call('a', 10)]));
  void history.show('missed');
  expect([asked.at(-1)?.what, ids()]).toEqual(['GET history?missed=yes', undefined]);
  await answer(page([]));
  expect(ids()).toEqual([]);
});

test.for(['of somebody else', 'that comes after somebody else has', 'after it was closed'])(
  'an answer %s is not shown',
  async (how) => {
    const { history, here, answer, ids } = open();
    void history.look();
    if (how === 'that comes after somebody else has') here.speaker = '102';
    if (how === 'after it was closed') history.close();
    await answer(page([call('a', 10)], null, how === 'of somebody else' ? '102' : '101'));
    expect([ids(), history.trouble]).toEqual([undefined, null]);
  },
);

test('what cannot be fetched is said, and can be tried again; that nobody is here is not', async () => {
  const { history, answer, ids } = open();
  const problem = { type: 'about:blank', title: 'x', status: 409, detail: 'Nobody.', code: 'phone-locked' };
  void history.look();
  await answer(problem, 409);
  expect(history.trouble).toBeNull();
  void history.look();
  await answer({ ...problem, code: 'too-many-requests', status: 429 }, 429);
  expect(history.trouble).not.toBeNull();
  void history.look();
  await answer(page([call('a', 10)]));
  expect([ids(), history.trouble]).toEqual([['a'], null]);
});

test('what was missed is seen once, by whom the page takes to be here', async () => {
  const { history, here, answer } = open();
  void history.look();
  await answer(page([call('b', 20, { result: 'missed' }), call('a', 10)]));
  void history.see();
  expect(asked.at(-1)).toMatchObject({ what: 'PUT history/seen', body: { of: '101', until: 30 } });
  await answer();
  void history.see();
  expect(asked).toHaveLength(2);
  here.speaker = '102';
  void history.look();
  void history.see();
  expect(asked.filter(({ what }) => what.startsWith('PUT'))).toHaveLength(1);
});

test('that it was seen is said again where it could not be noted', async () => {
  const { history, answer } = open();
  void history.look();
  await answer(page([call('b', 20, { result: 'missed' })]));
  void history.see();
  await answer({ type: 'about:blank', title: 'x', status: 503, detail: 'Down.', code: 'unavailable' }, 503);
  void history.see();
  expect(asked.filter(({ what }) => what.startsWith('PUT'))).toHaveLength(2);
});

test('earlier calls that were asked for still come where the history grows meanwhile, and not where others are asked for', async () => {
  const { history, answer, ids } = open();
  void history.look();
  await answer(page([call('c', 30)], 'after-c'));
  void history.more();
  void history.look();
  expect(asked.map(({ what }) => what)).toEqual(['GET history', 'GET history?after=after-c']);
  await answer(page([call('b', 20)], 'after-b'));
  await answer(page([call('d', 40), call('c', 30)], 'after-c'));
  expect([ids(), history.next]).toEqual([['d', 'c', 'b'], 'after-b']);
  void history.more();
  void history.show('missed');
  await vi.waitFor(() => expect(asked.at(-1)?.what).toBe('GET history?missed=yes'));
  await answer(page([call('c', 30, { result: 'missed' })]));
  expect(ids()).toEqual(['c']);
});
