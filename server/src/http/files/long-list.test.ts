import Fastify from 'fastify';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { inPortions, LongList, sendLongList } from './long-list.ts';

const line = z.object({ number: z.string() });
type Line = z.infer<typeof line>;

async function sent(list: LongList<Line>): Promise<string> {
  const app = Fastify();
  app.get('/', (_, reply) => sendLongList(reply, list, line));
  const { body, headers } = await app.inject('/');
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  return body;
}

/** Lines with a secret in each, which the contract does not have. */
const linesOf = async (numbers: readonly string[]): Promise<Line[]> =>
  numbers.map((number) => ({ number, secret: 'code' }));

const portions = (numbers: readonly string[], size: number): AsyncGenerator<readonly Line[]> =>
  inPortions(numbers, size, linesOf);

test.for([
  ['nothing', [], 2],
  ['less than a portion', ['101'], 2],
  ['whole portions', ['101', '102', '103', '104'], 2],
  ['a rest', ['101', '102', '103'], 2],
] as const)('%s is sent as one list, without what the contract does not name', async ([, numbers, size]) => {
  const lines = numbers.map((number) => ({ number }));
  expect(JSON.parse(await sent(new LongList(portions(numbers, size))))).toEqual(lines);
  const within = { name: 'lines', head: { at: 5 } };
  const whole = await sent(new LongList(portions(numbers, size), within));
  expect(JSON.parse(whole)).toEqual({ at: 5, lines });
});

test('portions without a line leave no gap', async () => {
  const list = new LongList(
    inPortions(['101', '102', '103'], 1, ([number]) => linesOf(number === '102' ? [] : [number ?? ''])),
  );
  expect(JSON.parse(await sent(list))).toEqual([{ number: '101' }, { number: '103' }]);
});

test('others have their turn after each portion', async () => {
  const seen: string[] = [];
  const list = new LongList(
    inPortions(['101', '102'], 1, async ([number = '']) => {
      seen.push(number);
      setImmediate(() => seen.push('another'));
      return [{ number }];
    }),
  );
  await sent(list);
  expect(seen).toEqual(['101', 'another', '102', 'another']);
});

test('an answer that fails on its way is not taken for a whole one', async () => {
  const list = new LongList<Line>(
    inPortions(['101', '102'], 1, async ([number = '']) => {
      if (number === '102') throw new Error('the organization is gone');
      return [{ number }];
    }),
  );
  await expect(sent(list)).rejects.toThrow();
});
