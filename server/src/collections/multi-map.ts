/**
 * A map from keys to values where nearly every key has one value: it is in the map itself, not in an array or set, which would
 * take more memory than the value. Several values are kept in the order in which they were added.
 */
export class MultiMap<Key, Value extends object> {
  readonly #values = new Map<Key, Value | Several<Value>>();

  /** How many keys have a value. */
  get size(): number {
    return this.#values.size;
  }

  of(key: Key): readonly Value[] {
    const found = this.#values.get(key);
    return found === undefined ? NONE : found instanceof Several ? found.values : [found];
  }

  /** Its value, where it has one and no more. */
  only(key: Key): Value | undefined {
    const found = this.#values.get(key);
    return found instanceof Several ? undefined : found;
  }

  count(key: Key): number {
    const found = this.#values.get(key);
    return found instanceof Several ? found.values.length : found === undefined ? 0 : 1;
  }

  /** Each value once for a key. */
  add(key: Key, value: Value): void {
    const values = this.of(key);
    if (!values.includes(value)) this.#set(key, [...values, value]);
  }

  /** `false` where it was not there. */
  delete(key: Key, value: Value): boolean {
    const values = this.of(key);
    const left = values.filter((other) => other !== value);
    this.#set(key, left);
    return left.length < values.length;
  }

  *values(): Generator<Value, void> {
    for (const found of this.#values.values()) {
      if (found instanceof Several) yield* found.values;
      else yield found;
    }
  }

  #set(key: Key, values: readonly Value[]): void {
    const [first, second] = values;
    if (first === undefined) this.#values.delete(key);
    else this.#values.set(key, second === undefined ? first : new Several(values));
  }
}

/** Two values or more. */
class Several<Value> {
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    this.values = values;
  }
}

const NONE: readonly never[] = [];
