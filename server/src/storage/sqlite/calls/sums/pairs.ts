import type { Database } from '../../database.ts';
import type { ArchiveSchema } from '../schema.ts';

/** An extension at a terminal, or at none. */
interface Pair {
  readonly extension_id: string;
  readonly terminal_id: string | null;
}

/** The numbers of the extensions of one organization at its terminals. */
export class Pairs {
  readonly #db: Database<ArchiveSchema>;
  readonly #organization: string;
  /** By their numbers. */
  readonly #all: Pair[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(db: Database<ArchiveSchema>, organization: string) {
    this.#db = db;
    this.#organization = organization;
    const stored = db.sql
      .selectFrom('call_pairs')
      .select(['extension_id', 'terminal_id'])
      .where('organization_id', '=', organization)
      .orderBy('pair');
    for (const pair of db.all(stored)) this.#add(pair);
  }

  get all(): readonly Pair[] {
    return this.#all;
  }

  /** Within a transaction. */
  readonly numberOf = ({ extension_id: extension, terminal_id: terminal }: Pair): number => {
    const known = this.#numbers.get(keyOf(extension, terminal));
    if (known !== undefined) return known;
    const added = { extension_id: extension, terminal_id: terminal };
    const pair = this.#add(added);
    this.#db.run(
      this.#db.sql.insertInto('call_pairs').values({ organization_id: this.#organization, pair, ...added }),
    );
    return pair;
  };

  #add(pair: Pair): number {
    const number = this.#all.push(pair) - 1;
    this.#numbers.set(keyOf(pair.extension_id, pair.terminal_id), number);
    return number;
  }
}

const keyOf = (extension: string, terminal: string | null): string => `${extension} ${terminal ?? ''}`;
