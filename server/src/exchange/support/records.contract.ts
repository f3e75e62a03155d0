import { callRecordId, extensionId, terminalId } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallRecord } from '../ports.ts';
import type { RecordCursor, RecordFilter, RecordPage, Records } from '../records.ts';
import type { VirtualizationRecord } from '../virtualization/record.ts';

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
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const calls: fc.Arbitrary<readonly CallRecord[]> = fc
  .array(
    fc.record({
      startedAt: instant,
      answeredAt: orNull(instant),
      endedAt: instant,
      callerExtension: extension,
      callerTerminal: terminal,
      dialled: fc.string(),
      calleeExtension: orNull(extension),
      calleeTerminal: orNull(terminal),
      outcome: fc.constantFrom('answered', 'busy'),
    }),
    { minLength: 30, maxLength: 40 },
  )
  .map((list) => list.map((call, index) => ({ ...call, id: callRecordId(`call-${String(index)}`) })));

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

const filter: fc.Arbitrary<RecordFilter> = fc.record(
  { extension, terminal, from: instant, until: instant },
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

const about = (asked: RecordFilter, ids: readonly (string | null)[]): boolean =>
  [asked.extension, asked.terminal].every((id) => id === undefined) ||
  ids.some((id) => id !== null && (id === asked.extension || id === asked.terminal));
const during = ({ from, until }: RecordFilter, at: number): boolean =>
  (from === undefined || at >= from) && (until === undefined || at < until);

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
      await fc.assert(
        fc.asyncProperty(filter, fc.integer({ min: 1, max: 45 }), async (asked, size) => {
          const wantedCalls = written.calls.filter(
            (one) =>
              during(asked, one.startedAt) &&
              about(asked, [
                one.callerExtension,
                one.calleeExtension,
                one.callerTerminal,
                one.calleeTerminal,
              ]),
          );
          const wantedMoves = written.virtualizations.filter(
            (one) => during(asked, one.at) && about(asked, [one.extension, one.terminal]),
          );
          expect(await turned((after) => records.calls(asked, size, after), size)).toEqual(
            wantedCalls.toReversed(),
          );
          expect(await turned((after) => records.virtualizations(asked, size, after), size)).toEqual(
            wantedMoves.toReversed(),
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
      expect([...first.records, ...second.records]).toEqual(early.toReversed());
      expect(second.next).toBeNull();
    },
    PATIENCE,
  );
}
