import { callResult } from '@perch/shared';
import { type RawBuilder, sql as raw } from 'kysely';
import type { CallFilter } from '../../../records/ports.ts';
import type { Database } from '../database.ts';
import { type ArchiveKeys, ELSEWHERE, firstAt } from './archive-keys.ts';
import type { ArchiveSchema } from './schema.ts';
import { UNRETURNED } from './unreturned.ts';

/** Where a page begins: below that record, and not with records that were written later than `through`. */
export interface Position {
  readonly through: number;
  readonly startedAt: number;
  readonly sequence: number;
}

/** Which records are wanted: the first `limit` of those from there on, the latest first. */
export interface Wanted {
  readonly organization: string;
  readonly filter: CallFilter;
  readonly from: Position;
  readonly limit: number;
}

/** A call in the order of time. */
export interface Place {
  readonly sequence: number;
  readonly started_at: number;
}

type Archive = Database<ArchiveSchema>;

/** Beyond so many extensions, calls are read in the order of time until enough are theirs. */
const MANY = 50;
/** So many parts of calls, then so many: where they are not enough, few calls are theirs, and each extension's are looked up. */
const WALKS = [1_000, 20_000] as const;

/** The first places of the records that are wanted. `walks`: how far they are looked for in the order of time. */
export function placesIn(
  db: Archive,
  keys: ArchiveKeys,
  wanted: Wanted,
  walks: readonly number[] = WALKS,
): readonly Place[] {
  const { extensions, direction, missed } = wanted.filter;
  // Nobody misses a call that they make.
  if (direction === 'made' && missed !== undefined) return [];
  if (extensions === undefined)
    return merged(
      questionsOf(keys, wanted).map((each) => db.all(placesOf(db, keys, each.wanted, each.extension))),
      wanted.limit,
    );
  const numbers = extensions.map((id) => keys.of(id));
  return (
    (extensions.length > MANY
      ? walked(db, keys, wanted, { isTheirs: new Set(numbers), walks })
      : undefined) ??
    // Each extension's calls are in order in the index; those of several are brought into one order here.
    merged(ofEach(db, keys, wanted, numbers), wanted.limit)
  );
}

function ofEach(
  db: Archive,
  keys: ArchiveKeys,
  wanted: Wanted,
  extensions: readonly number[],
): readonly (readonly Place[])[] {
  const calls = db.prepare<{ extension: number }>()((p) => placesOf(db, keys, wanted, p('extension')));
  return extensions.map((extension) => calls.all({ extension }));
}

/** What lies together in one index, in order: the calls of one extension, by its number, or of all. */
interface Question {
  readonly wanted: Wanted;
  readonly extension?: number;
}

/**
 * The questions whose answers together are what is wanted of all extensions. Missed calls lie in their index by result; of a terminal's calls,
 * those that are not in its index are found by one extension.
 */
function questionsOf(keys: ArchiveKeys, wanted: Wanted): readonly Question[] {
  const { filter } = wanted;
  if (filter.terminal !== undefined)
    return [{ wanted }, { wanted, extension: firstAt(keys.of(filter.terminal)) }];
  if (filter.missed === undefined || filter.result !== undefined) return [{ wanted }];
  return callResult.options.map((result) => ({ wanted: { ...wanted, filter: { ...filter, result } } }));
}

/** The first of their calls, found by reading everyone's; `undefined` where too few of those are theirs. */
function walked(
  db: Archive,
  keys: ArchiveKeys,
  wanted: Wanted,
  {
    isTheirs,
    walks: distances,
  }: { readonly isTheirs: ReadonlySet<number>; readonly walks: readonly number[] },
): readonly Place[] | undefined {
  for (const most of distances) {
    const walks = questionsOf(keys, { ...wanted, limit: most }).map((each) =>
      db.all(partsOf(db, keys, each.wanted, each.extension)),
    );
    // What a walk that was broken off would come to next may be later than what others have come to; of its last call, parts may be missing.
    const ends = walks.filter(({ length }) => length === most).flatMap((walk) => walk.slice(-1));
    const [end] = ends.sort(latestFirst);
    const theirs = walks.map((walk) =>
      walk.filter(
        (part) => isTheirs.has(part.extension) && (end === undefined || latestFirst(part, end) < 0),
      ),
    );
    const places = merged(theirs, wanted.limit);
    if (end === undefined || places.length === wanted.limit) return places;
  }
  return undefined;
}

/** The calls of one extension, by its number, or of all, that the filter asks for; at a terminal, of all but the one that is there `firstAt`. */
export function placesOf(db: Archive, keys: ArchiveKeys, wanted: Wanted, extension?: number) {
  const { terminal, direction, inHistory, missed } = wanted.filter;
  const isAboutParts =
    extension !== undefined || [terminal, direction, inHistory, missed].some((asked) => asked !== undefined);
  if (!isAboutParts) return records(db, keys, wanted).limit(wanted.limit);
  // A call has one part for each extension: several may be asked for.
  return isFoundByRecord(wanted.filter, extension)
    ? partsByRecord(db, keys, wanted)
        .groupBy(['call_records.started_at', 'call_records.sequence'])
        .limit(wanted.limit)
    : parts(db, keys, wanted, extension)
        .groupBy(['call_parts.started_at', 'call_parts.sequence'])
        .limit(wanted.limit);
}

/** The parts of those, one for each extension. */
export const partsOf = (db: Archive, keys: ArchiveKeys, wanted: Wanted, extension?: number) =>
  isFoundByRecord(wanted.filter, extension)
    ? partsByRecord(db, keys, wanted).select('call_parts.extension').limit(wanted.limit)
    : parts(db, keys, wanted, extension).select('call_parts.extension').limit(wanted.limit);

/** Records by their result are in an index of their own, but for the answered ones: those are most, and found among all. */
const isFoundByRecord = ({ result, terminal, missed }: CallFilter, extension: number | undefined): boolean =>
  ![undefined, 'answered'].includes(result) &&
  extension === undefined &&
  terminal === undefined &&
  missed === undefined;

function records({ sql }: Archive, keys: ArchiveKeys, { organization, filter, from }: Wanted) {
  const { result } = filter;
  let rows = sql
    .selectFrom('call_records')
    .select(['call_records.sequence', 'call_records.started_at'])
    .where('call_records.organization', '=', keys.of(organization))
    .where('call_records.sequence', '<=', from.through)
    .where(isBelow('call_records', filter, from));
  if (result !== undefined) rows = rows.where('call_records.result', '=', result);
  // For SQLite to see that the index has them all.
  if (result !== undefined && result !== 'answered')
    rows = rows.where(raw<boolean>`call_records.result <> 'answered'`);
  if (filter.from !== undefined) rows = rows.where('call_records.started_at', '>=', filter.from);
  return rows.orderBy('call_records.started_at', 'desc').orderBy('call_records.sequence', 'desc');
}

/** A cross join: of another one, SQLite may begin at the parts. */
function partsByRecord(db: Archive, keys: ArchiveKeys, wanted: Wanted) {
  const rows = records(db, keys, wanted)
    .crossJoin('call_parts')
    .whereRef('call_parts.organization', '=', 'call_records.organization')
    .whereRef('call_parts.started_at', '=', 'call_records.started_at')
    .whereRef('call_parts.sequence', '=', 'call_records.sequence');
  return conditions(keys, wanted.filter).reduce((all, condition) => all.where(condition), rows);
}

function parts(db: Archive, keys: ArchiveKeys, wanted: Wanted, extension: number | undefined) {
  const { organization, filter, from } = wanted;
  let rows = db.sql
    .selectFrom(indexedBy(indexFor(filter, extension)))
    .select(['call_parts.sequence', 'call_parts.started_at'])
    .where('call_parts.organization', '=', keys.of(organization))
    .where('call_parts.sequence', '<=', from.through)
    .where(isBelow('call_parts', filter, from));
  if (extension !== undefined) rows = rows.where('call_parts.extension', '=', extension);
  else if (filter.terminal !== undefined) rows = rows.where(ELSEWHERE);
  if (filter.from !== undefined) rows = rows.where('call_parts.started_at', '>=', filter.from);
  return conditions(keys, filter)
    .reduce((all, condition) => all.where(condition), rows)
    .orderBy('call_parts.started_at', 'desc')
    .orderBy('call_parts.sequence', 'desc');
}

/** An index of the parts of calls. */
export type PartIndex = `call_parts_${'extension' | 'terminal' | 'missed' | 'unreturned'}`;

/** Which index has the fewest parts to look at; `undefined`: all parts, which are in the order of time themselves. */
function indexFor({ terminal, missed }: CallFilter, extension: number | undefined): PartIndex | undefined {
  if (extension !== undefined) return 'call_parts_extension';
  if (terminal !== undefined) return 'call_parts_terminal';
  return missed && ({ all: 'call_parts_missed', unreturned: 'call_parts_unreturned' } as const)[missed];
}

/** Of its own accord SQLite reads everyone's parts where those of one extension need a look at each. */
export const indexedBy = (index: PartIndex | undefined) =>
  raw<ArchiveSchema['call_parts']>`call_parts`.as<'call_parts'>(
    index === undefined ? raw`call_parts` : raw`call_parts indexed by ${raw.ref(index)}`,
  );

const IN_HISTORY = raw<boolean>`
  (role = 'caller' or (role = 'callee' and call_parts.result is not null) or (role = 'joined' and other is not null))`;

/** What must hold for a part. */
function conditions(
  keys: ArchiveKeys,
  { terminal, direction, inHistory, result, missed }: CallFilter,
): readonly RawBuilder<boolean>[] {
  return [
    ...(terminal === undefined ? [] : [raw<boolean>`call_parts.terminal = ${keys.of(terminal)}`]),
    ...(direction === 'made' ? [raw<boolean>`call_parts.role = 'caller'`] : []),
    ...(direction === 'received' ? [raw<boolean>`call_parts.role <> 'caller'`] : []),
    ...(inHistory === undefined ? [] : [IN_HISTORY]),
    ...(result === undefined ? [] : [raw<boolean>`call_parts.call_result = ${result}`]),
    ...(missed === undefined ? [] : [missed === 'unreturned' ? UNRETURNED : raw<boolean>`result = 'missed'`]),
  ];
}

/** One bound for both, which an index can begin at: with two, SQLite begins at the first and reads all that is later than the other one. */
function isBelow(table: string, { until = Infinity }: CallFilter, { startedAt, sequence }: Position) {
  const [at, before] = startedAt < until ? [startedAt, sequence] : [until, 0];
  const columns = [raw.ref(`${table}.started_at`), raw.ref(`${table}.sequence`)];
  return raw<boolean>`(${raw.join(columns)}) < (${at}, ${before})`;
}

/** Several lists, each in order, as one without duplicates. */
function merged(lists: readonly (readonly Place[])[], limit: number): readonly Place[] {
  const all = new Map(lists.flat().map((place) => [place.sequence, place]));
  return [...all.values()].sort(latestFirst).slice(0, limit);
}

const latestFirst = (one: Place, other: Place): number =>
  other.started_at - one.started_at || other.sequence - one.sequence;
