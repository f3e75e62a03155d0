import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createJournal } from './journal.ts';
import { measureLevels } from './levels.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
const METRIC = /\b(?:perch|nodejs|process)_[a-z0-9_]+\b/g;
const namesIn = (text: string): readonly string[] => [...new Set(text.match(METRIC))].toSorted();

/** The names of all that /metrics tells. */
async function told(): Promise<readonly string[]> {
  const { metrics } = createJournal('silent');
  measureLevels(metrics, {
    readiness: { trouble: async () => undefined },
    recordings: { hasRoom: async () => true },
    flows: () => 0,
    strangers: () => 0,
    count: async () => 0,
    outbox: async () => 0,
  });
  const { text } = await metrics.text();
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name).toSorted();
}

test.for(['monitoring/alerts.yaml', 'monitoring/grafana.json'])(
  'every metric that %s asks for is one of ours',
  async (file) => {
    const names = namesIn(read(file));
    const ours = await told();
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !ours.includes(name))).toEqual([]);
  },
);

test('docs/operations.md describes every metric of ours, and none that there is not', async () => {
  const ours = (await told()).filter((name) => name.startsWith('perch_'));
  const documented = namesIn(read('operations.md')).filter((name) => name.startsWith('perch_'));
  expect(documented).toEqual(ours);
});

test('the dashboard shows every metric of ours', async () => {
  const shown = namesIn(read('monitoring/grafana.json'));
  expect((await told()).filter((name) => name.startsWith('perch_') && !shown.includes(name))).toEqual([]);
});

test('docs/operations.md explains every alert', () => {
  const alerts = [...read('monitoring/alerts.yaml').matchAll(/alert: (\w+)/g)].map(([, name = '']) => name);
  const text = read('operations.md');
  expect(alerts.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
