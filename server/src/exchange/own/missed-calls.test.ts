import { type CallRecord, extensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { aCall, madePart } from '../../records/support/test-records.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { MissedCalls } from './missed-calls.ts';
import { FakeOwnStore } from './support/fake-own-store.ts';

const ben = extensionId('extension-102');

/** A call of 101 (or another one) that 102 has missed. */
const missedCall = (id: string, startedAt: number, given: Partial<CallRecord> = {}, from = '101') =>
  aCall(id, {
    ...{ startedAt, endedAt: startedAt + 10, result: 'no-answer', legs: [], answeredAt: null },
    parts: [
      madePart(from, { other: ben }),
      madePart('102', { role: 'callee', result: 'missed', other: `extension-${from}`, ringMs: 10 }),
    ],
    ...given,
  });
const talked = (id: string, startedAt: number, given: Partial<CallRecord> = {}) =>
  aCall(id, { startedAt, endedAt: startedAt + 10, ...given });

function open() {
  const clock = new VirtualClock();
  const store = new FakeOwnStore();
  const failures: unknown[] = [];
  const seen = { until: 0 };
  let changes = 0;
  const missed = new MissedCalls({
    store,
    clock,
    seenUntil: () => seen.until,
    changed: () => {
      changes++;
    },
    failed: (error) => failures.push(error),
  });
  const settle = () => clock.advance(0);
  return { clock, store, failures, seen, missed, settle, changes: () => changes };
}

test('calls that were missed before somebody asks are counted, and so are those that are missed later', async () => {
  const { store, missed, settle, changes, clock } = open();
  const at = clock.now();
  store.recorded.push(missedCall('one', at));
  expect(missed.of(ben)).toEqual({ missed: 0, latest: null });
  await settle();
  expect([missed.of(ben), changes()]).toEqual([{ missed: 1, latest: null }, 1]);
  missed.recorded(missedCall('two', at + 50));
  expect([missed.of(ben), changes()]).toEqual([{ missed: 2, latest: 'two' }, 2]);
  missed.recorded(talked('of others', at, { parts: [madePart('103'), madePart('104')] }));
  expect(changes()).toBe(2);
});

test('a call that is recorded while earlier ones are looked up is counted once', async () => {
  const { store, missed, settle, clock } = open();
  const call = missedCall('one', clock.now());
  missed.of(ben);
  store.recorded.push(call);
  missed.recorded(call);
  await settle();
  expect(missed.of(ben)).toEqual({ missed: 1, latest: 'one' });
});

test.for([
  ['by calling back', talked('back', 2_000)],
  ['by being called again', talked('again', 2_000)],
] as const)('what was missed is returned %s', async ([, back]) => {
  const { missed, settle } = open();
  missed.of(ben);
  await settle();
  missed.recorded(missedCall('one', 1_000));
  missed.recorded(missedCall('of another', 1_000, {}, '103'));
  missed.recorded(talked('earlier', 500));
  expect(missed.of(ben).missed).toBe(2);
  missed.recorded(back);
  expect(missed.of(ben).missed).toBe(1);
});

test('a talk with somebody who withheld their number tells nothing of whom one has missed', async () => {
  const { missed, settle } = open();
  missed.of(ben);
  await settle();
  missed.recorded(missedCall('one', 1_000));
  const parts = [
    madePart('101', { other: ben, talkMs: 1_000 }),
    madePart('102', { role: 'callee', result: 'handled', other: null, talkMs: 1_000 }),
  ];
  missed.recorded(talked('withheld', 2_000, { parts }));
  expect(missed.of(ben).missed).toBe(1);
});

test('what was returned while a message was being left is not counted: the archive knows', async () => {
  const { missed, settle } = open();
  missed.of(ben);
  await settle();
  missed.recorded(talked('back', 2_000));
  const mailbox = { number: '102', name: 'Ben', from: 1_010, until: 3_000, message: null };
  missed.recorded(missedCall('one', 1_000, { mailbox }));
  await settle();
  expect(missed.of(ben)).toEqual({ missed: 0, latest: 'one' });
});

test('what has been looked at counts no more, and what was over later still does', async () => {
  const { missed, seen, settle, store } = open();
  store.recorded.push(missedCall('long', 1_000, { endedAt: 5_000 }), missedCall('one', 1_000));
  missed.of(ben);
  await settle();
  expect(missed.of(ben).missed).toBe(2);
  seen.until = 1_010;
  missed.seen(ben);
  expect(missed.of(ben).missed).toBe(1);
  missed.forget(ben);
  missed.of(ben);
  await settle();
  expect(missed.of(ben).missed).toBe(1);
});

test('no more are counted than are shown', async () => {
  const { missed, settle } = open();
  missed.of(ben);
  await settle();
  for (let count = 0; count < 200; count++) missed.recorded(missedCall(String(count), 1_000 + count));
  expect(missed.of(ben).missed).toBe(99);
});

test('what was missed long ago is no news', async () => {
  const { missed, store, clock, settle } = open();
  store.recorded.push(missedCall('one', clock.now()));
  await clock.advance(40 * 24 * 60 * 60_000);
  missed.of(ben);
  await settle();
  expect(missed.of(ben).missed).toBe(0);
});

test('an archive that cannot be read costs the earlier calls only', async () => {
  const { missed, store, failures, settle } = open();
  store.broken = true;
  missed.of(ben);
  await settle();
  missed.recorded(missedCall('one', 1_000));
  expect([missed.of(ben).missed, failures.length]).toEqual([1, 1]);
});

test('of an extension that nobody follows nothing is kept, and nothing is looked up', async () => {
  const { missed, settle, changes } = open();
  missed.of(ben);
  missed.forget(ben);
  await settle();
  missed.recorded(missedCall('one', 1_000));
  expect(changes()).toBe(0);
});
