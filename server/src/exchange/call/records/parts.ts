import type { AttemptResult, CallAttempt, CallLeg, CallPart, CallRecord, RecordedParty } from '@perch/shared';

/** What the parts of a record are made from. */
export interface Recorded extends Pick<CallRecord, 'caller' | 'callee' | 'transferredFrom'> {
  readonly attempts: readonly CallAttempt[];
  readonly legs: readonly CallLeg[];
}

/**
 * Attempts that count as offered and missed: the call was for that extension, and a person there would have answered it. A call that
 * could not be made at all (`suspended`, `self`, limits) was never offered, and one that moved on to another terminal of the same
 * extension is decided there.
 */
const MISSED: ReadonlySet<AttemptResult> = new Set<AttemptResult>([
  'no-answer',
  'do-not-disturb',
  'forward-loop',
  'cancelled',
  'busy',
  'offline',
  'base-offline',
  'homeless',
  'desk-in-use',
  'asleep',
  'not-acceptable',
]);

/** What of a call counts for each extension that had to do with it, one part each (docs/statistics.md). */
export function partsOf(record: Recorded): CallPart[] {
  const parts: CallPart[] = [];
  addPart(parts, record.caller, record);
  for (const attempt of record.attempts) addPart(parts, attempt, record);
  for (const leg of record.legs) addPart(parts, leg, record);
  addPart(parts, record.callee, record);
  return parts;
}

/** Named as it was when it first came into the call. */
function addPart(parts: CallPart[], party: RecordedParty | null, record: Recorded): void {
  const extension = party?.extension ?? null;
  if (party === null || extension === null) return;
  for (const part of parts) if (part.extension === extension) return;
  parts.push(partOf(extension, party, record));
}

function partOf(extension: string, party: RecordedParty, record: Recorded): CallPart {
  const attempts = ofExtension(record.attempts, extension);
  const legs = ofExtension(record.legs, extension);
  const role = roleOf(extension, record, attempts, legs);
  const seat = legs[0] ?? attempts.at(-1) ?? party;
  const { number, name } = party;
  let talkMs = 0;
  let holdMs = 0;
  let waitMs = 0;
  for (const leg of legs) {
    talkMs += leg.talkMs;
    holdMs += leg.holdMs;
    waitMs += leg.waitMs;
  }
  return {
    extension,
    number,
    name,
    role,
    terminal: seat.terminal,
    station: stationOf(seat),
    result: role === 'callee' ? resultOf(attempts, legs) : null,
    other: otherOf(extension, role, record, legs),
    ringMs: ringMsOf(attempts),
    talkMs,
    holdMs,
    waitMs,
    transferred: legs.some(({ left }) => left === 'transferred'),
  };
}

const NONE: readonly never[] = [];

/** Nearly always one or none: `filter` would make a list with room for many (hot path: four times a call). */
function ofExtension<Of extends RecordedParty>(all: readonly Of[], extension: string): readonly Of[] {
  let own: readonly Of[] = NONE;
  for (const each of all) if (each.extension === extension) own = own.length === 0 ? [each] : [...own, each];
  return own;
}

/** The party that went on from another call is counted there; who picks a call up has been called by it. */
function roleOf(
  extension: string,
  { caller, callee, transferredFrom }: Recorded,
  attempts: readonly CallAttempt[],
  legs: readonly CallLeg[],
): CallPart['role'] {
  // A call to the server itself is a call to nobody.
  if (caller.extension === extension && callee !== null && callee.extension === null) return 'joined';
  const isContinued = attempts.length === 0 && legs.every(({ joined }) => joined === 'joined');
  if (caller.extension === extension)
    return isContinued && transferredFrom !== null && legs.length > 0 ? 'joined' : 'caller';
  if (attempts.length > 0 || legs.some(({ joined }) => joined === 'answered' || joined === 'picked-up'))
    return 'callee';
  return legs.length === 0 && callee?.extension === extension ? 'callee' : 'joined';
}

/** A call that went on to another extension before any phone rang was not offered: nobody there could have taken it. */
const isMissed = ({ result, forwarded, rangAt }: CallAttempt): boolean =>
  MISSED.has(result) && (forwarded === undefined || rangAt !== null);

function resultOf(attempts: readonly CallAttempt[], legs: readonly CallLeg[]): CallPart['result'] {
  if (legs.length > 0) return 'handled';
  if (attempts.some(({ result }) => result === 'declined' || result === 'refused')) return 'declined';
  return attempts.some(isMissed) ? 'missed' : null;
}

/** The one at the other end: for a caller who was called, else who talked with it first, or would have. Who withheld their number is nobody. */
function otherOf(
  extension: string,
  role: CallPart['role'],
  { caller, callee, legs: all }: Recorded,
  legs: readonly CallLeg[],
): string | null {
  if (role === 'caller') return callee?.extension ?? null;
  const [own] = legs;
  const across =
    own && all.find((leg) => leg.side !== own.side && leg.until > own.from && leg.from < own.until);
  const other = across ?? (caller.extension === extension ? callee : caller);
  if (other?.withheld === true) return null;
  return other?.extension === extension ? null : (other?.extension ?? null);
}

/** The desk at which it was; at home, its own. */
export function stationOf({ terminal, desk, number, name }: RecordedParty): CallPart['station'] {
  if (terminal === null) return null;
  return desk === null ? { number, name } : { number: desk.number, name: desk.name };
}

/** How long it rang in all; `null` where it never did. */
function ringMsOf(attempts: readonly CallAttempt[]): number | null {
  let ms: number | null = null;
  for (const { at, rangAt, endedAt } of attempts) if (rangAt !== null) ms = (ms ?? 0) + endedAt - at;
  return ms;
}
