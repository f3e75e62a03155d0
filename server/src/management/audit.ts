import { createHash } from 'node:crypto';
import {
  type AuditCheck,
  type AuditEntry,
  type AuditFilter,
  type AuditPage,
  type Facts,
} from '@perch/shared';
import type { OrganizationId } from '@perch/shared';
import type { Clock } from '../world/clock.ts';
import { ErasedEntries } from './erased-entries.ts';
import type { AuditHead, AuditRepository, AuditSubject } from './audit-repository.ts';

/** An entry before it has its place. */
export type Noted = Omit<AuditEntry, 'position' | 'at' | 'seal'>;

/** What is being done, before it is stored. */
export interface Deed {
  readonly organization: OrganizationId;
  readonly subject: AuditSubject | null;
  /** `after`: what is stored of the subject then. */
  readonly noted: (after: Facts | null) => Noted;
}

/** Entries that are read at once. */
const PORTION = 500;
/** What the first entry of an organization follows. */
const NOTHING = '0'.repeat(64);

/**
 * The seal of an entry: it depends on the entry and, by the seal before it, on all earlier ones. So an entry that is removed or altered
 * shows in all that follow. PURE.
 */
function sealOf(organization: OrganizationId, before: string, entry: Omit<AuditEntry, 'seal'>): string {
  const { position, at, who, address, action, about, result } = entry;
  const sealed = [organization, position, at, who, address, action, about, result];
  const facts = [sorted(entry.before), sorted(entry.after)];
  return createHash('sha256')
    .update(JSON.stringify([before, ...sealed, ...facts]))
    .digest('hex');
}

/** An entry in its place: after the last one of its organization. PURE. */
export function entryAfter(
  last: AuditHead | undefined,
  organization: OrganizationId,
  at: number,
  noted: Noted,
): AuditEntry {
  const entry = { ...noted, at, position: (last?.position ?? 0) + 1 };
  return { ...entry, seal: sealOf(organization, last?.seal ?? NOTHING, entry) };
}

/** The seal of what an entry says since it no longer names somebody. PURE. */
export const erasedSeal = (organization: OrganizationId, entry: AuditEntry): string =>
  sealOf(organization, entry.seal, entry);

const sorted = (facts: Facts | null) => facts && Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));

/** What has changed between two states of a thing: only what is different. PURE. */
export function difference(before: Facts | null, after: Facts | null): Pick<AuditEntry, 'before' | 'after'> {
  if (!before || !after) return { before, after };
  const same = (name: string) => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  const changed = (facts: Facts) => Object.fromEntries(Object.entries(facts).filter(([name]) => !same(name)));
  return { before: changed(before), after: changed(after) };
}

/** What people have done and tried in each organization. Entries are added and read; nothing in the product changes or removes one. */
export class Audit {
  readonly #repository: AuditRepository;
  readonly #clock: Clock;

  constructor(repository: AuditRepository, clock: Clock) {
    this.#repository = repository;
    this.#clock = clock;
  }

  /** Resolves when the entry is durable. */
  async note(organization: OrganizationId, noted: Noted): Promise<void> {
    const at = this.#clock.now();
    await this.#repository.append(organization, (last) => entryAfter(last, organization, at, noted));
  }

  /** What is stored of something; `null` where it is not there. */
  facts(organization: OrganizationId, subject: AuditSubject): Promise<Facts | null> {
    return this.#repository.facts(organization, subject);
  }

  /**
   * The first change that `work` makes and the entry on it are stored together, or neither is.
   * @param deed asked when the change is made; `undefined`: this one is not noted.
   * @returns `isNoted`: whether there was a change.
   */
  together<Result>(
    deed: () => Deed | undefined,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly isNoted: boolean }> {
    return this.#repository.together(() => {
      const known = deed();
      if (!known) return undefined;
      const { organization, subject, noted } = known;
      const at = this.#clock.now();
      return {
        organization,
        subject,
        next: (last, after) => entryAfter(last, organization, at, noted(after)),
      };
    }, work);
  }

  async read(
    organization: OrganizationId,
    filter: AuditFilter,
    size: number,
    before?: number,
  ): Promise<AuditPage> {
    const found = await this.#repository.read(organization, { ...filter, before }, size + 1);
    const entries = found.slice(0, size);
    return { entries, next: found.length > size ? (entries.at(-1)?.position ?? null) : null };
  }

  /** Every entry that the filter lets through, the latest first; a portion at a time. */
  async *all(organization: OrganizationId, filter: AuditFilter): AsyncGenerator<AuditEntry> {
    let before: number | undefined;
    for (;;) {
      const { entries, next } = await this.read(organization, filter, PORTION, before);
      yield* entries;
      if (next === null) return;
      before = next;
    }
  }

  async check(organization: OrganizationId): Promise<AuditCheck> {
    const head = await this.#repository.head(organization);
    const forgotten = await this.#repository.forgotten(organization);
    const forgottenThrough = forgotten?.position ?? 0;
    let seal = forgotten?.seal ?? NOTHING;
    let position = forgottenThrough;
    const erased = new ErasedEntries(await this.#repository.erased(organization));
    for (;;) {
      const portion = await this.#repository.readOn(organization, position, PORTION);
      for (const entry of portion) {
        const known = erased.sealAt(entry.position);
        const isAsSealed =
          known === undefined
            ? entry.seal === sealOf(organization, seal, entry)
            : known === erasedSeal(organization, entry);
        if (entry.position !== position + 1 || !isAsSealed || !erased.isConfirmedBy(entry))
          return {
            ...{ entries: (head?.position ?? 0) - forgottenThrough, forgottenThrough },
            ...{ seal: head?.seal ?? null, brokenAt: position + 1 },
          };
        ({ position, seal } = entry);
      }
      if (portion.length < PORTION) break;
    }
    const isWhole = position === (head?.position ?? 0) && (position === 0 || seal === head?.seal);
    const entries = position - forgottenThrough;
    const brokenAt = isWhole ? (erased.unexplained ?? null) : position + 1;
    return { entries, forgottenThrough, seal: head?.seal ?? null, brokenAt };
  }
}
