import { expect, test } from 'vitest';
import {
  type AttackFigures,
  derived,
  excesses,
  joined,
  toJson,
  toMarkdown,
  toText,
} from './attack-report.ts';
import { writtenRows } from '../../figures/figures.ts';
import { ATTACKS } from './attacks.ts';
import { leftOver, samplesOf, stateOf } from './server-counters.ts';

const FIGURES: AttackFigures = {
  name: 'invite-flood',
  what: 'one account sends INVITEs',
  attacked: { sent: { INVITE: 20_000 }, got: { 503: 12_000, closed: 3 }, seconds: 4 },
  first: { turns: [{ setups: [3, 5, 8, 9], registrations: [12] }], failures: [], cores: 1 },
  quiet: { turns: [{ setups: [1, 2, 3, 4], registrations: [5] }], failures: [], cores: 0.2 },
  during: { turns: [{ setups: [2, 4, 5, 6], registrations: [9] }], failures: [], cores: 0.9 },
  memory: {
    before: { rssMB: 200.4, heapMB: 50 },
    highest: { rssMB: 310, heapMB: 90 },
    after: { rssMB: 205, heapMB: 51 },
  },
  settling: { seconds: 3.2, left: {} },
  failures: 0,
};
const failing: AttackFigures = {
  ...FIGURES,
  during: {
    ...FIGURES.during,
    turns: [{ setups: [2, 4, Infinity, Infinity], registrations: [9] }],
    failures: ['no answer in 10 s'],
  },
  settling: { seconds: 120, left: { calls: 2 } },
};

test('the ratio is that of the slowest calls, without the attack and during it', () => {
  const { setupQuiet, setupDuring, ratio, failed } = derived(FIGURES);
  expect([setupQuiet.p99, setupDuring.p99, ratio, failed]).toEqual([4, 6, 1.5, 0]);
});

test('of several turns, the one in the middle counts; what failed in any of them counts', () => {
  const turn = (...setups: number[]) => ({ setups, registrations: [1] });
  const during = { ...FIGURES.during, turns: [turn(1, 80), turn(2, 6), turn(3, Infinity)] };
  const { setupDuring, ratio, failed } = derived({ ...FIGURES, during });
  expect([setupDuring, ratio]).toEqual([{ p50: 80, p99: 80 }, 20]);
  expect(failed).toBeCloseTo(1 / 14);
});

test('what failed in the first seconds of an attack counts, and what was slow only then is shown', () => {
  const slow = { turns: [{ setups: [80, 90], registrations: [1, Infinity] }], failures: ['cut'], cores: 1 };
  const figures = { ...FIGURES, first: slow };
  const { setupFirst, ratio, failed } = derived(figures);
  expect([setupFirst, ratio, failed]).toEqual([{ p50: 90, p99: 90 }, 1.5, 1 / 9]);
  expect(toText(figures)).toContain('failed: 11.1 % (cut)');
});

test('one that takes long to begin has no first seconds', () => {
  const { first: _, ...rest } = FIGURES;
  expect(toMarkdown([rest])).toContain('| 3.0 / 4.0 | not measured | 5.0 / 6.0 |');
});

test('what failed counts as never: in the ratio, and as a share', () => {
  const { ratio, failed } = derived(failing);
  expect(ratio).toBe(Infinity);
  expect(failed).toBe(0.2);
});

test('what an attack may do is bounded', () => {
  expect(excesses(FIGURES)).toEqual([]);
  expect(excesses({ ...failing, failures: 1 })).toEqual([
    'invite-flood: the slowest calls of others: p99 × failed',
    'invite-flood: 20.0 % of what others do fails',
    'invite-flood: of it is left: 2 × calls',
    "invite-flood: mistakes of the server's own: 1",
  ]);
});

test('a run in which calls fail without the attack shows nothing', () => {
  const quiet = { ...FIGURES.quiet, turns: [{ setups: [1, Infinity, Infinity], registrations: [5] }] };
  expect(excesses({ ...FIGURES, quiet })).toEqual([
    'invite-flood: calls of others fail also without it: nothing is shown',
  ]);
});

test('several turns of an attacker are one', () => {
  const turn = { sent: { INVITE: 5 }, got: { 503: 1 }, seconds: 2 };
  expect(joined([turn, { sent: { INVITE: 6 }, got: { 486: 2 }, seconds: 3 }])).toEqual({
    sent: { INVITE: 11 },
    got: { 503: 1, 486: 2 },
    seconds: 5,
  });
});

test('the text has what was sent, seen and left', () => {
  expect(toText(FIGURES)).toMatchInlineSnapshot(`
    "invite-flood: one account sends INVITEs
      sent in 4.0 s: 20,000 × INVITE (a second: 5,000 × INVITE)
      answered: 12,000 × 503, 3 × closed
      others' calls, ms until up, p50 / p99: 3.0 / 4.0 without, 5.0 / 6.0 during; p99 × 1.50
      in the first seconds of the attack: 8.0 / 9.0
      others' registrations, ms, p50 / p99: 5.0 / 5.0 without, 9.0 / 9.0 during
      failed: 0.0 %
      server: 0.20 cores without, 0.90 during; failures of its own: 0
      MB before / highest / after: RSS 200 / 310 / 205, heap 50 / 90 / 51
      nothing left of it: 3 s"
  `);
  expect(toText(failing)).toContain('failed: 20.0 % (no answer in 10 s)');
  expect(toText(failing)).toContain('nothing left of it: after 120 s: 2 × calls');
});

test('the tables for documents have a row for each attack', () => {
  const rows = toMarkdown([FIGURES, failing])
    .split('\n')
    .filter((line) => line.includes('invite-flood'));
  expect(rows).toEqual([
    '| `invite-flood` | 5,000 × INVITE | 3.0 / 4.0 | 8.0 / 9.0 | 5.0 / 6.0 | 1.50 | 0.0 % |',
    '| `invite-flood` | 5,000 × INVITE | 3.0 / 4.0 | 8.0 / 9.0 | failed / failed | failed | 20.0 % |',
    '| `invite-flood` | 12,000 × 503, 3 × closed | 0.20 / 0.90 | 200 / 310 / 205 | 50 / 90 / 51 | 3 s |',
    '| `invite-flood` | 12,000 × 503, 3 × closed | 0.20 / 0.90 | 200 / 310 / 205 | 50 / 90 / 51 | after 120 s: 2 × calls |',
  ]);
});

test('the line for scripts has no number where calls failed', () => {
  const { attacks } = JSON.parse(toJson([failing])) as { attacks: Record<string, Record<string, unknown>> };
  expect(attacks['invite-flood']).toMatchObject({
    sent: { INVITE: 20_000 },
    setupMs: { first: { p50: 8, p99: 9 }, without: { p50: 3, p99: 4 }, during: { p50: null, p99: null } },
    ratio: null,
    failed: 0.2,
    settling: { seconds: 120, left: { calls: 2 } },
  });
});

const METRICS = `# HELP perch_flows Flows that are open.
perch_flows 7
nodejs_active_resources{type="Timeout"} 12
nodejs_heap_size_used_bytes 52428800
perch_failures_total{room="edge"} 1
perch_failures_total{room="http"} 2
`;

test('what a server has is read from its metrics', () => {
  const { levels, heapMB, rssMB, failures } = stateOf(samplesOf(METRICS), 99);
  expect(levels).toMatchObject({ flows: 7, timers: 12, calls: 0 });
  expect({ heapMB, rssMB, failures }).toEqual({ heapMB: 50, rssMB: 99, failures: 3 });
});

test('what is left of an attack is what there is more of, but for timers and sockets that come and go', () => {
  expect(leftOver({ flows: 7, timers: 12 }, { flows: 8, timers: 15, calls: 0 })).toEqual({ flows: 1 });
  expect(leftOver({ flows: 7, timers: 12 }, { flows: 7, timers: 40 })).toEqual({ timers: 28 });
});

test('docs/reliability.md has the figures of all attacks, in both tables', () => {
  const names = writtenRows('floods').map(([name]) => name);
  const each = ['Attack', ...ATTACKS.map(({ name }) => `\`${name}\``)];
  expect(names).toEqual([...each, ...each]);
});
