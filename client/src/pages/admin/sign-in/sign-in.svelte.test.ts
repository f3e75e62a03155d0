import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import { Address } from '../address.svelte.ts';
import SignIn from './sign-in.svelte';

let leave: () => Promise<void>;
afterEach(async () => {
  await leave();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** The page; each question to the server is answered by the test: with the code of a refusal, or not at all. */
function open() {
  const asked: { readonly body: unknown; readonly answer: (code: string | undefined) => void }[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const answer = (code: string | undefined): void => {
      const problem = { type: 'about:blank', title: 'No', status: 401, detail: 'No.', code };
      if (code === undefined) reject(new TypeError('Failed to fetch'));
      else resolve(Response.json(problem, { status: 401 }));
    };
    asked.push({ body: JSON.parse(body), answer });
    return promise;
  });
  const props = { provider: null, address: new Address(), onsignedin: () => undefined };
  const page = mount(SignIn, { target: document.body, props });
  leave = () => unmount(page);
  const field = (type: string): HTMLInputElement => {
    const found = document.querySelector<HTMLInputElement>(`input[${type}]`);
    if (found === null) throw new Error(`there is no field ${type}`);
    return found;
  };
  const write = (type: string, text: string): void => {
    field(type).value = text;
    field(type).dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  const submit = (): void => document.querySelector('form')?.requestSubmit();
  const count = (questions: number) => vi.waitFor(() => expect(asked).toHaveLength(questions));
  const said = (text: string) =>
    vi.waitFor(() => {
      flushSync();
      expect(document.body.textContent).toContain(text);
    });
  return { asked, field, write, submit, count, said };
}
const [EMAIL, PASSWORD, CODE] = ['type="email"', 'type="password"', 'autocomplete="one-time-code"'];

test('somebody who presses twice is asked for a code, and signs in with that and the password', async () => {
  const { asked, write, submit, count, said } = open();
  write(EMAIL, 'ada@example.test');
  write(PASSWORD, 'secret');
  submit();
  submit();
  await count(1);
  asked[0]?.answer('second-factor-needed');
  await said(m.second_factor_asked({ email: 'ada@example.test' }));
  write(CODE, '123456');
  submit();
  await count(2);
  expect(asked[1]?.body).toEqual({ email: 'ada@example.test', password: 'secret', code: '123456' });
  asked[1]?.answer('wrong-credentials');
  await said('No.');
});

test('without an answer what was typed is still there; a password that is wrong is not, unless it has been typed anew', async () => {
  const { asked, field, write, submit, count, said } = open();
  write(EMAIL, 'ada@example.test');
  write(PASSWORD, 'wrong');
  submit();
  await count(1);
  asked[0]?.answer(undefined);
  await said(m.refusal_unreachable());
  expect(field(PASSWORD).value).toBe('wrong');
  submit();
  await count(2);
  asked[1]?.answer('wrong-credentials');
  await said('No.');
  expect(field(PASSWORD).value).toBe('');
  write(PASSWORD, 'wrong again');
  submit();
  await count(3);
  write(PASSWORD, 'right');
  asked[2]?.answer('wrong-credentials');
  await said('No.');
  expect(field(PASSWORD).value).toBe('right');
});
