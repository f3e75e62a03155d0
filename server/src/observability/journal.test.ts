import { callId, extensionId, homeTerminalOf } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeVirtualizationStore } from '../exchange/fake-virtualization-store.ts';
import type { CallRecord } from '../exchange/ports.ts';
import { createJournal } from './journal.ts';
import { watchedCalls, watchedVirtualizations } from './watched-stores.ts';

const ada = extensionId('ada');
const call: CallRecord = {
  id: callId('c'),
  startedAt: 1,
  answeredAt: null,
  endedAt: 2,
  callerExtension: ada,
  callerTerminal: homeTerminalOf(ada),
  dialled: '102',
  calleeExtension: null,
  calleeTerminal: null,
  outcome: 'busy',
};
const change = {
  ended: [],
  begun: [],
  buckets: [],
  record: {
    at: 1,
    action: 'move',
    way: 'dialled',
    who: null,
    terminal: homeTerminalOf(ada),
    asked: '102',
    extension: ada,
    previousGuest: null,
    result: 'wrong-code',
    endings: [],
  },
} as const;

async function metricsAfter(act: (journal: ReturnType<typeof createJournal>) => unknown): Promise<string> {
  const journal = createJournal('silent');
  await act(journal);
  return (await journal.metrics.text()).text;
}

test('two servers in one process do not count for each other', async () => {
  await metricsAfter((journal) => journal.http.signedIn('a@b.test', '192.0.2.1'));
  expect(await metricsAfter(() => undefined)).not.toContain('perch_sign_ins_total{');
});

test('what is going on is read at the moment that it is asked for', async () => {
  let flows = 1;
  const text = await metricsAfter(({ metrics }) => {
    metrics.level({ name: 'perch_flows', help: 'Flows.', read: () => flows });
    flows = 7;
  });
  expect(text).toContain('perch_flows 7');
});

test('Node’s own figures are there, too', async () => {
  expect(await metricsAfter(() => undefined)).toContain('nodejs_eventloop_lag_seconds');
});

test('a virtualization counts by its result, once it is kept', async () => {
  const text = await metricsAfter(async (journal) => {
    const store = new FakeVirtualizationStore();
    const watched = watchedVirtualizations(store, journal.exchange.virtualization);
    await watched.commit(change);
    store.broken = true;
    await expect(watched.commit(change)).rejects.toThrow();
    expect(await watched.records(ada, 10)).toEqual([change.record]);
  });
  expect(text).toContain('perch_virtualizations_total{action="move",result="wrong-code"} 1');
});

test('a call counts by its outcome', async () => {
  const finished: CallRecord[] = [];
  const store = {
    load: async () => [],
    save: async () => undefined,
    finish: async (record: CallRecord) => void finished.push(record),
  };
  const text = await metricsAfter((journal) => watchedCalls(store, journal.exchange.call).finish(call));
  expect(text).toContain('perch_calls_total{outcome="busy"} 1');
  expect(finished).toEqual([call]);
});
