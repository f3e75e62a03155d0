import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ShownCode } from './shown-code.svelte.ts';

const asked: string[] = [];
let issued = 0;
let refused = false;
/** Answers wait for it. */
let slow = Promise.resolve<undefined>(undefined);

beforeEach(() => {
  vi.useFakeTimers();
  [asked.length, issued, refused, slow] = [0, 0, false, Promise.resolve<undefined>(undefined)];
  vi.stubGlobal('fetch', async (path: string, { method }: RequestInit) => {
    asked.push(String(method));
    expect(path).toBe('/api/terminal/station-code');
    await slow;
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (refused) {
      const detail = 'Nobody can sign in at that phone.';
      const problem = {
        type: 'about:blank',
        title: 'Conflict',
        status: 409,
        detail,
        code: 'desk-not-allowed',
      };
      return Response.json(problem, { status: 409 });
    }
    const typed = `CODE${(issued += 1)}`;
    return Response.json({
      url: 'https://perch.example/sign-in#x',
      page: 'p',
      typed,
      validMs: 60_000,
      onlyHere: false,
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('while it is shown, there is another code before each expires; afterwards the last one is withdrawn', async () => {
  const code = new ShownCode('token');
  const hide = code.show();
  await vi.advanceTimersByTimeAsync(0);
  expect(code.current?.typed).toBe('CODE1');
  await vi.advanceTimersByTimeAsync(44_999);
  expect(code.current?.typed).toBe('CODE1');
  await vi.advanceTimersByTimeAsync(1);
  expect(code.current?.typed).toBe('CODE2');
  hide();
  expect(code.current).toBeUndefined();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toEqual(['POST', 'POST', 'DELETE']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a code that comes after the dialog was closed is withdrawn, and not shown; the next one is asked for after that', async () => {
  const code = new ShownCode('token');
  const answers = Promise.withResolvers<undefined>();
  slow = answers.promise;
  const hide = code.show();
  await vi.advanceTimersByTimeAsync(0);
  hide();
  const hideAgain = code.show();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(['POST']);
  answers.resolve(undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect([code.current?.typed, asked]).toEqual(['CODE2', ['POST', 'DELETE', 'POST']]);
  hideAgain();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([code.current, asked.at(-1)]).toEqual([undefined, 'DELETE']);
});

test('why there was none is not said when it is shown again', async () => {
  const code = new ShownCode('token');
  refused = true;
  code.show()();
  const hide = code.show();
  await vi.advanceTimersByTimeAsync(0);
  hide();
  expect(code.refusal).toBeUndefined();
});

test('where there is none it says why, and tries again', async () => {
  const code = new ShownCode('token');
  refused = true;
  const hide = code.show();
  await vi.advanceTimersByTimeAsync(0);
  expect([code.current, code.refusal]).toEqual([undefined, 'Nobody can sign in at that phone.']);
  refused = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect([code.current?.typed, code.refusal]).toEqual(['CODE1', undefined]);
  hide();
});
