/** A map entry: emptied when it is deleted. */
interface Cell<Value> {
  value: Value | undefined;
}

/**
 * A `Map` for entries that come and go by the thousand. A hash table that grows or is tidied leaves its predecessor behind, which
 * in V8's old generation keeps all that it held alive until the next full collection; and each young collection copies it. Here, a
 * predecessor holds no more than keys and empty cells of what has been deleted since.
 */
export class ReleasingMap<Key extends string | number, Value extends object> {
  readonly #cells = new Map<Key, Cell<Value>>();

  get size(): number {
    return this.#cells.size;
  }

  has(key: Key): boolean {
    return this.#cells.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#cells.get(key)?.value;
  }

  set(key: Key, value: Value): void {
    const cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, { value });
    else cell.value = value;
  }

  delete(key: Key): boolean {
    const cell = this.#cells.get(key);
    if (cell === undefined) return false;
    cell.value = undefined;
    return this.#cells.delete(key);
  }

  *values(): Generator<Value, void> {
    for (const { value } of this.#cells.values()) if (value !== undefined) yield value;
  }
}
