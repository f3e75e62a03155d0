import type {
  ExtensionId,
  Language,
  OrganizationId,
  Rights,
  Retention,
  Role,
  SignInPolicy,
  StayLimits,
  TerminalId,
  TokenAction,
} from '@perch/shared';
import type { Organization } from '../exchange/ports.ts';
import type { AuditRepository } from './audit-repository.ts';
import type { PinGuesses, WrongPin } from '../network/machines/pin-guesses.ts';

/** What management stores. Each change is durable when its promise resolves; where it rejects, nothing has changed. */
export interface Repositories {
  readonly organizations: OrganizationRepository;
  readonly terminals: TerminalRepository;
  readonly people: PersonRepository;
  readonly secondFactors: SecondFactorRepository;
  readonly identities: IdentityRepository;
  readonly apiTokens: ApiTokenRepository;
  readonly audit: AuditRepository;
}

export interface OrganizationRepository {
  all(): Promise<readonly Organization[]>;
  /** An IANA name; `null` until one is chosen. */
  timeZone(organization: OrganizationId): Promise<string | null>;
  setTimeZone(organization: OrganizationId, timeZone: string): Promise<void>;
  /** Of all who have none of their own; `null` until one is chosen. */
  language(organization: OrganizationId): Promise<Language | null>;
  setLanguage(organization: OrganizationId, language: Language | null): Promise<void>;
  /** All off until some are set. */
  stayLimits(organization: OrganizationId): Promise<StayLimits>;
  setStayLimits(organization: OrganizationId, limits: StayLimits): Promise<void>;
  /** For ever until something else is set. */
  retention(organization: OrganizationId): Promise<Retention>;
  setRetention(organization: OrganizationId, retention: Retention): Promise<void>;
  /** The hash of the PIN of its stations, in PHC form; `null` where they have none. */
  stationPin(organization: OrganizationId): Promise<string | null>;
  /** Also forgets the wrong PINs. */
  setStationPin(organization: OrganizationId, hash: string | null): Promise<void>;
  /** `null` where there were none. */
  pinGuesses(organization: OrganizationId): Promise<StoredPinGuesses | null>;
  /** All of them anew. Never a deed in the audit: what was tried is noted as such. */
  setPinGuesses(organization: OrganizationId, guesses: StoredPinGuesses): Promise<void>;
  forgetPinGuesses(organization: OrganizationId): Promise<void>;
  /** Stores both or neither. */
  create(organization: Organization, administrator: StoredPerson): Promise<void>;
}

/** Wrong PINs, of which each is known where it was entered. */
export type StationPinGuesses = PinGuesses<WrongPin & { readonly station: TerminalId }>;

/** The wrong PINs of an organization's stations, as far as they count. */
export interface StoredPinGuesses {
  readonly everywhere: StationPinGuesses;
  readonly stations: readonly (readonly [TerminalId, StationPinGuesses])[];
}

/** A browser that is a phone, by the SHA-256 of its token. `null`: enrolled before this was recorded. */
export interface StoredBrowser extends LastHeard {
  readonly extension: ExtensionId;
  readonly madeAt: number;
  /** The administrator who made its link. */
  readonly madeBy: string | null;
  /** Its User-Agent. */
  readonly browser: string | null;
}

/** When and from where a browser was last heard. */
export interface LastHeard {
  readonly hash: Buffer;
  readonly address: string | null;
  readonly heardAt: number | null;
}

/** An enrolment link, by the SHA-256 of its code. */
export interface StoredEnrolment {
  readonly hash: Buffer;
  readonly extension: ExtensionId;
  readonly usesLeft: number;
  readonly expiresAt: number;
  readonly madeAt: number;
  readonly madeBy: string | null;
}

/** Tokens and codes are known by their SHA-256 only. */
export interface TerminalRepository {
  browsers(): Promise<readonly StoredBrowser[]>;
  deleteToken(hash: Buffer): Promise<void>;
  /** Stores all or none. */
  noteHeard(browsers: readonly LastHeard[]): Promise<void>;
  insertEnrolment(enrolment: StoredEnrolment): Promise<void>;
  /** Also finds a used-up or expired one, for a month. */
  enrolment(hash: Buffer): Promise<StoredEnrolment | undefined>;
  /** The ones that can still be used. */
  openEnrolments(extension: ExtensionId, now: number): Promise<readonly StoredEnrolment[]>;
  deleteEnrolment(hash: Buffer): Promise<void>;
  /** Takes one use of an enrolment and stores the browser that it made a phone. @returns whether there was a use left. */
  redeem(enrolmentHash: Buffer, browser: StoredBrowser): Promise<boolean>;
}

/** Someone who can sign in, and what they may do. */
export interface StoredPerson extends Rights {
  readonly id: string;
  readonly organization: OrganizationId;
  /** Unique in the organization. */
  readonly email: string;
  /** `null` until they have chosen a password. */
  readonly passwordHash: string | null;
  /** Of their pages, where they have no extension; `null` until they have chosen one. */
  readonly language: Language | null;
}

/** A link with which a person chooses a password, by the SHA-256 of its token. */
export interface StoredLink {
  readonly hash: Buffer;
  readonly person: string;
  readonly madeAt: number;
  /** The address of the person who made it; `null` for the person themselves. */
  readonly madeBy: string | null;
  readonly expiresAt: number;
}

/** A browser in which somebody is signed in, by the SHA-256 of its token. */
export interface StoredSession {
  readonly hash: Buffer;
  readonly person: string;
  readonly openedAt: number;
  readonly expiresAt: number;
  /** Its User-Agent. */
  readonly browser: string | null;
  /** When and from where it was last heard. */
  readonly address: string | null;
  readonly heardAt: number;
  /** Did they come in through the provider, and with what there? `null`: with their password, or a link. */
  readonly provided: 'one-factor' | 'two-factors' | null;
}

export interface PersonRepository {
  /** Rejects where the organization has somebody with that address. */
  insert(person: StoredPerson): Promise<void>;
  byId(id: string): Promise<StoredPerson | undefined>;
  all(organization: OrganizationId): Promise<readonly StoredPerson[]>;
  /** In how many browsers each is signed in, and when one of them was last heard; those who are not are left out. */
  seen(
    organization: OrganizationId,
    now: number,
  ): Promise<ReadonlyMap<string, { readonly sessions: number; readonly heardAt: number }>>;
  /** What they may do; never the password. */
  update(person: StoredPerson): Promise<void>;
  /** With their sessions and links. */
  delete(id: string): Promise<void>;
  /** The only link of its person from now on. */
  replaceLink(link: StoredLink): Promise<void>;
  /** Whose link it is; `undefined` once it was used or has expired. */
  linked(hash: Buffer, now: number): Promise<StoredPerson | undefined>;
  /** Takes the link, stores the password and closes the person's sessions, or nothing of it. @returns whether the link was there. */
  useLink(hash: Buffer, passwordHash: string, now: number): Promise<boolean>;
  /** In any organization. */
  byEmail(email: string): Promise<readonly StoredPerson[]>;
  /** In any organization. */
  withRole(role: Role): Promise<readonly StoredPerson[]>;
  /** Forgets the sessions that have expired. */
  openSession(session: StoredSession): Promise<void>;
  /** `undefined` once it was closed or has expired. */
  session(
    hash: Buffer,
    now: number,
  ): Promise<{ readonly session: StoredSession; readonly person: StoredPerson } | undefined>;
  noteSession(hash: Buffer, address: string, heardAt: number): Promise<void>;
  /** The latest first. */
  sessionsOf(person: string, now: number): Promise<readonly StoredSession[]>;
  closeSession(hash: Buffer): Promise<void>;
  /** All but the one with the hash `kept`, where it is given. */
  closeSessionsOf(person: string, kept?: Buffer): Promise<void>;
}

/** Who somebody is to an OpenID provider: the subject never changes and is never given to anybody else (OpenID Connect Core 1.0 §5.7). */
export interface ProvidedIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** Who has come in through a provider: one person of each organization for an identity, and one identity for a person. */
export interface IdentityRepository {
  /** In any organization. */
  people(identity: ProvidedIdentity): Promise<readonly StoredPerson[]>;
  of(person: string): Promise<ProvidedIdentity | undefined>;
  /** The people of an organization who have one. */
  known(organization: OrganizationId): Promise<ReadonlySet<string>>;
  /** Nothing happens where the person has one. */
  keep(person: string, identity: ProvidedIdentity): Promise<void>;
  delete(person: string): Promise<void>;
}

/** A token for scripts, by the SHA-256 of its secret. */
export interface StoredApiToken {
  readonly id: string;
  readonly hash: Buffer;
  /** Who has made it. */
  readonly person: string;
  readonly name: string;
  readonly actions: readonly TokenAction[];
  /** Had its maker shown a second factor when it was made? */
  readonly proven: boolean;
  readonly madeAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  readonly usedFrom: string | null;
}

/** They are gone with their person. */
export interface ApiTokenRepository {
  insert(token: StoredApiToken): Promise<void>;
  /** The latest first, with those that have expired. */
  of(person: string): Promise<readonly StoredApiToken[]>;
  /** `undefined` once it was deleted or has expired. */
  find(
    hash: Buffer,
    now: number,
  ): Promise<{ readonly token: StoredApiToken; readonly person: StoredPerson } | undefined>;
  noteUse(id: string, usedFrom: string, usedAt: number): Promise<void>;
  /** @returns whether the person had it. */
  delete(person: string, id: string): Promise<boolean>;
}

/** Somebody's second factor: the secret that their authenticator app shares. */
export interface StoredSecondFactor {
  readonly secret: Buffer;
  /** Has a code from it been seen? Until then it is not asked for. */
  readonly isOn: boolean;
}

export interface SecondFactorRepository {
  of(person: string): Promise<StoredSecondFactor | undefined>;
  /** The people of an organization who have one that is on. */
  on(organization: OrganizationId): Promise<ReadonlySet<string>>;
  /** Stores a secret that is not on yet, in place of another such. @returns `false` where the person has one that is on. */
  begin(person: string, secret: Buffer): Promise<boolean>;
  /** Turns on the one with that secret, with the time step of the code that was seen. @returns whether it was there and not on. */
  turnOn(person: string, secret: Buffer, step: number, recoveryCodes: readonly Buffer[]): Promise<boolean>;
  /** Takes a time step; the earlier ones are gone with it. @returns `false` where it or a later one was taken before. */
  useStep(person: string, step: number): Promise<boolean>;
  /** Takes the recovery code with this SHA-256. @returns whether it was there. */
  useRecoveryCode(person: string, hash: Buffer): Promise<boolean>;
  /** How many are left. */
  recoveryCodes(person: string): Promise<number>;
  replaceRecoveryCodes(person: string, hashes: readonly Buffer[]): Promise<void>;
  /** With its recovery codes. */
  delete(person: string): Promise<void>;
  policy(organization: OrganizationId): Promise<SignInPolicy>;
  setPolicy(organization: OrganizationId, policy: SignInPolicy): Promise<void>;
}
