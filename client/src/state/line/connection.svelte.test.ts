import { api } from '@perch/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Clock } from '../page/clock.svelte.ts';
import { browserWorld } from '../../world/world.ts';
import { FakeUserAgent } from '../../sip/support/fake-user-agent.ts';
import { Connection } from './connection.svelte.ts';
import { instanceOf } from '../../api/terminal-store.ts';
import { TestSocket } from '../support/test-socket.ts';
import { ServerWord } from './server-word.svelte.ts';
import { terminalView } from '../../phone/page/support/test-view.ts';

/** A WebSocket that the server refuses: the page only learns that it is closed. */
class RefusedSocket {
  static readonly OPEN = 1;
  static readonly CONNECTING = 0;
  readonly readyState = 3;
  onclose: ((event: object) => void) | null = null;
  /** The paths to which a page has tried to connect. */
  static tried: string[] = [];

  constructor(url: string | URL) {
    RefusedSocket.tried.push(new URL(url).pathname);
    queueMicrotask(() => this.onclose?.({ code: 1006, wasClean: false, reason: '' }));
  }

  send(): void {
    throw new Error('never opened');
  }

  close(): void {
    // It is.
  }
}

const REFUSED = {
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  detail: 'Open this page under the address of this Perch.',
  code: 'cross-origin',
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', RefusedSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page whose sockets are refused, and the server's answer when it is asked why. */
function page(why: () => Promise<Response>) {
  vi.stubGlobal('fetch', (address: string) =>
    address === api.checkOrigin.path ? why() : Promise.reject(new TypeError('no server')),
  );
  const clock = new Clock(browserWorld);
  const word = new ServerWord(browserWorld, () => undefined);
  const connection = new Connection(
    {
      token: 't',
      number: '101',
      kind: 'phone',
      sip: { url: 'ws://localhost/sip', domain: 'demo.test' },
      iceServers: [],
    },
    {
      word,
      clock,
      world: browserWorld,
      onOffered: () => undefined,
      onRingingLost: () => undefined,
      onRegistered: () => undefined,
      inCall: () => false,
    },
  );
  connection.start();
  const agent = FakeUserAgent.made.at(-1);
  const look = async (): Promise<void> => {
    agent?.says.onDisconnected();
    await vi.advanceTimersByTimeAsync(10);
    connection.check();
    await vi.advanceTimersByTimeAsync(10);
  };
  const end = (): void => {
    connection.close();
    clock.close();
  };
  /** What has been tried since this was last asked. */
  const tried = (): string[] => [
    ...RefusedSocket.tried.splice(0).map((path) => `opens ${path}`),
    ...(agent?.asked.splice(0) ?? []),
  ];
  return { connection, word, look, tried, end };
}

describe('a phone whose sockets are refused', () => {
  test('has the reason in the words of the server, where its address is not one of the server', async () => {
    const { connection, look, end } = page(() =>
      Promise.resolve(new Response(JSON.stringify(REFUSED), { status: 403 })),
    );
    await look();
    expect([connection.health.kind, connection.refusal]).toEqual(['offline', REFUSED.detail]);
    end();
  });

  test('has none where there is no server to ask', async () => {
    const { connection, look, end } = page(() => Promise.reject(new TypeError('no server')));
    await look();
    expect([connection.health.kind, connection.refusal]).toEqual(['offline', null]);
    end();
  });
});

test('a browser that says that its network is back has both connections opened at once', async () => {
  const { look, tried, end } = page(() => Promise.reject(new TypeError('no server')));
  await look();
  tried();
  window.dispatchEvent(new Event('online'));
  expect(tried()).toEqual(['opens /api/events', 'connect']);
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  tried();
  for (const name of ['online', 'offline']) window.dispatchEvent(new Event(name));
  expect([tried(), vi.getTimerCount()]).toEqual([[], 0]);
});

test('a page says which phone of its terminal it is, as it registers', () => {
  vi.stubGlobal('WebSocket', TestSocket);
  const { end } = page(() => Promise.reject(new TypeError('no server')));
  const socket = TestSocket.last;
  socket.open();
  expect(socket.take()).toEqual([{ token: 't', instance: `urn:uuid:${instanceOf('101')}` }]);
  end();
});

test.for(['freeze', 'resume'])('after %s a page relies on nothing that it was told before', (happens) => {
  const { word, end } = page(() => Promise.reject(new TypeError('no server')));
  word.heardAt = 5;
  document.dispatchEvent(new Event(happens));
  expect([word.heardAt, word.doubted]).toEqual([null, true]);
  end();
});

test('TURN’s credentials are renewed when half of their time has passed, and tried again where that fails', async () => {
  const { connection, end } = page(() => Promise.reject(new TypeError('no server')));
  let asked = 0;
  let answers = true;
  vi.stubGlobal('fetch', (address: string) => {
    if (address !== api.terminal.path) return Promise.reject(new TypeError('no server'));
    asked += 1;
    if (!answers) return Promise.reject(new TypeError('no server'));
    const turn = { urls: 'turn:turn.example.org', username: `until ${asked}`, credential: 'c' };
    const sip = { url: 'ws://localhost/sip', domain: 'demo.test' };
    return Promise.resolve(
      Response.json({ view: terminalView(), sip, iceServers: [turn], iceSeconds: 1000 }),
    );
  });
  connection.start();
  await vi.advanceTimersByTimeAsync(499_000);
  expect([asked, connection.iceServers[0]?.username]).toEqual([1, 'until 1']);
  answers = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toBe(2);
  answers = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked, connection.iceServers[0]?.username]).toEqual([3, 'until 3']);
  end();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(asked).toBe(3);
});
