import { expect, test } from 'vitest';
import { type Line, type LineEffect, type LineEvent, step } from './line.ts';

const lost = { now: 1_000, chance: 1 } as const;
const connect: LineEffect = { kind: 'connect' };
const disconnect: LineEffect = { kind: 'disconnect' };
const discard: LineEffect = { kind: 'discard-ringing' };
const tryAfter = (ms: number): LineEffect => ({ kind: 'try-after', ms });
const waiting = (attempt: number, ms: number): Line => ({ kind: 'waiting', attempt, nextTryAt: 1_000 + ms });

test.for<readonly [string, Line, LineEvent, Line, readonly LineEffect[]]>([
  [
    'starts at once',
    { kind: 'idle' },
    { kind: 'start' },
    { kind: 'connecting', attempt: 0 },
    [connect, tryAfter(5_000)],
  ],
  ['starts only once', { kind: 'registered' }, { kind: 'start' }, { kind: 'registered' }, []],
  [
    'registers on a new flow',
    { kind: 'connecting', attempt: 3 },
    { kind: 'connected' },
    { kind: 'registering', attempt: 3 },
    [tryAfter(30_000)],
  ],
  [
    'is registered when the registrar says so',
    { kind: 'registering', attempt: 3 },
    { kind: 'registered' },
    { kind: 'registered' },
    [],
  ],
  [
    'ignores a registration that it did not ask for',
    { kind: 'waiting', attempt: 1, nextTryAt: 0 },
    { kind: 'registered' },
    { kind: 'waiting', attempt: 1, nextTryAt: 0 },
    [],
  ],
  [
    'discards ringing calls when its flow is lost',
    { kind: 'registered' },
    { kind: 'disconnected', ...lost },
    waiting(1, 1_000),
    [discard, tryAfter(1_000)],
  ],
  [
    'waits longer each time that it fails to connect',
    { kind: 'connecting', attempt: 2 },
    { kind: 'disconnected', ...lost },
    waiting(3, 4_000),
    [discard, tryAfter(4_000)],
  ],
  ['hears of a loss once', waiting(1, 1_000), { kind: 'disconnected', ...lost }, waiting(1, 1_000), []],
  [
    'tries again after 403, 503 and timeouts, on a new flow',
    { kind: 'registering', attempt: 0 },
    { kind: 'registration-failed', ...lost },
    waiting(1, 1_000),
    [discard, disconnect, tryAfter(1_000)],
  ],
  [
    'tries again when a refresh is refused',
    { kind: 'registered' },
    { kind: 'registration-failed', ...lost },
    waiting(1, 1_000),
    [discard, disconnect, tryAfter(1_000)],
  ],
  [
    'tries when the pause is over',
    waiting(4, 9_000),
    { kind: 'try' },
    { kind: 'connecting', attempt: 4 },
    [connect, tryAfter(20_000)],
  ],
  [
    'begins an attempt anew that has taken too long, or was made before the network was back',
    { kind: 'connecting', attempt: 1 },
    { kind: 'try' },
    { kind: 'connecting', attempt: 2 },
    [disconnect, connect, tryAfter(15_000)],
  ],
  [
    'begins anew where the registrar does not answer',
    { kind: 'registering', attempt: 0 },
    { kind: 'try' },
    { kind: 'connecting', attempt: 1 },
    [disconnect, connect, tryAfter(10_000)],
  ],
  ['needs no second try', { kind: 'registered' }, { kind: 'try' }, { kind: 'registered' }, []],
  [
    'replaces a flow that nobody has heard of',
    { kind: 'registered' },
    { kind: 'doubted' },
    { kind: 'connecting', attempt: 1 },
    [discard, disconnect, connect, tryAfter(10_000)],
  ],
  ['doubts nothing that is under way', waiting(1, 1_000), { kind: 'doubted' }, waiting(1, 1_000), []],
  ['stops for good', { kind: 'registered' }, { kind: 'stop' }, { kind: 'idle' }, [disconnect]],
])('%s', ([, from, event, to, effects]) => {
  expect(step(from, event)).toEqual([to, effects]);
});

test('a line never stays down: whatever happens, a try or a connection is under way', () => {
  const events: LineEvent[] = [
    { kind: 'connected' },
    { kind: 'disconnected', ...lost },
    { kind: 'registered' },
    { kind: 'registration-failed', ...lost },
    { kind: 'try' },
    { kind: 'doubted' },
  ];
  const seen = new Map<string, Line>();
  const walk = (line: Line, depth: number): void => {
    seen.set(JSON.stringify(line), line);
    if (depth > 0) for (const event of events) walk(step(line, event)[0], depth - 1);
  };
  walk(step({ kind: 'idle' }, { kind: 'start' })[0], 5);
  expect([...seen.values()].some(({ kind }) => kind === 'idle')).toBe(false);
});
