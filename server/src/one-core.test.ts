import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Makes garbage while the old generation grows and is marked, turn by turn; prints the largest size of the young generation, in MiB. */
const LITTER = `
  await import(${JSON.stringify(new URL('./one-core.ts', import.meta.url).href)});
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
    const node = [process.execPath, '--input-type=module', '--eval', LITTER];
    const { stdout } = await promisify(execFile)('taskset', ['--cpu-list', '0', ...node]);
    expect(Number(stdout)).toBeGreaterThan(0);
    // Left alone while the rest is marked, or of the usual size, it grows to 128.
    expect(Number(stdout)).toBeLessThanOrEqual(48);
  },
);
