import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEGINNINGS, Walk } from './support/walk.ts';

/*
 * Calls in any order of events, against a model that knows only what peers know: each peer has its own view of its leg (what it was
 * offered, whether it holds, whether it was told that the call is over), and the two views of a call must agree.
 */

test('whatever peers, disk and time do in whatever order, both ends agree about the call, and nothing is left of it', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...BEGINNINGS),
      fc.array(fc.nat(10_000), { maxLength: 60, size: 'max' }),
      async (beginning, numbers) => {
        const walk = new Walk();
        const log: string[] = [beginning];
        await walk.begin(beginning);
        for (const number of numbers) {
          const { possible } = walk;
          const [name, act] = possible[number % possible.length] ?? ['', () => undefined];
          log.push(name);
          await act();
          await walk.settle();
          const faults = walk.faults();
          if (faults.length > 0) throw new Error(`${faults.join('; ')} after ${log.join(', ')}`);
        }
        const left = await walk.end();
        if (left.length > 0) throw new Error(`${left.join('; ')} after ${log.join(', ')}`);
        for (const each of walk.reached) reached.add(each);
      },
    ),
    { numRuns: 1_000 },
  );
  // Walks that never get anywhere would prove nothing.
  expect([...reached].sort()).toEqual([
    'conference',
    'joined',
    'mailbox',
    'parked',
    'quiet',
    'quiet, held',
    're-seated',
    'restarted',
  ]);
}, 60_000);
