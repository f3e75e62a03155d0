/** A map entry: emptied when it is deleted. */
interface Place<Value> {
  value: Value | undefined;
}

/**
 * A `Map` for entries that come and go by the thousand. A hash table that grows or is tidied leaves its predecessor behind, which
 * in V8's old generation keeps all that it held alive until the next full collection; and each young collection copies it. Here, a
 * predecessor holds no more than keys and empty places of what has been deleted since.
 */
export class ReleasingMap<Key extends string | number, Value extends object> {
  readonly #places = new Map<Key, Place<Value>>();

  get size(): number {
    return this.#places.size;
  }

  has(key: Key): boolean {
    return this.#places.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#places.get(key)?.value;
  }

  set(key: Key, value: Value): void {
    const place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, { value });
    else place.value = value;
  }

  delete(key: Key): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    place.value = undefined;
    return this.#places.delete(key);
  }

  *values(): Generator<Value, void> {
    for (const { value } of this.#places.values()) if (value !== undefined) yield value;
  }
}
