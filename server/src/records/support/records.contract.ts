import { type CallPart, type CallRecord, extensionId, terminalId } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import type { CallFilter, RecordCursor, RecordPage, Records, VirtualizationFilter } from '../ports.ts';
import { aCall, madePart } from './test-records.ts';

interface Subject {
  readonly records: Records;
  /** Writes them in this order, each kind by itself. */
  write(calls: readonly CallRecord[], virtualizations: readonly VirtualizationRecord[]): Promise<void>;
}

const EXTENSIONS = ['ada', 'ben', 'desk'].map(extensionId);
const TERMINALS = ['phone-ada', 'phone-ben', 'phone-desk'].map(terminalId);
/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

const extension = fc.constantFrom(...EXTENSIONS);
const terminal = fc.constantFrom(...TERMINALS);
const instant = fc.nat(20);
const result = fc.constantFrom('answered' as const, 'busy' as const, 'declined' as const);
/** So many that they are not looked for one by one. */
const OTHERS = Array.from({ length: 60 }, (_, index) => extensionId(`other-${String(index)}`));
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const part: fc.Arbitrary<CallPart> = fc
  .record({
    extension,
    terminal: orNull(terminal),
    role: fc.constantFrom('caller' as const, 'callee' as const, 'joined' as const),
    result: orNull(fc.constantFrom('handled' as const, 'missed' as const, 'declined' as const)),
    other: orNull(extension),
    talkMs: fc.constantFrom(0, 0, 1_000),
  })
  // Only who was called can have taken the call, or missed it.
  .map((given) => madePart('100', { ...given, result: given.role === 'callee' ? given.result : null }));

const calls: fc.Arbitrary<readonly CallRecord[]> = fc
  .array(
    fc.record({
      startedAt: instant,
      dialled: fc.string(),
      result,
      parts: fc.uniqueArray(part, { minLength: 1, maxLength: 3, selector: (one) => one.extension }),
    }),
    { minLength: 30, maxLength: 40 },
  )
  .map((list) => list.map((call, index) => aCall(`call-${String(index)}`, call)));

const virtualizations: fc.Arbitrary<readonly VirtualizationRecord[]> = fc.array(
  fc.record({
    at: instant,
    action: fc.constantFrom('move', 'return'),
    way: fc.constantFrom('dialled', 'web'),
    who: orNull(fc.constant('boss@demo.test')),
    terminal: orNull(terminal),
    asked: orNull(fc.constant('101')),
    extension: orNull(extension),
    previousGuest: orNull(extension),
    result: fc.constantFrom('accepted', 'wrong-code'),
    endings: fc.constant([]),
  }),
  { minLength: 30, maxLength: 40 },
);

const virtualizationFilter: fc.Arbitrary<VirtualizationFilter> = fc.record(
  { extension, terminal, from: instant, until: instant },
  { requiredKeys: [] },
);

const callFilter: fc.Arbitrary<CallFilter> = fc.record(
  {
    extensions: fc
      .tuple(fc.uniqueArray(extension), fc.constantFrom([], OTHERS))
      .map(([some, others]) => [...some, ...others]),
    terminal,
    from: instant,
    until: instant,
    inHistory: fc.constant(true as const),
    direction: fc.constantFrom('made' as const, 'received' as const),
    result,
    missed: fc.constantFrom('all' as const, 'unreturned' as const),
  },
  { requiredKeys: [] },
);

/** All pages, each of at most `size`. */
async function turned<Row>(
  page: (after?: RecordCursor) => Promise<RecordPage<Row>>,
  size: number,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  let after: RecordCursor | undefined;
  for (;;) {
    const { records, next } = await page(after);
    expect(records.length).toBeLessThanOrEqual(size);
    // Only the last page may be short, and it is never empty unless there is nothing at all.
    if (next !== null) expect(records).toHaveLength(size);
    else if (after !== undefined) expect(records).not.toHaveLength(0);
    all.push(...records);
    if (next === null) return all;
    after = next;
  }
}

const during = ({ from, until }: VirtualizationFilter, at: number): boolean =>
  (from === undefined || at >= from) && (until === undefined || at < until);

const isAbout = (asked: VirtualizationFilter, one: VirtualizationRecord): boolean =>
  (asked.extension === undefined && asked.terminal === undefined) ||
  (asked.extension !== undefined && one.extension === asked.extension) ||
  (asked.terminal !== undefined && one.terminal === asked.terminal);

/** Have the two of a missed call talked in one that began later? */
const returnedIn =
  (all: readonly CallRecord[], { startedAt }: CallRecord) =>
  (missed: CallPart): boolean =>
    all
      .filter((later) => later.startedAt > startedAt)
      .flatMap(({ parts }) => parts)
      .filter(({ talkMs, other }) => talkMs > 0 && other !== null)
      .some(({ extension: one, other: two }) =>
        [
          [one, two],
          [two, one],
        ].some(([a, b]) => a === missed.extension && b === missed.other),
      );

/** Each question by itself, asked of one extension's part at a time. */
function isWanted(asked: CallFilter, call: CallRecord, isReturned: (part: CallPart) => boolean): boolean {
  if (!during(asked, call.startedAt) || (asked.result ?? call.result) !== call.result) return false;
  const questions: ((part: CallPart) => boolean)[] = [];
  const { extensions, terminal: phone, direction, inHistory, missed } = asked;
  if (extensions) questions.push((one) => extensions.includes(extensionId(one.extension)));
  if (phone) questions.push((one) => one.terminal === phone);
  if (direction === 'made') questions.push((one) => one.role === 'caller');
  if (direction === 'received') questions.push((one) => one.role !== 'caller');
  if (inHistory) {
    questions.push((one) => one.role !== 'callee' || one.result !== null);
    questions.push((one) => one.role !== 'joined' || one.other !== null);
  }
  if (missed) questions.push((one) => one.result === 'missed');
  if (missed === 'unreturned') questions.push((one) => !isReturned(one));
  return call.parts.some((one) => questions.every((question) => question(one)));
}

/** In the order of their beginning, those of one instant in that of their end. */
const latestFirst = (all: readonly CallRecord[]): readonly CallRecord[] =>
  all
    .map((call, index) => ({ call, index }))
    .sort((one, other) => other.call.startedAt - one.call.startedAt || other.index - one.index)
    .map(({ call }) => call);

/** What every `Records` must do. `make` gives empty ones, and a way to write some. */
export function recordsContract(name: string, make: () => Promise<Subject>): void {
  test(
    `${name}: pages of any size, put together, are the whole list, the latest first`,
    async () => {
      const { records, write } = await make();
      const [call] = fc.sample(calls, { numRuns: 1, seed: 9 });
      const [move] = fc.sample(virtualizations, { numRuns: 1, seed: 9 });
      const written = { calls: call ?? [], virtualizations: move ?? [] };
      await write(written.calls, written.virtualizations);
      let found = 0;
      await fc.assert(
        fc.asyncProperty(callFilter, fc.integer({ min: 1, max: 45 }), async (asked, size) => {
          const wanted = latestFirst(written.calls).filter((one) =>
            isWanted(asked, one, returnedIn(written.calls, one)),
          );
          expect(await turned((after) => records.calls(asked, size, after), size)).toEqual(wanted);
          if (wanted.length > 0) found += 1;
        }),
        { numRuns: 200 },
      );
      expect(found).toBeGreaterThan(10);
      await fc.assert(
        fc.asyncProperty(virtualizationFilter, fc.integer({ min: 1, max: 45 }), async (asked, size) => {
          const wanted = written.virtualizations.filter(
            (one) => during(asked, one.at) && isAbout(asked, one),
          );
          expect(await turned((after) => records.virtualizations(asked, size, after), size)).toEqual(
            wanted.toReversed(),
          );
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE,
  );

  test(
    `${name}: what is written while someone turns the pages changes no page that follows`,
    async () => {
      const { records, write } = await make();
      const [written = []] = fc.sample(calls, { numRuns: 1, seed: 9 });
      const [early, late] = [written.slice(0, 10), written.slice(10)];
      await write(early, []);
      const first = await records.calls({}, 4);
      await write(late, []);
      const second = await records.calls({}, 20, first.next ?? undefined);
      expect([...first.records, ...second.records]).toEqual(latestFirst(early));
      expect(second.next).toBeNull();
    },
    PATIENCE,
  );
}
