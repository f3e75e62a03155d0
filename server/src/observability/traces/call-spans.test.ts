import { expect, test } from 'vitest';
import { aCall, anAttempt } from '../../records/support/test-records.ts';
import { callTrace } from './call-spans.ts';

test('a call is a trace: it is routed, rings, and both talk', () => {
  const { call, parts, linked, failure } = callTrace(aCall('c'));
  expect(call).toMatchObject({ name: 'call', from: 1_000, until: 3_000 });
  expect(call.attributes).toMatchObject({ 'perch.call': 'c', 'perch.result': 'answered' });
  expect(call.events).toEqual([
    { name: 'rings', at: 1_100 },
    { name: 'answered', at: 2_000 },
  ]);
  expect(parts.map(({ name, from, until }) => [name, from, until])).toEqual([
    ['route', 1_000, 1_000],
    ['ring', 1_000, 2_000],
    ['leg', 2_000, 3_000],
    ['leg', 2_000, 3_000],
  ]);
  expect([linked, failure]).toEqual([[], undefined]);
});

test('extensions and terminals are named by their ids, and nothing else says who it was', () => {
  const record = aCall('c', { attempts: [anAttempt('102', { by: { number: '103', name: 'Chloe' } })] });
  const { call, parts } = callTrace(record);
  expect(call.attributes).toMatchObject({
    'perch.caller.extension': 'extension-101',
    'perch.callee.terminal': 'phone-102',
  });
  expect(JSON.stringify([call, parts])).not.toMatch(/Number|Chloe|"10[123]"/);
});

test('a visit to a mailbox is in it, with the message', () => {
  const mailbox = { number: '102', name: 'Ben', from: 2_500, until: 3_000 };
  const visit = (message: { id: string; durationMs: number } | null) =>
    callTrace(aCall('c', { legs: [], mailbox: { ...mailbox, message } })).parts.at(-1);
  expect(visit({ id: 'm', durationMs: 400 })).toMatchObject({
    ...{ name: 'mailbox', from: 2_500, until: 3_000 },
    attributes: { 'perch.message_ms': 400 },
  });
  expect(visit(null)?.attributes).toEqual({});
});

test('calls are linked to those they come from and go on in', () => {
  expect(callTrace(aCall('c', { transferredFrom: 'b', transferredTo: 'd' })).linked).toEqual(['b', 'd']);
});

test.for([
  ['overloaded', 'overloaded'],
  ['lost', 'lost'],
  ['busy', undefined],
  ['cancelled', undefined],
] as const)('a call that is over as %s is the failure %s', ([result, failure]) => {
  expect(callTrace(aCall('c', { result })).failure).toBe(failure);
});

test('a call that nobody answered was routed until it was refused', () => {
  const { parts } = callTrace(aCall('c', { attempts: [], legs: [], answeredAt: null, rangAt: null }));
  expect(parts).toMatchObject([{ name: 'route', from: 1_000, until: 3_000 }]);
});

test('what happened is in the order of time: a mailbox answers before somebody takes the call up', () => {
  const mailbox = { number: '102', name: 'Ben', from: 1_500, until: 2_000, message: null };
  const { parts } = callTrace(aCall('c', { mailbox }));
  expect(parts.map(({ name }) => name)).toEqual(['route', 'ring', 'mailbox', 'leg', 'leg']);
});

test('a call that the server has answered was routed until then, also where somebody is rung later', () => {
  const attempts = [anAttempt('102', { at: 2_500, endedAt: 3_000 })];
  const [route] = callTrace(aCall('c', { attempts, answeredAt: 1_200 })).parts;
  expect(route).toMatchObject({ name: 'route', from: 1_000, until: 1_200 });
});

test('a call says by which cause it ended, an attempt whether it came of a transfer and when it rang', () => {
  const reason = { protocol: 'Q.850', cause: 31 };
  const attempts = [anAttempt('102', { rangAt: 1_300, by: { number: '103', name: 'Chloe' } })];
  const { call, parts } = callTrace(aCall('c', { reason, attempts }));
  expect(call.attributes).toMatchObject({ 'perch.cause': 31 });
  expect(parts.find(({ name }) => name === 'ring')).toMatchObject({
    attributes: { 'perch.transferred': true },
    events: [{ name: 'rings', at: 1_300 }],
  });
});
