import type { CompiledQuery } from 'kysely';

export type Bindable = string | number | bigint | Buffer | null;

export interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

/** Where a prepared statement's value goes in at each run. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A query that was written and compiled once. */
export interface Statement<Values, Row> {
  run(values: Values): void;
  all(values: Values): readonly Row[];
}

/** Writes a query with places for values. */
export type WriteQuery<Values, Row> = (
  p: <Name extends keyof Values & string>(name: Name) => Values[Name],
) => Query<Row>;

/** A query that is compiled, and what puts the values of a run into its places. */
export function compiled<Values extends Readonly<Record<string, Bindable>>, Row>(
  write: WriteQuery<Values, Row>,
): { readonly sql: string; readonly bind: (values: Values) => readonly unknown[] } {
  const { sql, parameters } = write(
    <Name extends keyof Values & string>(name: Name) => new Parameter(name) as unknown as Values[Name],
  ).compile();
  const names = parameters.map((value) => (value instanceof Parameter ? value.name : undefined));
  const bound = [...parameters];
  const bind = (values: Values): readonly unknown[] => {
    for (let index = 0; index < names.length; index++) {
      const name = names[index];
      if (name !== undefined) bound[index] = values[name];
    }
    return bound;
  };
  return { sql, bind };
}
