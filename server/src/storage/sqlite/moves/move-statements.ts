import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';

type Virtualization = OrganizationSchema['virtualizations'];
type Bucket = OrganizationSchema['guessing_buckets'];
type Stay = Omit<OrganizationSchema['desk_stays'], 'sequence'>;
type Attempt = Omit<OrganizationSchema['virtualization_records'], 'sequence'>;

/** Whose stay it is that goes on, at whose desk. */
type Open = Pick<Stay, 'organization_id' | 'extension_id' | 'desk_id'>;

export type MoveStatements = ReturnType<typeof prepareMoves>;

/** What a move writes, and looks up for that. Prepared once, for all organizations: people at their desks wait for it. */
export function prepareMoves(db: Database<OrganizationSchema>) {
  const { sql } = db;
  return {
    begin: db.prepare<Pick<Virtualization, keyof Virtualization>>()((p) =>
      sql.insertInto('virtualizations').values({
        virtual_id: p('virtual_id'),
        base_id: p('base_id'),
        organization_id: p('organization_id'),
        since: p('since'),
        way: p('way'),
      }),
    ),
    end: db.prepare<Pick<Virtualization, 'virtual_id' | 'base_id' | 'organization_id'>>()((p) =>
      sql
        .deleteFrom('virtualizations')
        .where('virtual_id', '=', p('virtual_id'))
        .where('base_id', '=', p('base_id'))
        .where('organization_id', '=', p('organization_id')),
    ),
    stayBegan: db.prepare<Omit<Stay, 'until' | 'ended_by' | 'ended_way' | 'ender'>>()((p) =>
      sql.insertInto('desk_stays').values({
        organization_id: p('organization_id'),
        extension_id: p('extension_id'),
        number: p('number'),
        name: p('name'),
        desk_id: p('desk_id'),
        terminal_id: p('terminal_id'),
        desk_number: p('desk_number'),
        desk_name: p('desk_name'),
        since: p('since'),
        way: p('way'),
      }),
    ),
    stayEnded: db.prepare<Open & Pick<Stay, 'until' | 'ended_by' | 'ended_way' | 'ender'>>()((p) =>
      sql
        .updateTable('desk_stays')
        .set({
          until: p('until'),
          ended_by: p('ended_by'),
          ended_way: p('ended_way'),
          ender: p('ender'),
        })
        .where('organization_id', '=', p('organization_id'))
        .where('extension_id', '=', p('extension_id'))
        .where('desk_id', '=', p('desk_id'))
        .where('until', 'is', null),
    ),
    put: db.prepare<Pick<Bucket, keyof Bucket>>()((p) =>
      sql.replaceInto('guessing_buckets').values({
        kind: p('kind'),
        id: p('id'),
        organization_id: p('organization_id'),
        wrong: p('wrong'),
        locks: p('locks'),
      }),
    ),
    empty: db.prepare<Pick<Bucket, 'kind' | 'id'>>()((p) =>
      sql.deleteFrom('guessing_buckets').where('kind', '=', p('kind')).where('id', '=', p('id')),
    ),
    record: db.prepare<Attempt>()((p) =>
      sql.insertInto('virtualization_records').values({
        organization_id: p('organization_id'),
        at: p('at'),
        action: p('action'),
        way: p('way'),
        who: p('who'),
        terminal_id: p('terminal_id'),
        asked: p('asked'),
        extension_id: p('extension_id'),
        previous_guest_id: p('previous_guest_id'),
        result: p('result'),
        endings: p('endings'),
      }),
    ),
    extension: db.prepare<{ readonly id: string }>()((p) =>
      sql.selectFrom('extensions').select(['number', 'name', 'terminal_id']).where('id', '=', p('id')),
    ),
    ownerOf: db.prepare<{ readonly terminal: string; readonly organization: string }>()((p) =>
      sql
        .selectFrom('extensions')
        .select('number')
        .where('terminal_id', '=', p('terminal'))
        .where('organization_id', '=', p('organization')),
    ),
  };
}
