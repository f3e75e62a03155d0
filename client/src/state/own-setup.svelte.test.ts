import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OwnSetup } from './own-setup.svelte.ts';

/** What the server was asked for and has not answered, oldest first. */
let asked: ((answer: Response | undefined) => Promise<void>)[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', () => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    asked.push(async (answer) => {
      if (answer === undefined) reject(new TypeError('Failed to fetch'));
      else resolve(answer);
      await new Promise((done) => setTimeout(done));
    });
    return promise;
  });
});
afterEach(() => vi.unstubAllGlobals());

const told = (hasSecretCode: boolean): Response =>
  Response.json({
    hasSecretCode,
    guessing: { wrongAt: [], lockedUntil: null, terminalLockedUntil: null },
    attempts: [],
  });
const refused = (): Response =>
  Response.json(
    { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'No.', code: 'forbidden' },
    { status: 403 },
  );

test('what is set is shown until the server says otherwise: not reaching it takes nothing away', async () => {
  const setup = new OwnSetup('t');
  void setup.look();
  await asked[0]?.(told(false));
  expect(setup.current?.hasSecretCode).toBe(false);
  void setup.look();
  await asked[1]?.(undefined);
  expect(setup.current?.hasSecretCode).toBe(false);
  void setup.look();
  await asked[2]?.(refused());
  expect(setup.current).toBeUndefined();
});

test('an answer to an earlier question counts no more, nor one that comes once the owner is elsewhere', async () => {
  const setup = new OwnSetup('t');
  void setup.look();
  void setup.look();
  await asked[1]?.(told(true));
  await asked[0]?.(told(false));
  expect(setup.current?.hasSecretCode).toBe(true);
  void setup.look();
  setup.forget();
  await asked[2]?.(told(true));
  expect(setup.current).toBeUndefined();
});
