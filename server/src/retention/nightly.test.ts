import { KEPT_FOR_EVER, organizationId, type Retention } from '@perch/shared';
import { expect, test } from 'vitest';
import { VirtualClock } from '../world/virtual-clock.ts';
import { Nightly } from './nightly.ts';
import type { OldThings } from './ports.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIDNIGHT = '2026-11-27T00:00:00Z';
const organization = organizationId('o');

/** An organization that has so many of each that are old, on a server that starts then. */
function open(
  retention: Partial<Retention>,
  { timeZone = 'UTC', calls = 0, broken = false, start = MIDNIGHT } = {},
) {
  const clock = new VirtualClock(Date.parse(start));
  const left = { calls, moves: calls, audit: calls };
  const steps: string[] = [];
  const deleted: unknown[] = [];
  const failures: unknown[] = [];
  const take =
    (what: keyof OldThings) =>
    async (before: number, most: number): Promise<number> => {
      if (broken) throw new Error('the disk is full');
      const count = Math.min(left[what], most);
      left[what] -= count;
      steps.push(`${what} before ${new Date(before).toISOString()}: ${String(count)}`);
      return count;
    };
  const nightly = new Nightly(
    {
      keepings: async () => [{ organization, retention: { ...KEPT_FOR_EVER, ...retention }, timeZone }],
      oldThings: () => ({ calls: take('calls'), moves: take('moves'), audit: take('audit') }),
      deleted: async (_, what) => void deleted.push(what),
      failed: (error) => failures.push(error),
    },
    clock,
  );
  return { clock, nightly, steps, deleted, failures };
}

test('nothing is deleted where everything is kept', async () => {
  const { clock, steps, deleted } = open({}, { calls: 9 });
  await clock.advance(3 * DAY);
  expect([steps, deleted]).toEqual([[], []]);
});

test('once a night, at three o’clock in the organization’s time zone', async () => {
  const { clock, steps } = open(
    { recordDays: 30 },
    { timeZone: 'America/New_York', start: '2026-11-27T05:00:00Z' },
  );
  await clock.advance(3 * HOUR - 1);
  expect(steps).toEqual([]);
  await clock.advance(1);
  const night = ['calls before 2026-10-28T08:00:00.000Z: 0', 'moves before 2026-10-28T08:00:00.000Z: 0'];
  expect(steps).toEqual(night);
  await clock.advance(DAY - 1);
  expect(steps).toEqual(night);
  await clock.advance(1);
  expect(steps.slice(2)).toEqual([
    ...['calls before 2026-10-29T08:00:00.000Z: 0', 'moves before 2026-10-29T08:00:00.000Z: 0'],
  ]);
});

test('within an hour of a start by day, for a server that is off at night', async () => {
  const { clock, steps } = open({ auditDays: 30 }, { start: '2026-11-27T08:30:00Z' });
  await clock.advance(15 * HOUR);
  expect(steps).toEqual(['audit before 2026-10-28T09:30:00.000Z: 0']);
});

test('a night in which the clock goes from three to four has its turn at four', async () => {
  const { clock, steps } = open(
    { auditDays: 1 },
    { timeZone: 'Europe/Bucharest', start: '2026-03-28T22:00:00Z' },
  );
  await clock.advance(20 * HOUR);
  expect(steps).toEqual(['audit before 2026-03-28T01:00:00.000Z: 0']);
});

test('an organization that waits for another one still has its turn in that night', async () => {
  const clock = new VirtualClock(Date.parse(MIDNIGHT));
  const late = organizationId('p');
  const retention = { ...KEPT_FOR_EVER, auditDays: 1 };
  const before: [string, string][] = [];
  const nightly = new Nightly(
    {
      keepings: async () =>
        [organization, late].map((each) => ({ organization: each, retention, timeZone: 'UTC' })),
      oldThings: (each) => ({
        ...{ calls: async () => 0, moves: async () => 0 },
        audit: async (time) => {
          before.push([each, new Date(time).toISOString()]);
          await new Promise<void>((resolve) => void clock.after(2 * HOUR, resolve));
          return 0;
        },
      }),
      deleted: async () => undefined,
      failed: (error) => expect.unreachable(String(error)),
    },
    clock,
  );
  await clock.advance(20 * HOUR);
  await nightly.close();
  expect(before).toEqual([
    [organization, '2026-11-26T03:00:00.000Z'],
    [late, '2026-11-26T03:00:00.000Z'],
  ]);
});

test('in small steps with pauses, and the audit is told what was deleted', async () => {
  const { clock, steps, deleted } = open({ recordDays: 7, auditDays: 365 }, { calls: 510 });
  await clock.advance(3 * HOUR);
  expect(steps).toEqual(['calls before 2026-11-20T03:00:00.000Z: 250']);
  await clock.advance(100);
  expect(steps).toHaveLength(2);
  await clock.advance(5_000);
  const sizes = (of: string) =>
    steps.filter((step) => step.startsWith(of)).map((step) => Number(/\d+$/.exec(step)));
  expect(sizes('calls')).toEqual([250, 250, 10]);
  // These keep the thread that has the calls.
  const small = [...Array<number>(10).fill(50), 10];
  expect([sizes('moves'), sizes('audit')]).toEqual([small, small]);
  expect(steps.at(-1)).toBe('audit before 2025-11-27T03:00:00.000Z: 10');
  expect(deleted).toEqual([{ calls: 510, moves: 510, audit: 510 }]);
});

test('what fails is reported, and tried again in the next night', async () => {
  const { clock, failures } = open({ recordDays: 7 }, { broken: true });
  await clock.advance(DAY);
  expect(failures).toHaveLength(1);
  await clock.advance(DAY);
  expect(failures).toHaveLength(2);
});

test('nothing is begun after it was closed', async () => {
  const { clock, nightly, steps } = open({ recordDays: 7 }, { calls: 600 });
  await clock.advance(3 * HOUR);
  const closed = nightly.close();
  await clock.advance(DAY);
  await closed;
  expect(steps).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
