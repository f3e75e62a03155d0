import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ONE_CORE = JSON.stringify(new URL('./one-core.ts', import.meta.url).href);

/** What a script prints that runs on one core. */
async function printedOnOneCore(script: string): Promise<string> {
  const node = [process.execPath, '--input-type=module', '--eval', script];
  return (await promisify(execFile)('taskset', ['--cpu-list', '0', ...node])).stdout;
}

/** Makes garbage while the old generation grows and is marked, turn by turn; prints the largest size of the young generation, in MiB. */
const LITTER = `
  await import(${ONE_CORE});
  const { getHeapSpaceStatistics } = await import('node:v8');
  const kept = [];
  let largest = 0;
  for (let turn = 0; turn < 400; turn++) {
    for (let count = 0; count < 5_000; count++) {
      const thing = { count, text: [turn, count, turn + count], more: {} };
      if (count % 8 === 0) kept.push(thing);
    }
    await new Promise(setImmediate);
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    largest = Math.max(largest, young.space_size);
  }
  console.log(largest / 2 ** 20);
`;

test.runIf(process.platform === 'linux')(
  'on one core, no more than one young generation is ever left for one pause that copies what is alive',
  async () => {
    const largest = Number(await printedOnOneCore(LITTER));
    expect(largest).toBeGreaterThan(0);
    // Left alone while the rest is marked, or of the usual size, it grows to 128.
    expect(largest).toBeLessThanOrEqual(48);
  },
);

/** Prints how many threads there are that optimize code. */
const OPTIMIZERS = `
  await import(${ONE_CORE});
  const { readdirSync, readFileSync } = await import('node:fs');
  const names = readdirSync('/proc/self/task').map((task) => readFileSync('/proc/self/task/' + task + '/comm', 'utf8').trim());
  console.log(names.filter((name) => name === 'V8Worker').length);
`;

test.runIf(process.platform === 'linux')(
  'on one core, one thread optimizes code beside the one that has calls',
  async () => {
    expect(Number(await printedOnOneCore(OPTIMIZERS))).toBe(1);
  },
);
