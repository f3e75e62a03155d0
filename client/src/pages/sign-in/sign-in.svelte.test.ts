import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { storeTerminal } from '../../api/terminal-store.ts';
import { m } from '../../words/messages.svelte.ts';
import SignIn from './sign-in.svelte';

const station = { number: '201', name: 'Front desk' };
/** As the server calls them now: the browser was enrolled as 101. */
const agent = { number: '151', name: 'Ada' };
const named = '201 \u2068Front desk\u2069';
const asked: string[] = [];
let refusal: string | undefined;
/** The server hears what is asked, and its answer gets lost. */
let answersGetLost = false;
let guest: object | null = null;
let page: ReturnType<typeof mount> | undefined;

beforeEach(() => {
  [asked.length, refusal, guest, answersGetLost] = [0, undefined, null, false];
  vi.stubGlobal('fetch', async (path: string, { headers, body }: { headers: Headers; body: string }) => {
    asked.push(`${path} ${headers.get('authorization') ?? ''} ${body}`);
    if (answersGetLost) throw new TypeError('Failed to fetch');
    if (refusal !== undefined) {
      const problem = {
        type: 'about:blank',
        title: 'Gone',
        status: 410,
        detail: refusal,
        code: 'link-invalid',
      };
      return Response.json(problem, { status: 410 });
    }
    return path.endsWith('/station')
      ? Response.json({ station, agent, place: 'Ground floor', guest })
      : new Response(null, { status: 204 });
  });
});
afterEach(async () => {
  if (page) await unmount(page);
  page = undefined;
  document.body.replaceChildren();
  localStorage.clear();
  vi.unstubAllGlobals();
});

/** The page as it is opened with that code in a browser that is these phones. */
async function open(code: string, numbers: readonly string[]): Promise<void> {
  for (const number of numbers) {
    const sip = { url: 'wss://perch.example/sip', domain: 'demo.test' };
    storeTerminal({
      token: `token-${number}`,
      number,
      kind: number === '201' ? 'station' : 'phone',
      sip,
      iceServers: [],
    });
  }
  history.replaceState(null, '', `/sign-in${code === '' ? '' : `#${code}`}`);
  page = mount(SignIn, { target: document.body });
  await settled();
}
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};
const text = (): string => document.body.textContent;
async function press(label: string): Promise<void> {
  const button = [...document.querySelectorAll('button')].find((each) => each.textContent.trim() === label);
  if (button === undefined) throw new Error(`there is no button ${label}: ${text()}`);
  button.click();
  await settled();
}

test('the station is named before anything happens, and only a press signs in', async () => {
  guest = { number: '102', name: 'Ben' };
  await open('scanned', ['101']);
  expect(location.hash).toBe('');
  expect(asked).toEqual(['/api/terminal/sign-in/station Bearer token-101 {"code":"scanned"}']);
  for (const said of [
    m.sign_in_question({ station: named }),
    'Ground floor',
    m.sign_in_effect({ number: agent.number }),
    m.sign_in_guest({ who: '102 \u2068Ben\u2069' }),
    m.sign_in_beware(),
  ])
    expect(text()).toContain(said);
  await press(m.sign_in_confirm());
  expect(asked.slice(1)).toEqual(['/api/terminal/sign-in Bearer token-101 {"code":"scanned"}']);
  expect(text()).toContain(m.sign_in_done({ station: named }));
});

test('somebody whose answer has got lost presses once more, with the same code, and is signed in', async () => {
  await open('scanned', ['101']);
  answersGetLost = true;
  await press(m.sign_in_confirm());
  expect(text()).toContain(m.refusal_unreachable());
  answersGetLost = false;
  await press(m.sign_in_retry());
  expect(asked.slice(1)).toEqual(Array(2).fill('/api/terminal/sign-in Bearer token-101 {"code":"scanned"}'));
  expect(text()).toContain(m.sign_in_done({ station: named }));
});

test('a code that was scanned need not be typed where the server was not reached, and a retry keeps the focus', async () => {
  answersGetLost = true;
  await open('scanned', ['101']);
  expect(text()).toContain(m.refusal_unreachable());
  answersGetLost = false;
  await press(m.sign_in_continue());
  expect(asked).toEqual(Array(2).fill('/api/terminal/sign-in/station Bearer token-101 {"code":"scanned"}'));
  answersGetLost = true;
  await press(m.sign_in_confirm());
  const retry = [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent.trim() === m.sign_in_retry(),
  );
  retry?.focus();
  await press(m.sign_in_retry());
  expect(document.activeElement?.textContent.trim()).toBe(m.sign_in_retry());
});

test('somebody who has no code goes back to their phone', async () => {
  await open('', ['101']);
  const assign = vi.fn<(address: string) => void>();
  vi.stubGlobal('location', { assign });
  await press(m.sign_in_to_phone());
  expect(assign).toHaveBeenCalledWith('/phone/101');
});

test('who says no has asked for nothing', async () => {
  await open('scanned', ['101']);
  await press(m.sign_in_decline());
  expect(text()).toContain(m.sign_in_declined());
  expect(asked).toHaveLength(1);
});

test('a code that is refused says why, and another one can be entered', async () => {
  refusal = 'That code has expired.';
  await open('old', ['101']);
  expect(text()).toContain(refusal);
  refusal = undefined;
  const field = document.querySelector('input');
  if (field === null) throw new Error('there is no field');
  field.value = 'wdjb-mjht';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await press(m.sign_in_continue());
  expect(text()).toContain(m.sign_in_question({ station: named }));

  refusal = 'Somebody has signed in with that code already.';
  await press(m.sign_in_confirm());
  expect(text()).toContain(refusal);
  expect(document.querySelector('input')).not.toBeNull();
});

test('with several phones in a browser, it is asked whose it is; a station’s browser is none', async () => {
  await open('scanned', ['101', '102', '201']);
  expect([asked, text().includes(m.sign_in_as({ number: '201' }))]).toEqual([[], false]);
  await press(m.sign_in_as({ number: '102' }));
  expect(asked).toEqual(['/api/terminal/sign-in/station Bearer token-102 {"code":"scanned"}']);
});

test('a browser that is nobody’s phone asks the server nothing', async () => {
  await open('scanned', ['201']);
  expect([asked, text().includes(m.sign_in_no_phone())]).toEqual([[], true]);
});
