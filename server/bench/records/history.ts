import type { CallPart, CallRecord, RecordedParty } from '@perch/shared';

const DAY_MS = 86_400_000;
/** Calls in the order in which they ended, spread over the days until `until`. */
export interface Wanted {
  readonly calls: number;
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** An extension of the organization, and its own terminal. */
export interface Somebody {
  readonly extension: string;
  readonly terminal: string;
  readonly number: string;
  readonly name: string;
}

/** What became of a call, and how many of a hundred do. */
const OUTCOMES = [
  ['answered', 70],
  ['no-answer', 12],
  ['cancelled', 10],
  ['busy', 5],
  ['declined', 3],
] as const;

/** A history in which every agent works at stations of others, and calls colleagues: the same for each run. */
export function* history(
  everyone: readonly Somebody[],
  { calls, days, until }: Wanted,
): Generator<CallRecord> {
  const random = draws();
  const anyone = (): Somebody => {
    const one = everyone[random(everyone.length)];
    if (one === undefined) throw new Error('there is nobody');
    return one;
  };
  /** At home, or at one of the few stations that this agent uses. */
  const seated = (who: Somebody): RecordedParty => {
    const choice = random(4);
    const desk =
      choice === 0 ? who : (everyone[(everyone.indexOf(who) * 7 + choice) % everyone.length] ?? who);
    return {
      ...{ extension: who.extension, terminal: desk.terminal, number: who.number, name: who.name },
      desk: desk === who ? null : { number: desk.number, name: desk.name, since: null },
    };
  };
  const first = until - days * DAY_MS;
  for (let index = 0; index < calls; index++) {
    const startedAt = first + Math.floor((index / calls) * days * DAY_MS);
    yield call(String(index), startedAt, [seated(anyone()), seated(anyone())], random);
  }
}

function call(
  id: string,
  startedAt: number,
  [caller, callee]: readonly [RecordedParty, RecordedParty],
  random: (below: number) => number,
): CallRecord {
  const result = outcome(random(100));
  const isAnswered = result === 'answered';
  const ringMs = 1_000 + random(20_000);
  const talkMs = isAnswered ? 5_000 + random(400_000) : 0;
  const holdMs = isAnswered && random(5) === 0 ? random(60_000) : 0;
  const answeredAt = isAnswered ? startedAt + ringMs : null;
  const endedAt = startedAt + ringMs + talkMs + holdMs;
  const times = {
    from: answeredAt ?? 0,
    until: endedAt,
    left: 'ended' as const,
    talkMs,
    holdMs: 0,
    waitMs: 0,
  };
  const partOf = (who: RecordedParty, other: RecordedParty, given: Partial<CallPart>): CallPart => ({
    ...{ extension: who.extension ?? '', number: who.number, name: who.name, terminal: who.terminal },
    station: who.desk ?? { number: who.number, name: who.name },
    ...{
      role: 'caller',
      result: null,
      other: other.extension,
      ringMs: null,
      talkMs,
      holdMs: 0,
      waitMs: holdMs,
    },
    transferred: false,
    ...given,
  });
  return {
    ...{ id, startedAt, dialled: callee.number, external: false, emergency: false, caller, callee },
    attempts: [
      {
        ...callee,
        at: startedAt,
        rangAt: startedAt + 50,
        endedAt: startedAt + ringMs,
        result,
        by: null,
        occupant: null,
      },
    ],
    legs: isAnswered
      ? [
          { ...caller, side: 'caller', joined: 'called', ...times, waitMs: holdMs },
          { ...callee, side: 'callee', joined: 'answered', ...times, holdMs },
        ]
      : [],
    parts: [
      partOf(caller, callee, {}),
      partOf(callee, caller, {
        ...{ role: 'callee', ringMs, holdMs, waitMs: 0 },
        result: isAnswered ? 'handled' : result === 'declined' ? 'declined' : 'missed',
      }),
    ],
    ...{ rangAt: startedAt + 50, answeredAt, endedAt, ringMs, talkMs, holdMs, mailboxMs: 0, result },
    ...{ endedBy: null, reason: null, transferredFrom: null, transferredTo: null, mailbox: null },
  };
}

function outcome(percent: number): (typeof OUTCOMES)[number][0] {
  let below = 0;
  for (const [result, share] of OUTCOMES) {
    below += share;
    if (percent < below) return result;
  }
  return 'answered';
}

/** The same numbers each time, and fast (mulberry32). */
function draws(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
