import {
  type AuditEntry,
  type ExtensionId,
  KEPT_FOR_EVER,
  type Language,
  NO_STAY_LIMITS,
  type OrganizationId,
  type Retention,
  type StayLimits,
} from '@perch/shared';
import type { BookStore, StoredExtension } from '../../exchange/book/ports.ts';
import type { Organization } from '../../exchange/ports.ts';
import type { AuditRepository } from '../audit-repository.ts';
import type {
  OrganizationRepository,
  PersonRepository,
  Repositories,
  StoredBrowser,
  StoredEnrolment,
  StoredLink,
  StoredPerson,
  StoredPinGuesses,
  StoredSession,
  TerminalRepository,
} from '../repositories.ts';
import { FakeApiTokens } from './fake-api-tokens.ts';
import { FakeIdentities } from './fake-identities.ts';
import { FakeSecondFactors } from './fake-second-factors.ts';

const isIn = (whole: string, part: string): boolean => whole.toLowerCase().includes(part.toLowerCase());
const MONTH_MS = 30 * 86_400_000;
const key = (hash: Buffer): string => hash.toString('base64');

/** For tests: what management keeps, in memory. */
export class FakeRepositories implements Repositories {
  /** While set, extensions cannot be changed, nor wrong PINs be kept. */
  trouble: Error | undefined;
  readonly #organizations: Organization[] = [];
  readonly #timeZones = new Map<OrganizationId, string>();
  readonly #languages = new Map<OrganizationId, Language | null>();
  readonly #stayLimits = new Map<OrganizationId, StayLimits>();
  readonly #retentions = new Map<OrganizationId, Retention>();
  readonly #stationPins = new Map<OrganizationId, string | null>();
  readonly #pinGuesses = new Map<OrganizationId, StoredPinGuesses>();
  readonly #people = new Map<string, StoredPerson>();
  readonly #sessions = new Map<string, StoredSession>();
  readonly #audit = new Map<OrganizationId, readonly AuditEntry[]>();
  /** By person. */
  readonly #links = new Map<string, StoredLink>();
  readonly #extensions = new Map<ExtensionId, StoredExtension>();
  readonly #browsers = new Map<string, StoredBrowser>();
  readonly #enrolments = new Map<string, StoredEnrolment>();

  readonly organizations: OrganizationRepository = {
    all: async () => [...this.#organizations],
    timeZone: async (organization) => this.#timeZones.get(organization) ?? null,
    setTimeZone: async (organization, timeZone) => void this.#timeZones.set(organization, timeZone),
    language: async (organization) => this.#languages.get(organization) ?? null,
    setLanguage: async (organization, language) => void this.#languages.set(organization, language),
    stayLimits: async (organization) => this.#stayLimits.get(organization) ?? NO_STAY_LIMITS,
    retention: async (organization) => this.#retentions.get(organization) ?? KEPT_FOR_EVER,
    setRetention: async (organization, kept) => void this.#retentions.set(organization, kept),
    stationPin: async (organization) => this.#stationPins.get(organization) ?? null,
    setStationPin: async (organization, hash) => {
      this.#stationPins.set(organization, hash);
      this.#pinGuesses.delete(organization);
    },
    pinGuesses: async (organization) => this.#pinGuesses.get(organization) ?? null,
    setPinGuesses: async (organization, guesses) => {
      if (this.trouble) throw this.trouble;
      this.#pinGuesses.set(organization, guesses);
    },
    forgetPinGuesses: async (organization) => {
      if (this.trouble) throw this.trouble;
      this.#pinGuesses.delete(organization);
    },
    setStayLimits: async (organization, limits) => void this.#stayLimits.set(organization, limits),
    create: async (organization, administrator) => {
      if (this.#people.has(administrator.id)) throw new Error('the administrator is there already');
      this.#organizations.push(organization);
      this.#people.set(administrator.id, administrator);
    },
  };

  readonly audit: AuditRepository = {
    append: async (organization, next) => {
      const entries = this.#audit.get(organization) ?? [];
      this.#audit.set(organization, [...entries, next(entries.at(-1))]);
    },
    // What is in memory has no transactions: the entry follows the change.
    together: async (_entry, work) => ({ result: await work(), isNoted: false }),
    facts: async () => null,
    head: async (organization) => {
      const last = this.#audit.get(organization)?.at(-1);
      return last && { position: last.position, seal: last.seal };
    },
    forgotten: async () => undefined,
    erased: async () => [],
    read: async (organization, { text = '', action, from = 0, until = Infinity, before = Infinity }, limit) =>
      (this.#audit.get(organization) ?? [])
        .filter((one) => one.position < before && one.at >= from && one.at < until)
        .filter((one) => action === undefined || action.split(',').includes(one.action))
        .filter((one) => [one.who, one.about, one.address].some((part) => isIn(part ?? '', text)))
        .reverse()
        .slice(0, limit),
    readOn: async (organization, after, limit) =>
      (this.#audit.get(organization) ?? []).filter(({ position }) => position > after).slice(0, limit),
  };

  readonly secondFactors = new FakeSecondFactors((person) => this.#people.get(person)?.organization);

  readonly identities = new FakeIdentities((person) => this.#people.get(person));
  readonly apiTokens = new FakeApiTokens((person) => this.#people.get(person));

  readonly people: PersonRepository = {
    insert: async (person) => {
      for (const { organization, email } of this.#people.values())
        if (organization === person.organization && email === person.email)
          throw new Error('the address is taken');
      this.#people.set(person.id, person);
    },
    byId: async (id) => this.#people.get(id),
    all: async (own) => [...this.#people.values()].filter(({ organization }) => organization === own),
    seen: async (own, now) => {
      const seen = new Map<string, { sessions: number; heardAt: number }>();
      for (const { person, expiresAt, heardAt } of this.#sessions.values()) {
        if (this.#people.get(person)?.organization !== own || expiresAt <= now) continue;
        const before = seen.get(person) ?? { sessions: 0, heardAt: 0 };
        const sessions = before.sessions + 1;
        seen.set(person, { sessions, heardAt: Math.max(before.heardAt, heardAt) });
      }
      return seen;
    },
    update: async ({ id, roles, extension, groups, language }) => {
      const known = this.#people.get(id);
      if (known) this.#people.set(id, { ...known, roles, extension, groups, language });
    },
    delete: async (id) => {
      this.#people.delete(id);
      this.#links.delete(id);
      await this.secondFactors.delete(id);
      await this.identities.delete(id);
      await this.people.closeSessionsOf(id);
    },
    replaceLink: async (link) => void this.#links.set(link.person, link),
    linked: async (hash, now) => {
      const link = this.#linkWith(hash, now);
      return link && this.#people.get(link.person);
    },
    useLink: async (hash, passwordHash, now) => {
      const link = this.#linkWith(hash, now);
      const person = link && this.#people.get(link.person);
      if (!person) return false;
      this.#links.delete(person.id);
      this.#people.set(person.id, { ...person, passwordHash });
      await this.people.closeSessionsOf(person.id);
      return true;
    },
    noteSession: async (hash, address, heardAt) => {
      const session = this.#sessions.get(key(hash));
      if (session) this.#sessions.set(key(hash), { ...session, address, heardAt });
    },
    sessionsOf: async (of, now) =>
      [...this.#sessions.values()]
        .filter(({ person, expiresAt }) => person === of && expiresAt > now)
        .sort((a, b) => b.openedAt - a.openedAt),
    closeSessionsOf: async (of, kept) => {
      for (const [open, { person }] of this.#sessions)
        if (person === of && (!kept || open !== key(kept))) this.#sessions.delete(open);
    },
    byEmail: async (email) => [...this.#people.values()].filter((one) => one.email === email),
    withRole: async (role) => [...this.#people.values()].filter(({ roles }) => roles.includes(role)),
    openSession: async (session) => {
      for (const [open, { expiresAt }] of this.#sessions)
        if (expiresAt <= session.openedAt) this.#sessions.delete(open);
      this.#sessions.set(key(session.hash), session);
    },
    session: async (hash, now) => {
      const session = this.#sessions.get(key(hash));
      const person = session && this.#people.get(session.person);
      return person && session.expiresAt > now ? { session, person } : undefined;
    },
    closeSession: async (hash) => void this.#sessions.delete(key(hash)),
  };

  #linkWith(hash: Buffer, now: number): StoredLink | undefined {
    return [...this.#links.values()].find((link) => link.hash.equals(hash) && link.expiresAt > now);
  }

  /** The book of one organization: the exchange's, beside what management keeps. */
  readonly book = (own: OrganizationId): BookStore => ({
    load: async () =>
      [...this.#extensions.values()]
        .filter(({ organization }) => organization === own)
        .sort((a, b) => (a.number < b.number ? -1 : 1)),
    insert: async (extension) => {
      for (const { organization, number } of this.#extensions.values())
        if (organization === extension.organization && number === extension.number)
          throw new Error('the number is taken');
      this.#extensions.set(extension.id, extension);
    },
    update: async (extension) => {
      if (this.trouble) throw this.trouble;
      this.#extensions.set(extension.id, extension);
    },
    delete: async (id, changed) => {
      for (const extension of changed) this.#extensions.set(extension.id, extension);
      this.#extensions.delete(id);
      for (const [hash, { extension }] of this.#browsers) if (extension === id) this.#browsers.delete(hash);
      for (const [hash, { extension }] of this.#enrolments)
        if (extension === id) this.#enrolments.delete(hash);
    },
  });

  readonly terminals: TerminalRepository = {
    browsers: async () => [...this.#browsers.values()],
    deleteToken: async (hash) => void this.#browsers.delete(key(hash)),
    noteHeard: async (browsers) => {
      for (const heard of browsers) {
        const known = this.#browsers.get(key(heard.hash));
        if (known) this.#browsers.set(key(heard.hash), { ...known, ...heard });
      }
    },
    insertEnrolment: async (enrolment) => {
      for (const [hash, { expiresAt }] of this.#enrolments)
        if (expiresAt <= enrolment.madeAt - MONTH_MS) this.#enrolments.delete(hash);
      this.#enrolments.set(key(enrolment.hash), enrolment);
    },
    enrolment: async (hash) => this.#enrolments.get(key(hash)),
    openEnrolments: async (extension, now) =>
      [...this.#enrolments.values()].filter(
        (one) => one.extension === extension && one.usesLeft > 0 && one.expiresAt > now,
      ),
    deleteEnrolment: async (hash) => void this.#enrolments.delete(key(hash)),
    redeem: async (enrolmentHash, browser) => {
      const enrolment = this.#enrolments.get(key(enrolmentHash));
      if (!enrolment || enrolment.usesLeft <= 0) return false;
      this.#enrolments.set(key(enrolmentHash), { ...enrolment, usesLeft: enrolment.usesLeft - 1 });
      this.#browsers.set(key(browser.hash), browser);
      return true;
    },
  };
}
