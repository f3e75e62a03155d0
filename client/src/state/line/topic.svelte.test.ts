import { colleague, pageEvent, type PageEvent, type TopicEvent } from '@perch/shared';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventsSocket } from '../../api/events-socket.ts';
import { TestSocket } from '../support/test-socket.ts';
import { browserWorld } from '../../world/world.ts';
import { Topic } from './topic.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', TestSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ben = { number: '102', name: 'Ben', state: 'available' } as const;
const chloe = { number: '103', name: 'Chloe', state: 'busy' } as const;
const snapshot = (sequence: number, epoch = 'e'): TopicEvent => ({
  kind: 'snapshot',
  topic: 'colleagues',
  epoch,
  sequence,
  lines: [chloe, ben],
});
const delta = (sequence: number, state: string): TopicEvent => ({
  kind: 'delta',
  topic: 'colleagues',
  sequence,
  gone: [],
  lines: [{ ...ben, state } as typeof ben],
});

function open() {
  const events: PageEvent[] = [];
  const topic = new Topic('colleagues', colleague);
  const socket = new EventsSocket({ token: 't' }, pageEvent, browserWorld, {
    onEvent: (event) => void events.push(event),
    onRefused: () => undefined,
  });
  socket.reconnect();
  TestSocket.last.open();
  TestSocket.last.take();
  return { events, topic, socket, server: () => TestSocket.last };
}

test('a topic is asked for, and has the lines in the order of their numbers, as they change', () => {
  const { topic, socket, server } = open();
  socket.follow(topic);
  expect(server().take()).toEqual([{ subscribe: 'colleagues' }]);
  server().tell(snapshot(4));
  expect(topic.lines).toEqual([ben, chloe]);
  server().tell(delta(5, 'busy'));
  expect(topic.lines).toEqual([{ ...ben, state: 'busy' }, chloe]);
  expect(server().take()).toEqual([]);
});

test('after a reconnect, the page says who it is and its position in the topic', () => {
  const { topic, socket, server } = open();
  socket.follow(topic);
  server().tell(snapshot(4));
  server().tell(delta(5, 'busy'));
  server().lose();
  vi.advanceTimersByTime(60_000);
  server().open();
  expect(server().take()).toEqual([
    { token: 't' },
    { subscribe: 'colleagues', after: { epoch: 'e', sequence: 5 } },
  ]);
  server().tell(delta(6, 'away'));
  expect(topic.lines[0]?.state).toBe('away');
});

test('where a delta is missing, the page asks again from its position', () => {
  const { topic, socket, server } = open();
  socket.follow(topic);
  server().tell(snapshot(4));
  server().take();
  server().tell(delta(6, 'away'));
  expect(topic.lines[0]?.state).toBe('available');
  expect(server().take()).toEqual([{ subscribe: 'colleagues', after: { epoch: 'e', sequence: 4 } }]);
});

test('a topic that is no longer shown is not followed, and goes on from where it was', () => {
  const { topic, socket, server } = open();
  const stop = socket.follow(topic);
  server().tell(snapshot(4));
  server().take();
  stop();
  stop();
  expect(server().take()).toEqual([{ unsubscribe: 'colleagues' }]);
  server().tell(delta(5, 'busy'));
  expect(topic.lines[0]?.state).toBe('available');
  socket.follow(topic);
  expect(server().take()).toEqual([{ subscribe: 'colleagues', after: { epoch: 'e', sequence: 4 } }]);
});

test('a topic that is followed while there is no connection is asked for once there is one', () => {
  const { topic, socket, server } = open();
  server().lose();
  socket.follow(topic);
  vi.advanceTimersByTime(60_000);
  server().open();
  expect(server().take()).toEqual([{ token: 't' }, { subscribe: 'colleagues' }]);
});

test('what is withheld is gone from the page', () => {
  const { topic, socket, server } = open();
  socket.follow(topic);
  server().tell(snapshot(4));
  server().tell({ kind: 'withheld', topic: 'colleagues' });
  expect([topic.lines, topic.bookmark]).toEqual([[], undefined]);
});

test('topic events and unknown messages are not events of the terminal', () => {
  const { events, socket, topic, server } = open();
  socket.follow(topic);
  server().tell(snapshot(4));
  server().tell({ kind: 'news' } as unknown as PageEvent);
  server().tell({ kind: 'pulse', at: 1, registered: true });
  expect(events).toEqual([{ kind: 'pulse', at: 1, registered: true }]);
});

test('an effect that shows it runs once', () => {
  const { topic } = open();
  let runs = 0;
  const end = $effect.root(() => {
    $effect(() => {
      runs++;
      return topic.show();
    });
  });
  flushSync();
  expect([runs, topic.isShown]).toEqual([1, true]);
  end();
  expect(topic.isShown).toBe(false);
});

test('it is shown for as long as anything shows it', () => {
  const { topic } = open();
  const [list, search] = [topic.show(), topic.show()];
  list();
  expect(topic.isShown).toBe(true);
  search();
  expect(topic.isShown).toBe(false);
});
