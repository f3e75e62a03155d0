import { expect, test } from 'vitest';
import type { CrowdBounds } from '../collections/crowd.ts';
import { FakeFlow } from '../sip/transport/support/fake-flow.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Strangers } from './strangers.ts';

function build(bounds: CrowdBounds = { most: 10, mostOfNetwork: 10 }) {
  const clock = new VirtualClock();
  const strangers = new Strangers(bounds, clock);
  /** Whether each frame may be handled; `undefined` where its flow is no stranger. */
  const admitted: (boolean | undefined)[] = [];
  const connect = (address?: string) =>
    new FakeFlow(
      {
        opened: (flow) => strangers.enter(flow),
        received(flow) {
          const stranger = strangers.of(flow);
          admitted.push(stranger && strangers.admits(flow, stranger, 500));
        },
        closed: (flow) => strangers.leave(flow),
      },
      address,
    );
  return { clock, strangers, admitted, connect };
}

test('a stranger who sends more than 100 messages in a second is closed with a reason', () => {
  const { connect, admitted } = build();
  const flow = connect();
  for (let sent = 0; sent < 101; sent += 1) flow.receive('noise');
  expect(admitted).toEqual([...Array.from({ length: 100 }, () => true), false]);
  expect(flow.closedWith).toEqual({
    code: 1008,
    reason: 'More than 100 messages a second without authentication',
  });
});

test('each stranger has 30 s from its own arrival, silent or not', async () => {
  const { connect, clock, strangers } = build();
  const first = connect();
  await clock.advance(10_000);
  const second = connect();
  await clock.advance(20_000);
  expect([first.closedWith?.reason, second.open]).toEqual(['No authentication within 30 s', true]);
  expect(strangers.size).toBe(1);
  await clock.advance(10_000);
  expect([second.closedWith?.reason, strangers.size]).toEqual(['No authentication within 30 s', 0]);
});

test('one that has left has no time limit and is no stranger any more', async () => {
  const { connect, clock, strangers, admitted } = build();
  const flow = connect();
  strangers.leave(flow);
  flow.receive('a request');
  await clock.advance(31_000);
  expect([flow.open, admitted, strangers.size]).toEqual([true, [undefined], 0]);
});

test.for<[name: string, bounds: CrowdBounds]>([
  ['in all', { most: 2, mostOfNetwork: 10 }],
  ['of one network', { most: 10, mostOfNetwork: 2 }],
])('one too many %s: the oldest gives way, and none of its frames is handled', ([, bounds]) => {
  const { connect, strangers, admitted } = build(bounds);
  const [oldest, , latest] = [connect('192.0.2.1'), connect('192.0.2.1'), connect('192.0.2.1')];
  expect(oldest.closedWith?.code).toBe(1013);
  expect([strangers.of(oldest), strangers.of(latest)?.kind, strangers.size]).toEqual([
    undefined,
    'stranger',
    2,
  ]);
  expect(admitted).toEqual([]);
});

test('once closed, it dismisses no one', async () => {
  const { connect, clock, strangers } = build();
  const flow = connect();
  strangers.close();
  await clock.advance(60_000);
  expect(flow.open).toBe(true);
});
