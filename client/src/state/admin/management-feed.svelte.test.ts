import { type FloorLine, floorLine, type TopicEvent } from '@perch/shared';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserWorld } from '../../world/world.ts';
import { ManagementFeed } from './management-feed.svelte.ts';
import { TestSocket } from '../support/test-socket.ts';
import { Topic } from '../line/topic.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', TestSocket);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ada = {
  number: '101',
  name: 'Ada',
  group: null,
  place: null,
  callBack: null,
  doNotDisturb: false,
  plan: null,
  stayEnds: null,
  stayEnded: null,
  pinLockedUntil: null,
  kind: 'person',
  allowVirtualization: false,
  hasSecretCode: true,
  suspended: false,
  registered: true,
  asleep: false,
  lastCheck: null,
  page: null,
  lostAt: null,
  whereabouts: { kind: 'home' },
  occupancy: { kind: 'owner' },
  call: null,
  guessing: { wrongAt: [], lockedUntil: null, terminalLockedUntil: null },
} as const satisfies FloorLine;
const snapshot: TopicEvent = { kind: 'snapshot', topic: 'floor', epoch: 'e', sequence: 1, lines: [ada] };

function open() {
  let signedOut = 0;
  const feed = new ManagementFeed(browserWorld, () => {
    signedOut++;
  });
  const floor = new Topic('floor', floorLine);
  const end = $effect.root(() => feed.follow(floor));
  flushSync();
  const server = TestSocket.last;
  server.open();
  const see = (state: DocumentVisibilityState): void => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
    flushSync();
  };
  const close = (): void => {
    end();
    feed.close();
  };
  return { feed, floor, server, see, close, signedOut: () => signedOut };
}

test('a page of management says so, follows what it shows, and no more of it while it is hidden', () => {
  const { floor, server, see, close } = open();
  expect(server.take()).toEqual([{ administrator: true }, { subscribe: 'floor' }]);
  server.tell(snapshot);
  expect(floor.lines).toEqual([ada]);
  see('hidden');
  expect(server.take()).toEqual([{ unsubscribe: 'floor' }]);
  see('visible');
  expect(server.take()).toEqual([{ subscribe: 'floor', after: { epoch: 'e', sequence: 1 } }]);
  close();
});

test('a server that is not heard for a while is reported as silent, until it is heard again', () => {
  const { feed, server, close } = open();
  vi.advanceTimersByTime(11_000);
  expect(feed.isSilent).toBe(false);
  vi.advanceTimersByTime(2_000);
  expect(feed.isSilent).toBe(true);
  server.tell({ kind: 'alive', at: 1 });
  expect(feed.isSilent).toBe(false);
  close();
});

test('a silent connection is replaced, and continues where the page was', () => {
  const { feed, server, close } = open();
  server.tell(snapshot);
  vi.advanceTimersByTime(11_000);
  feed.check();
  expect(TestSocket.last).toBe(server);
  vi.advanceTimersByTime(2_000);
  feed.check();
  const again = TestSocket.last;
  expect(again).not.toBe(server);
  again.open();
  expect(again.take()).toEqual([
    { administrator: true },
    { subscribe: 'floor', after: { epoch: 'e', sequence: 1 } },
  ]);
  vi.advanceTimersByTime(2_000);
  feed.check();
  expect(TestSocket.last).toBe(again);
  close();
});

test('a page whose session is over signs out, and does not come back', () => {
  const { server, close, signedOut } = open();
  server.lose(4401);
  vi.advanceTimersByTime(60_000);
  expect(signedOut()).toBe(1);
  expect(TestSocket.last).toBe(server);
  close();
});
