import { callId, extensionId, organizationId, recordingId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeCallStore } from '../exchange/support/fake-call-store.ts';
import { FakeVirtualizationStore } from '../exchange/support/fake-virtualization-store.ts';
import { failureOf, journalOfCall } from '../exchange/failure-of-call.ts';
import type { OutgoingMail } from '../mail/ports.ts';
import { aCall } from '../records/support/test-records.ts';
import { createJournal } from './journal.ts';
import { watchedCalls, watchedVirtualizations } from './watched-stores.ts';

const ada = extensionId('ada');
const adasPhone = terminalId('phone-ada');
const call = aCall('c', { result: 'busy', answeredAt: null });
const change = {
  ended: [],
  begun: [],
  buckets: [],
  record: {
    at: 1,
    action: 'move',
    way: 'dialled',
    who: null,
    terminal: adasPhone,
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

test('current levels are read at the moment of the request', async () => {
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
    expect(await watched.records({ id: ada, terminal: adasPhone }, 10)).toEqual([change.record]);
  });
  expect(text).toContain('perch_virtualizations_total{action="move",result="wrong-code"} 1');
});

test('a call counts by its outcome', async () => {
  const store = new FakeCallStore();
  const text = await metricsAfter((journal) => watchedCalls(store, journal.exchange.call).finish(call));
  expect(text).toContain('perch_calls_total{outcome="busy"} 1');
  expect(store.records).toEqual([call]);
});

const outgoing: OutgoingMail = {
  organization: organizationId('o'),
  message: recordingId('m'),
  to: 'ada@example.org',
  mailbox: { number: '101', name: 'Ada' },
  from: { number: '102', name: 'Ben' },
  language: 'en',
  at: 1,
  durationMs: 1_000,
  reason: 'busy',
  attempts: 0,
};

test.for<[string, (journal: ReturnType<typeof createJournal>) => void]>([
  [
    'perch_voicemail_messages_total{outcome="disk-full"} 1',
    ({ voicemail }) => voicemail.deposited(ada, 'disk-full'),
  ],
  [
    'perch_voicemail_visits_total{outcome="wrong-pin"} 1',
    ({ voicemail }) => voicemail.visited(ada, 'wrong-pin'),
  ],
  ['perch_voicemail_removed_total{why="expired"} 7', ({ voicemail }) => voicemail.removed(7, 'expired')],
  ['perch_failures_total{room="voicemail"} 1', ({ voicemail }) => voicemail.failed(new Error('disk'))],
  ['perch_failures_total{room="recordings"} 1', ({ recordings }) => recordings.setAside('m.opus')],
  ['perch_voicemail_mails_total{result="sent"} 1', ({ mail }) => mail.sent(outgoing)],
  [
    'perch_voicemail_mails_total{result="postponed"} 1',
    ({ mail }) => mail.postponed(outgoing, new Error('450'), 60_000),
  ],
  ['perch_voicemail_mails_total{result="refused"} 1', ({ mail }) => mail.refused(outgoing, new Error('550'))],
  ['perch_voicemail_mails_total{result="expired"} 3', ({ mail }) => mail.expired(3)],
])('%s', async ([line, act]) => {
  expect(await metricsAfter(act)).toContain(line);
});

test('an asynchronous level is awaited', async () => {
  const text = await metricsAfter(({ metrics }) => {
    metrics.level({ name: 'perch_voicemail_disk_low', help: 'Low.', read: async () => 1 });
  });
  expect(text).toContain('perch_voicemail_disk_low 1');
});

test('what concerns a call has its id in the log: errors with their cause, messages and visits', () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const { exchange, voicemail } = createJournal('debug', undefined, { write });
  const id = callId('the-call');
  const ofCall = journalOfCall(voicemail, id);
  exchange.failed(failureOf(id, new Error('disk full')));
  ofCall.failed(new Error('disk full'));
  ofCall.deposited(ada, 'kept');
  ofCall.visited(ada, 'wrong-pin');
  exchange.call(call);
  const err = expect.objectContaining({ message: 'disk full' }) as unknown;
  expect(lines).toMatchObject([
    { room: 'exchange', msg: 'internal error', call: 'the-call', err },
    { room: 'voicemail', msg: 'internal error', call: 'the-call', err },
    { msg: 'voicemail', call: 'the-call', outcome: 'kept' },
    { msg: 'mailbox visited', call: 'the-call', outcome: 'wrong-pin' },
    { msg: 'call over', call: call.id },
  ]);
});
