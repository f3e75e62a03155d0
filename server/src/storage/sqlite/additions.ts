import type { OrganizationId } from '@perch/shared';
import type { Added, Additions, Known, LoggedIn, Span, SumsWanted } from '../../records/ports.ts';
import type { Clock } from '../../world/clock.ts';
import type { RecordArchive } from './calls/record-archive.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

type Asked = Omit<SumsWanted, 'organization'>;

/** Windows that are added up at a time, so that nobody else waits for a long report. */
const AT_A_TIME = 7;

/** What happened in one organization, added up. */
export class OrganizationAdditions implements Additions {
  readonly #db: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;
  readonly #organization: OrganizationId;
  readonly #clock: Clock;

  constructor(
    db: Database<OrganizationSchema>,
    archive: RecordArchive,
    organization: OrganizationId,
    clock: Clock,
  ) {
    this.#db = db;
    this.#archive = archive;
    this.#organization = organization;
    this.#clock = clock;
  }

  async calls({ windows, extensions }: Asked): Promise<Added> {
    await this.#archive.newest();
    const organization = this.#organization;
    const parts: Added[] = [];
    for (const some of inGroups(windows))
      parts.push(
        await this.#archive.sums({ organization, windows: some, ...(extensions && { extensions }) }),
      );
    return {
      pairs: parts.flatMap(({ pairs }) => pairs),
      byWindow: parts.flatMap(({ byWindow }) => byWindow),
    };
  }

  async loggedIn({ windows, extensions }: Asked): Promise<readonly LoggedIn[]> {
    const times = new Map<string, LoggedIn>();
    for (const some of inGroups(windows)) {
      for (const { extension_id: extension, terminal_id: terminal, since, until } of this.#stays(
        some,
        extensions,
      )) {
        const key = `${extension} ${terminal}`;
        const stay = { from: since, until: until ?? this.#clock.now() };
        const ms = some.reduce((sum, window) => sum + overlap(window, stay), times.get(key)?.ms ?? 0);
        times.set(key, { extension, terminal, ms });
      }
      // Others have their turn.
      await new Promise(setImmediate);
    }
    return [...times.values()];
  }

  async everyone(): Promise<readonly Known[]> {
    return this.#db.all(
      this.#db.sql
        .selectFrom('extensions')
        .select(['id as extension', 'terminal_id as terminal', 'number', 'name'])
        .where('organization_id', '=', this.#organization),
    );
  }

  #stays(windows: readonly Required<Span>[], extensions: Asked['extensions']) {
    const from = windows[0]?.from ?? 0;
    const until = windows.at(-1)?.until ?? 0;
    const those = this.#db.sql
      .selectFrom('desk_stays')
      .select(['extension_id', 'terminal_id', 'since', 'until'])
      .where('organization_id', '=', this.#organization)
      .where('since', '<', until);
    const query = extensions === undefined ? those : those.where('extension_id', 'in', [...extensions]);
    return [
      ...this.#db.all(query.where('until', '>', from)),
      ...this.#db.all(query.where('until', 'is', null)),
    ];
  }
}

function* inGroups<Each>(all: readonly Each[]): Generator<readonly Each[]> {
  for (let begin = 0; begin < all.length; begin += AT_A_TIME) yield all.slice(begin, begin + AT_A_TIME);
}

const overlap = (one: Required<Span>, other: Required<Span>): number =>
  Math.max(0, Math.min(one.until, other.until) - Math.max(one.from, other.from));
