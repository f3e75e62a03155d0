import type { CallLeg, CallPart, CallRecord } from '@perch/shared';

type Times = Pick<CallLeg, 'talkMs' | 'holdMs' | 'waitMs'>;
const TIMES = ['talkMs', 'holdMs', 'waitMs'] as const satisfies readonly (keyof Times)[];

const sum = (all: readonly Times[], time: keyof Times): number =>
  all.reduce((total, each) => total + each[time], 0);

/** For tests: what in a record contradicts itself; empty where its times add up, and each extension has its own. */
export function faultsInRecord(record: CallRecord): readonly string[] {
  const { startedAt, endedAt, answeredAt, ringMs, talkMs, holdMs, mailboxMs, legs, attempts, parts } = record;
  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  must(ringMs + talkMs + holdMs + mailboxMs === endedAt - startedAt, 'its times are not the call');
  must(
    [ringMs, talkMs, holdMs, mailboxMs].every((ms) => ms >= 0),
    'a negative time',
  );
  must((answeredAt === null) === (legs.length === 0), 'answered without talking, or the other way round');
  for (const leg of legs)
    must(leg.talkMs + leg.holdMs + leg.waitMs === leg.until - leg.from, `the times of ${leg.number}'s leg`);
  for (const side of ['caller', 'callee'] as const) {
    const own = legs.filter((leg) => leg.side === side);
    must(sum(own, 'talkMs') === talkMs, `the ${side}'s side has talked otherwise than the call`);
    must(
      own.slice(1).every((leg, index) => leg.from >= (own[index]?.until ?? NaN)),
      `two at once on the ${side}'s side`,
    );
  }
  must(
    attempts.slice(1).every(({ at }, index) => at >= (attempts[index]?.endedAt ?? NaN)),
    'two attempts at once',
  );
  const extensions = [...legs, ...attempts].flatMap(({ extension }) => extension ?? []);
  must(
    new Set(parts.map(({ extension }) => extension)).size === parts.length &&
      extensions.every((each) => parts.some(({ extension }) => extension === each)),
    'not one part for each extension',
  );
  for (const part of parts)
    must(isSumOf(part, legs), `the part of ${part.number} is not the sum of its legs`);
  for (const part of parts)
    must(
      part.role === 'callee' ? (part.result === 'handled') === legs.some(isOf(part)) : part.result === null,
      `${part.number} counts as ${String(part.result)}`,
    );
  return faults;
}

const isOf =
  ({ extension }: CallPart) =>
  (leg: CallLeg): boolean =>
    leg.extension === extension;

const isSumOf = (part: CallPart, legs: readonly CallLeg[]): boolean =>
  TIMES.every((time) => part[time] === sum(legs.filter(isOf(part)), time));
