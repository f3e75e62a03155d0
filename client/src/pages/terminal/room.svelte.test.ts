import { callId, terminalApi } from '@perch/shared';
import { mount, type Snippet, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeAudioContext, FakeGain, FakeOscillator } from '../../media/support/fake-audio.ts';
import { m } from '../../words/messages.svelte.ts';
import { FakeUserAgent } from '../../sip/support/fake-user-agent.ts';
import { Settings } from '../../state/page/settings.svelte.ts';
import type { Phone } from '../../state/phone.svelte.ts';
import { getPhone } from '../../state/phone-context.ts';
import { callView } from '../../state/support/test-calls.ts';
import { TestSocket } from '../../state/support/test-socket.ts';
import PersonalPhone from '../phone/phone.svelte';
import Room from './room.svelte';
import { terminalView } from '../../phone/page/support/test-view.ts';

/** A browser that keeps asking for the microphone. */
class AskingDevices extends EventTarget {
  getUserMedia(): Promise<never> {
    return new Promise(() => undefined);
  }
  enumerateDevices(): Promise<readonly object[]> {
    return Promise.resolve([]);
  }
}

/** What the browser's console is told. */
const reported: string[] = [];
/** What the server is told. */
const faults: unknown[] = [];
let leave: () => Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  reported.length = 0;
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: new AskingDevices() });
  vi.stubGlobal('reportError', (error: unknown) => reported.push(String(error)));
  vi.stubGlobal('WebSocket', TestSocket);
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal('GainNode', FakeGain);
  vi.stubGlobal('OscillatorNode', FakeOscillator);
  FakeAudioContext.contexts.length = 0;
  faults.length = 0;
  vi.stubGlobal('fetch', (address: string, { body }: RequestInit) => {
    if (address === terminalApi.reportFault.path) faults.push(JSON.parse(body as string));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(async () => {
  await leave();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Ada's page, registered, with nobody in a call; `isTold`: the server says who is here. */
async function page({ isTold = true } = {}) {
  const target = document.body.appendChild(document.createElement('div'));
  let phone: Phone | undefined;
  const children = ((anchor: Comment) => {
    phone = getPhone();
    PersonalPhone(anchor as never, {});
  }) as unknown as Snippet;
  const terminal = {
    token: 't',
    number: '101',
    kind: 'phone' as const,
    sip: { url: 'ws://localhost/sip', domain: 'demo.test' },
    iceServers: [],
  };
  const settings = new Settings();
  settings.change({ introduced: true });
  const room = mount(Room, { target, props: { terminal, settings, children } });
  leave = async () => {
    await unmount(room);
    target.remove();
  };
  await vi.waitUntil(() => phone !== undefined);
  const agent = FakeUserAgent.made.at(-1);
  if (phone === undefined || agent === undefined) throw new Error('there is no phone');
  agent.says.onConnected();
  agent.says.onRegistered();
  TestSocket.last.open();
  if (isTold) {
    TestSocket.last.tell({ kind: 'terminal', at: Date.now(), view: terminalView() });
    TestSocket.last.tell({ kind: 'calls', at: Date.now(), calls: [] });
  }
  await tick();
  /** Ben calls. */
  const ring = async () => {
    TestSocket.last.tell({ kind: 'calls', at: Date.now(), calls: [callView('one')] });
    const session = agent.offer('102', 'Ben', callId('one'));
    await tick();
    await tick();
    return session;
  };
  const press = async (name: string): Promise<void> => {
    const buttons = [...target.querySelectorAll('button')];
    const button = buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent).trim() === name);
    if (button === undefined) throw new Error(`there is no ${name}`);
    button.click();
    await tick();
  };
  return { target, phone, agent, ring, press };
}

/** What is drawn from now on needs what cannot be had. */
function spoil(phone: Phone): () => void {
  const { calleeOf } = phone;
  phone.calleeOf = () => {
    throw new Error('planted');
  };
  return () => (phone.calleeOf = calleeOf);
}

test('a call that cannot be drawn rings on, is answered and ended, and the page goes on after it', async () => {
  const { target, phone, ring, press } = await page();
  spoil(phone);
  const session = await ring();
  expect(target.textContent).toContain(m.undrawn());
  expect(FakeAudioContext.contexts.some(({ sounding }) => sounding.length > 0)).toBe(true);
  expect([reported, faults]).toEqual([['Error: planted'], [{ part: 'call', error: 'Error: planted' }]]);

  await press(m.answer_call_of({ who: '102' }));
  expect(FakeAudioContext.contexts.some(({ sounding }) => sounding.length > 0)).toBe(false);
  await press(m.end_call());
  expect(session.asked).toEqual(['hang up']);
  expect(phone.calls.all).toEqual([]);
});

test('what could not be drawn for a moment comes back by itself', async () => {
  const { target, phone, ring } = await page();
  const mend = spoil(phone);
  await ring();
  expect(target.textContent).not.toContain('Ben');
  mend();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(target.textContent).toContain('Ben');
  expect(target.textContent).not.toContain(m.undrawn());
});

test('where one of the things fails that a phone does by itself, the others go on', async () => {
  const { phone, ring } = await page();
  phone.recording.look = () => {
    throw new Error('planted');
  };
  await ring();
  const [call] = phone.calls.all;
  TestSocket.last.tell({ kind: 'calls', at: Date.now(), calls: [] });
  await vi.advanceTimersByTimeAsync(5_000);
  expect([call?.state.kind, phone.calls.all]).toEqual(['over', []]);
});

test('a server that never says a word is gone after 10 s, is tried again, and after 30 s the page says what can be done', async () => {
  const { target, agent } = await page({ isTold: false });
  await vi.advanceTimersByTimeAsync(9_000);
  expect(target.textContent).not.toContain(m.offline_title());
  await vi.advanceTimersByTimeAsync(2_000);
  expect(target.textContent).toContain(m.offline_title());
  expect(agent.asked).toEqual(['connect']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(agent.asked).toEqual(['connect', 'disconnect', 'connect']);
  expect(target.textContent).not.toContain(m.offline_long());
  await vi.advanceTimersByTimeAsync(15_000);
  expect(target.textContent).toContain(m.offline_long());
});
