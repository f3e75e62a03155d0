import type { CallRecord, ExtensionId } from '@perch/shared';

/**
 * Whose calls are whose: a call is made by the extension that speaks at the terminal as it comes in (the guest, where there is one), whatever the phone says it
 * is. So its callee is shown, and so its record says.
 */
export class Callers {
  /** By the ids of calls that have no record yet. */
  readonly #made = new Map<string, ExtensionId>();
  /** The number with which each was first offered to a phone. */
  readonly #shown = new Map<string, string>();
  readonly #numberOf: (extension: ExtensionId) => string | undefined;

  constructor(numberOf: (extension: ExtensionId) => string | undefined) {
    this.#numberOf = numberOf;
  }

  /** A phone was told of that call: who made it, and as whose it was shown, as far as that can be told. What is wrong with it; empty where nothing is. */
  heard(call: string, by: ExtensionId | undefined, from: string | undefined): readonly string[] {
    if (by !== undefined && !this.#made.has(call)) this.#made.set(call, by);
    if (from !== undefined && !this.#shown.has(call)) this.#shown.set(call, from);
    const made = this.#made.get(call);
    const shown = this.#shown.get(call);
    if (made === undefined || shown === undefined || shown === this.#numberOf(made)) return [];
    return [`${call}, which ${made} has made, is shown as one of ${shown}`];
  }

  recorded({ id, caller }: CallRecord): readonly string[] {
    const made = this.#made.get(id);
    this.#made.delete(id);
    this.#shown.delete(id);
    if (made === undefined || caller.extension === made) return [];
    return [`the record of ${id}, which ${made} has made, names ${String(caller.extension)}`];
  }
}
