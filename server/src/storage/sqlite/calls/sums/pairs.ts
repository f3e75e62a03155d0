import type { Database } from '../../database.ts';
import type { ArchiveSchema } from '../schema.ts';

/** An extension at a terminal, or at none, by their keys. */
interface Pair {
  readonly extension: number;
  readonly terminal: number | null;
}

/** The numbers of the extensions of one organization at its terminals. */
export class Pairs {
  readonly #db: Database<ArchiveSchema>;
  readonly #organization: number;
  /** By their numbers. */
  readonly #all: Pair[] = [];
  readonly #numbers = new Map<number, number>();

  constructor(db: Database<ArchiveSchema>, organization: number) {
    this.#db = db;
    this.#organization = organization;
    const stored = db.sql
      .selectFrom('call_pairs')
      .select(['extension', 'terminal'])
      .where('organization', '=', organization)
      .orderBy('pair');
    for (const pair of db.all(stored)) this.#add(pair);
  }

  get all(): readonly Pair[] {
    return this.#all;
  }

  /** Within a transaction. */
  readonly numberOf = ({ extension, terminal }: Pair): number => {
    const added = { extension, terminal };
    const known = this.#numbers.get(keyOf(added));
    if (known !== undefined) return known;
    const pair = this.#add(added);
    this.#db.run(
      this.#db.sql.insertInto('call_pairs').values({ organization: this.#organization, pair, ...added }),
    );
    return pair;
  };

  #add(pair: Pair): number {
    const number = this.#all.push(pair) - 1;
    this.#numbers.set(keyOf(pair), number);
    return number;
  }
}

/** Keys are as many as phones: both together are exact in a number. */
const keyOf = ({ extension, terminal }: Pair): number => extension * 2 ** 26 + (terminal ?? 0);
