import { expect, test } from 'vitest';
import type { DigitsPath } from '../../phone/calls/digits-path.ts';
import { DigitQueue } from './digit-queue.ts';

/** A queue whose paths and keys are controlled by the test. */
function queue() {
  const sent: string[] = [];
  const ways = { open: 'info' as DigitsPath | null };
  let settle: ((arrived: boolean) => void) | undefined;
  const keys = new DigitQueue({
    path: () => ways.open,
    send: (digit, path) => {
      sent.push(`${digit} ${path}`);
      return new Promise((resolve) => (settle = resolve));
    },
  });
  const settled = async (arrived: boolean): Promise<void> => {
    settle?.(arrived);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { keys, sent, ways, settled };
}

test('a key waits until the one before has arrived, also where it takes another way', async () => {
  const { keys, sent, ways, settled } = queue();
  keys.add('1');
  keys.add('2');
  ways.open = 'rfc4733';
  keys.add('3');
  expect(sent).toEqual(['1 info']);
  await settled(true);
  await settled(true);
  expect(sent).toEqual(['1 info', '2 rfc4733', '3 rfc4733']);
});

test('keys that are pressed while no way is open go out in their order once one is', async () => {
  const { keys, sent, ways, settled } = queue();
  ways.open = null;
  keys.add('1');
  keys.add('2');
  expect(sent).toEqual([]);
  ways.open = 'info';
  keys.resume();
  keys.resume();
  await settled(true);
  expect(sent).toEqual(['1 info', '2 info']);
});

test('a key that was lost with the line goes out again, before those after it', async () => {
  const { keys, sent, settled } = queue();
  keys.add('1');
  keys.add('2');
  await settled(false);
  expect(sent).toEqual(['1 info']);
  keys.resume();
  await settled(true);
  expect(sent).toEqual(['1 info', '1 info', '2 info']);
});

test('nothing goes out once the call is over', async () => {
  const { keys, sent, settled } = queue();
  keys.add('1');
  keys.add('2');
  keys.close();
  await settled(true);
  expect(sent).toEqual(['1 info']);
});
