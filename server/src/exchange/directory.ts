import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Directory, Extension, Organization } from './ports.ts';

/** The directory of one organization, in memory; updated after each change that was stored. */
export class MemoryDirectory implements Directory {
  readonly organization: Organization;
  readonly #byId = new Map<ExtensionId, Extension>();
  readonly #byNumber = new Map<string, Extension>();
  /** Kept after a deletion: what is still under way at a terminal must find out whose it was. */
  readonly #owners = new Map<TerminalId, ExtensionId>();
  /** The terminals of extensions that were deleted. */
  readonly #formerHomes = new Map<ExtensionId, TerminalId>();

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

  byTerminal(terminal: TerminalId): Extension | undefined {
    const owner = this.#owners.get(terminal);
    return owner && this.#byId.get(owner);
  }

  homeOf(id: ExtensionId): TerminalId | undefined {
    return this.#byId.get(id)?.terminal ?? this.#formerHomes.get(id);
  }

  ownerOf(terminal: TerminalId): ExtensionId | undefined {
    return this.#owners.get(terminal);
  }

  all(): Iterable<Extension> {
    return this.#byId.values();
  }

  /** Adds it, or replaces what was known under its id. */
  set(extension: Extension): void {
    const before = this.#byId.get(extension.id);
    if (before) this.#byNumber.delete(before.number);
    this.#byId.set(extension.id, extension);
    this.#byNumber.set(extension.number, extension);
    this.#owners.set(extension.terminal, extension.id);
  }

  delete(id: ExtensionId): void {
    const known = this.#byId.get(id);
    if (!known) return;
    this.#byId.delete(id);
    this.#byNumber.delete(known.number);
    this.#formerHomes.set(id, known.terminal);
  }
}
