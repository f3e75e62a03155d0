import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { microsecondsOf, ProcessorTime, ThreadSum, totalOf } from './processor-time.ts';

test('of schedstat the first number counts, in nanoseconds', () => {
  expect(microsecondsOf('3162345678 991234 4711\n')).toBe(3_162_345.678);
});

test('of stat the 14th and 15th field count, whatever the command’s name', () => {
  const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));
  expect(totalOf(`42 (a) b (c) ${fields.join(' ')}\n`)).toBe((14 + 15) * 10_000);
});

describe('the sum over the threads of a process', () => {
  test('is as precise as the scheduler’s count', () => {
    const sum = new ThreadSum();
    expect(
      sum.add({
        threads: new Map([
          ['1', 25.5],
          ['2', 10.25],
        ]),
        total: 0,
      }),
    ).toBe(35.75);
  });

  test('keeps the time of a thread that has ended', () => {
    const sum = new ThreadSum();
    sum.add({
      threads: new Map([
        ['1', 25_000],
        ['2', 10_000],
      ]),
      total: 30_000,
    });
    expect(sum.add({ threads: new Map([['1', 26_000]]), total: 30_000 })).toBe(36_000);
  });

  test('includes a thread that was never seen, without losing precision', () => {
    const sum = new ThreadSum();
    sum.add({ threads: new Map([['1', 25_000]]), total: 20_000 });
    expect(sum.add({ threads: new Map([['1', 26_000]]), total: 90_000 })).toBe(90_000);
    expect(sum.add({ threads: new Map([['1', 26_001]]), total: 90_000 })).toBe(90_001);
  });
});

test('a process is read with what it has forked', async () => {
  const shell = spawn('sh', ['-c', 'sh -c "while :; do :; done" & wait'], { detached: true });
  await once(shell, 'spawn');
  const { pid = Number.NaN } = shell;
  const time = new ProcessorTime(pid);
  try {
    // The outer shell only waits: a quarter of a second can be its child's only.
    while (time.read() < 250_000) await pause(20);
  } finally {
    process.kill(-pid, 'SIGKILL');
  }
});
