import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { core } from 'zod';
import { array, encode } from 'zod/mini';

/** A list of which nobody knows how long it is, as JSON: made while it is sent, so that calls wait for one portion of it at most. */
export class LongList<Line> {
  readonly portions: AsyncIterable<readonly Line[]>;
  /** The property that the list is of the answer, and those before it; without it, the list is the answer. */
  readonly within: { readonly name: string; readonly head: object } | undefined;

  constructor(portions: AsyncIterable<readonly Line[]>, within?: LongList<Line>['within']) {
    this.portions = portions;
    this.within = within;
  }
}

/** @param line what each line is: no other property of it is sent. */
export const sendLongList = <Line>(
  reply: FastifyReply,
  list: LongList<Line>,
  line: core.$ZodType,
): FastifyReply =>
  // An answer that has begun cannot be taken back: it ends where it fails.
  reply
    .type('application/json; charset=utf-8')
    .send(Readable.from(textOf(list, line), { objectMode: false }));

async function* textOf<Line>(
  { portions, within }: LongList<Line>,
  line: core.$ZodType,
): AsyncGenerator<string> {
  const lines = linesOf(line);
  const all = within && JSON.stringify({ ...within.head, [within.name]: [] });
  yield all === undefined ? '[' : all.slice(0, -']}'.length);
  let separator = '';
  for await (const portion of portions) {
    if (portion.length === 0) continue;
    yield separator + JSON.stringify(encode(lines, [...portion])).slice(1, -1);
    separator = ',';
    // A socket that takes everything at once gives nothing else its turn.
    await new Promise(setImmediate);
  }
  yield all === undefined ? ']' : ']}';
}

const lists = new WeakMap<core.$ZodType, ReturnType<typeof listOf>>();

/** The schema of some lines, made once for each: its code gets fast as it runs. */
function linesOf(line: core.$ZodType): ReturnType<typeof listOf> {
  const lines = lists.get(line) ?? listOf(line);
  lists.set(line, lines);
  return lines;
}

/** With code made for the properties of a line, which browsers do not allow in pages: it takes half the time. */
const listOf = (line: core.$ZodType) =>
  array(line instanceof core.$ZodObject ? new core.$ZodObjectJIT(line._zod.def) : line);

/** What is made of values, so many at a time. */
export async function* inPortions<Value, Line>(
  values: readonly Value[],
  size: number,
  make: (portion: readonly Value[]) => Promise<readonly Line[]>,
): AsyncGenerator<readonly Line[]> {
  for (let from = 0; from < values.length; from += size) yield await make(values.slice(from, from + size));
}
