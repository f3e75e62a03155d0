import type { ExtensionFate } from '@perch/shared';
import { expect, test } from 'vitest';
import { type AskFates, FateRun } from './fate-run.svelte.ts';
import { RequestError } from '../../api/request.ts';

const fate = (number: number, what: ExtensionFate['fate']): ExtensionFate => ({
  ...{ line: null, number: String(number), name: '', fate: what, changes: [], guest: null, reason: null },
});

/** A server that answers two at a time, of five. */
function open() {
  const asked: Parameters<AskFates>[0][] = [];
  const fates: readonly ExtensionFate['fate'][] = ['changed', 'same', 'guest-present', 'created', 'refused'];
  let failing = false;
  const run = new FateRun(async (what) => {
    asked.push(what);
    if (failing) {
      const problem = {
        type: '',
        title: '',
        status: 400,
        detail: 'No table.',
        code: 'invalid-request',
      } as const;
      throw new RequestError(problem);
    }
    const all = fates.map((one, index) => fate(101 + index, one));
    return { rows: 5, fates: all.slice(what.skip, what.skip + 2) };
  });
  return { run, asked, fail: () => (failing = true) };
}

test('it is reviewed portion by portion, then applied with what was chosen for guests', async () => {
  const { run, asked } = open();
  await run.review();
  expect(run.stage).toBe('reviewed');
  expect(run.fates.map(({ number }) => number)).toEqual(['101', '102', '103', '104', '105']);
  expect([run.total, run.changing, run.awaitsChoice]).toEqual([5, 2, true]);
  expect(asked.map(({ skip, dryRun }) => [skip, dryRun])).toEqual([
    [0, true],
    [2, true],
    [4, true],
  ]);
  asked.splice(0);
  run.presentGuest = 'stay';
  await run.apply();
  expect(run.stage).toBe('done');
  expect(asked.every(({ dryRun, presentGuest }) => !dryRun && presentGuest === 'stay')).toBe(true);
});

test('where the server refuses it as a whole, it says why, and nothing has been reviewed', async () => {
  const { run, fail } = open();
  fail();
  await run.review();
  expect([run.stage, run.task.refusal]).toEqual(['asked', 'No table.']);
});

test('another choice while one is reviewed is reviewed after it, and one that is refused does not look chosen', async () => {
  const { run, asked, fail } = open();
  await run.review();
  asked.splice(0);
  run.presentGuest = 'stay';
  const stay = run.review();
  run.presentGuest = 'return';
  const back = run.review();
  // Nobody has seen yet what would become of them.
  await run.apply();
  await Promise.all([stay, back]);
  expect(asked.map(({ skip, dryRun, presentGuest }) => [skip, dryRun, presentGuest])).toEqual([
    ...[0, 2, 4].map((skip) => [skip, true, 'stay']),
    ...[0, 2, 4].map((skip) => [skip, true, 'return']),
  ]);
  expect([run.stage, run.presentGuest]).toEqual(['reviewed', 'return']);
  fail();
  run.presentGuest = 'stay';
  await run.review();
  expect([run.task.refusal, run.presentGuest]).toEqual(['No table.', 'return']);
});

test('what is chosen while it is applied changes nothing of it', async () => {
  const { run, asked } = open();
  run.presentGuest = 'return';
  await run.review();
  asked.splice(0);
  const applying = run.apply();
  run.presentGuest = 'stay';
  const late = run.review();
  await Promise.all([applying, late]);
  expect(asked.map(({ dryRun, presentGuest }) => [dryRun, presentGuest])).toEqual(
    Array(3).fill([false, 'return']),
  );
  expect([run.stage, run.presentGuest]).toEqual(['done', 'return']);
});
