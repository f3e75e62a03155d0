import type { ExtensionId } from '@perch/shared';
import type { Directory, Extension, Organization } from './ports.ts';

/** The directory of one organization; management updates it after each change that it has stored. */
export class MemoryDirectory implements Directory {
  readonly organization: Organization;
  readonly #byId = new Map<ExtensionId, Extension>();
  readonly #byNumber = new Map<string, Extension>();

  constructor(organization: Organization, extensions: Iterable<Extension> = []) {
    this.organization = organization;
    for (const extension of extensions) this.set(extension);
  }

  byNumber(number: string): Extension | undefined {
    return this.#byNumber.get(number);
  }

  byId(id: ExtensionId): Extension | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Extension> {
    return this.#byId.values();
  }

  /** Adds it, or replaces what was known under its id. */
  set(extension: Extension): void {
    this.delete(extension.id);
    this.#byId.set(extension.id, extension);
    this.#byNumber.set(extension.number, extension);
  }

  delete(id: ExtensionId): void {
    const known = this.#byId.get(id);
    if (!known) return;
    this.#byId.delete(id);
    this.#byNumber.delete(known.number);
  }
}
