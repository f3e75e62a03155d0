import type { OrganizationId } from '@perch/shared';
import { eventOfMove, eventsOfCall, type Move, type Told } from '../../../webhooks/events.ts';
import type { RecordArchive } from '../calls/record-archive.ts';
import { readRecord } from '../calls/forms/record-form.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

/** What is read at once of each kind. */
const PORTION = 200;

/** How far each kind has been read: numbers of rows. */
export interface EventCursor {
  readonly calls: number;
  readonly stays: number;
  readonly moves: number;
}

interface Found {
  readonly told: readonly Told[];
  readonly cursor: EventCursor;
  readonly isMore: boolean;
}

type Db = Database<OrganizationSchema>;
type MoveRow = Omit<OrganizationSchema['virtualization_records'], 'sequence'> & { readonly sequence: number };

/** Why a move that was tried is told of. */
const REFUSED = new Set(['wrong-code', 'not-allowed', 'locked-out', 'no-such-extension']);

/** What has happened in an organization after that place; without one nothing, and where to go on. */
export async function toldAfter(
  db: Db,
  archive: RecordArchive,
  organization: OrganizationId,
  after: EventCursor | undefined,
): Promise<Found> {
  const calls = await archive.after({ organization, after: after?.calls ?? null, most: PORTION });
  const newest = { stays: newestIn(db, 'desk_stays'), moves: newestIn(db, 'virtualization_records') };
  if (after === undefined) return { told: [], cursor: { calls: calls.through, ...newest }, isMore: false };
  // Where everything was deleted, numbers begin again.
  const stays = staysAfter(db, organization, Math.min(after.stays, newest.stays));
  const moves = movesAfter(db, organization, Math.min(after.moves, newest.moves));
  const throughOf = (rows: readonly { sequence: number }[], last: number): number =>
    rows.length < PORTION ? last : (rows.at(-1)?.sequence ?? last);
  return {
    told: [
      ...stays.map((stay): Told => eventOfMove(begun(stay))),
      ...moves.flatMap((row) => movesOf(db, row).map(eventOfMove)),
      ...calls.records.flatMap((record) => eventsOfCall(readRecord(json.read(record)))),
    ],
    cursor: {
      calls: calls.through,
      stays: throughOf(stays, newest.stays),
      moves: throughOf(moves, newest.moves),
    },
    isMore: [calls.records, stays, moves].some(({ length }) => length === PORTION),
  };
}

const newestIn = (db: Db, table: 'desk_stays' | 'virtualization_records'): number =>
  db.first(db.sql.selectFrom(table).select((e) => e.fn.max('sequence').as('last')))?.last ?? 0;

const staysAfter = (db: Db, organization: string, after: number) =>
  db.all(
    db.sql
      .selectFrom('desk_stays')
      .select(['sequence', 'number', 'name', 'desk_number', 'desk_name', 'since', 'way'])
      .where('organization_id', '=', organization)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(PORTION),
  );

const movesAfter = (db: Db, organization: string, after: number): readonly MoveRow[] =>
  db.all(
    db.sql
      .selectFrom('virtualization_records')
      .selectAll()
      .where('organization_id', '=', organization)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(PORTION),
  );

function begun(stay: ReturnType<typeof staysAfter>[number]): Move {
  const { number, name, desk_number, desk_name, since: at, way } = stay;
  return {
    kind: 'begun',
    at,
    way,
    extension: { number, name },
    desk: { number: desk_number, name: desk_name },
  };
}

/** The stays that it has ended, or that it was refused. */
function movesOf(db: Db, row: MoveRow): readonly Move[] {
  const { at, action, result, asked, terminal_id } = row;
  if (action === 'move' && REFUSED.has(result) && asked !== null)
    return [{ kind: 'refused', at, asked, why: result, desk: deskAt(db, terminal_id) }];
  if (result !== 'accepted') return [];
  return json.read(row.endings).flatMap(({ virtualization, endedBy }): readonly Move[] => {
    const { virtual, base, since } = virtualization;
    const stay = db.first(
      db.sql
        .selectFrom('desk_stays')
        .select(['number', 'name', 'desk_number', 'desk_name'])
        .where('organization_id', '=', row.organization_id)
        .where('extension_id', '=', virtual)
        .where('desk_id', '=', base)
        .where('since', '=', since),
    );
    if (stay === undefined) return [];
    const { number, name, desk_number, desk_name } = stay;
    const desk = { number: desk_number, name: desk_name };
    return [{ kind: 'ended', at, since, endedBy, extension: { number, name }, desk }];
  });
}

const deskAt = (db: Db, terminal: string | null) =>
  (terminal !== null &&
    db.first(
      db.sql.selectFrom('extensions').select(['number', 'name']).where('terminal_id', '=', terminal),
    )) ||
  null;
