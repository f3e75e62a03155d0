import type {
  AdministratorEvent,
  AuditEntry,
  AuditFilter,
  CallId,
  CheckResult,
  ExtensionId,
  ExtensionView,
  MailboxView,
  OrganizationId,
  PageEvent,
  PageRequest,
  RecordingId,
  Rights,
  Role,
  SignInPolicy,
  TerminalId,
  TerminalView,
  TopicEvent,
} from '@perch/shared';
import type {
  BookAnswer,
  BookCommand,
  Conferred,
  Outcome,
  Sent,
  TakenBack,
} from '../exchange/contract/commands.ts';
import type { DigestSecrets, Extension, ExtensionNotice } from '../exchange/contract/extensions.ts';
import type { GreetingBegun, MailboxRefusal, MailboxVisitor } from '../exchange/contract/mailboxes.ts';
import type { Organization } from '../exchange/ports.ts';

/** What management stores. Each change is durable when its promise resolves; where it rejects, nothing has changed. */
export interface Repositories {
  readonly organizations: OrganizationRepository;
  readonly terminals: TerminalRepository;
  readonly people: PersonRepository;
  readonly secondFactors: SecondFactorRepository;
  readonly audit: AuditRepository;
}

export interface OrganizationRepository {
  all(): Promise<readonly Organization[]>;
  /** An IANA name; `null` until one is chosen. */
  timeZone(organization: OrganizationId): Promise<string | null>;
  setTimeZone(organization: OrganizationId, timeZone: string): Promise<void>;
  /** Stores both or neither. */
  create(organization: Organization, administrator: StoredPerson): Promise<void>;
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
  closeSessionsOf(person: string): Promise<void>;
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

/** The last entry of an organization’s audit. */
export interface AuditHead {
  readonly position: number;
  readonly seal: string;
}

export interface AuditSearch extends AuditFilter {
  /** Positions below this one only. */
  readonly before?: number | undefined;
}

/** What people have done and tried: entries are added and read, never changed or removed. */
export interface AuditRepository {
  /** One at a time: `next` makes the entry that follows the last one. */
  append(organization: OrganizationId, next: (last: AuditHead | undefined) => AuditEntry): Promise<void>;
  head(organization: OrganizationId): Promise<AuditHead | undefined>;
  /** The latest first. */
  read(organization: OrganizationId, search: AuditSearch, limit: number): Promise<readonly AuditEntry[]>;
  /** In the order in which they were made, from the position after that one. */
  readOn(organization: OrganizationId, after: number, limit: number): Promise<readonly AuditEntry[]>;
}

/** A page that is told about changes, and asks for the topics that it shows. */
export interface OpenPage {
  request(request: PageRequest): void;
  /** The page is told nothing more. */
  close(): void;
}

/**
 * What management needs of a running organization. Each change is durable and in force when its promise resolves; it
 * rejects where it could not be stored, and then nothing has changed. `who` is the administrator.
 */
export interface ExchangeControl {
  /** `null` where the terminal's owner does not exist. */
  view(terminal: TerminalId): Promise<TerminalView | null>;
  /** `null` where it does not exist. */
  viewExtension(extension: ExtensionId): Promise<ExtensionView | null>;
  /** Tells a page everything about its terminal now and every change from now on, of its phone with that instance, if it is one. */
  openPage(
    terminal: TerminalId,
    instance: string | null,
    listener: (event: PageEvent | TopicEvent) => void,
  ): OpenPage;
  /** Tells a page of management that the server is alive, and what it asks for as far as these rights reach. */
  openManagementPage(rights: Rights, listener: (event: AdministratorEvent | TopicEvent) => void): OpenPage;
  returnToBase(extension: ExtensionId, who: string): Promise<Outcome>;
  /** Moves an extension to the terminal of another one, without its code, if nobody else is there. */
  send(extension: ExtensionId, base: ExtensionId, who: string): Promise<Sent>;
  /** Forgives the wrong codes counted against the extension and its terminal. */
  liftLock(extension: ExtensionId, who: string): Promise<'done'>;
  /** Undoes the terminal's last change. */
  undo(terminal: TerminalId): Promise<Outcome>;
  /** What `*30` does on this terminal. */
  returnFromTerminal(terminal: TerminalId): Promise<Outcome>;
  /** Joins two calls of a terminal in a conference, or the party of one with the conference that the other one is in. */
  confer(terminal: TerminalId, calls: readonly [CallId, CallId]): Promise<Conferred>;
  /** Takes a call back that a terminal is sending on, while it rings there. */
  takeBack(terminal: TerminalId, call: CallId): Promise<TakenBack>;
  reportCheck(terminal: TerminalId, result: CheckResult): Promise<'done'>;
  changeBook(command: BookCommand): Promise<BookAnswer>;
  /** Tells all extensions, and every change from now on: before the answer of the command that made it. */
  followExtensions(hear: (notice: ExtensionNotice) => void): void;
  readonly mailboxes: MailboxControl;
}

/** For the pages of a terminal: the mailbox of the extension that speaks through it, looked up at each call. */
export interface MailboxControl {
  view(at: MailboxVisitor): Promise<MailboxView | 'locked'>;
  /** Also `wrong-pin` where too many were wrong lately, or the mailbox has none. */
  unlock(at: MailboxVisitor, pin: string): Promise<'open' | 'wrong-pin' | 'locked'>;
  /** An Ogg Opus file. */
  recording(at: MailboxVisitor, message: RecordingId): Promise<Uint8Array | MailboxRefusal>;
  markHeard(at: MailboxVisitor, message: RecordingId, heard: boolean): Promise<'done' | MailboxRefusal>;
  delete(at: MailboxVisitor, message: RecordingId): Promise<'done' | MailboxRefusal>;
  restore(at: MailboxVisitor, message: RecordingId): Promise<'done' | MailboxRefusal>;
  /** An Ogg Opus file. */
  greeting(at: MailboxVisitor): Promise<Uint8Array | MailboxRefusal>;
  /** Asked before a sound is made ready: is the visitor served, and is there room? */
  beginGreeting(at: MailboxVisitor): Promise<GreetingBegun | MailboxRefusal>;
  /**
   * Opus packets, of 20 ms each, become the greeting only if the extension for which it was begun has spoken here without a break
   * until then: a guest's never becomes the desk's.
   */
  replaceGreeting(
    at: MailboxVisitor,
    begun: GreetingBegun,
    packets: readonly Uint8Array[],
  ): Promise<'done' | MailboxRefusal>;
  removeGreeting(at: MailboxVisitor): Promise<'done' | MailboxRefusal>;
  /** Who may change PIN and mail address here: the owner, at home, of a personal phone; `null` for anyone else. */
  ownerAt(terminal: TerminalId): Promise<ExtensionId | null>;
}

/** The running organizations. */
export interface Exchanges {
  start(organization: Organization): Promise<void>;
  /** @throws where the organization was never started. */
  of(organization: OrganizationId): ExchangeControl;
}

/**
 * Who may open a flow or a page: it is told what the organizations say of their extensions, and what becomes of tokens. A change that withdraws access also ends the connections
 * that relied on it.
 */
export interface AccountBook {
  /** Lets the extension's terminal in with its current credentials; where it is suspended, keeps it out. */
  set(extension: Extension, digest: DigestSecrets | null, domain: string): void;
  delete(extension: ExtensionId): void;
  addToken(tokenHash: Buffer, extension: ExtensionId): void;
  deleteToken(tokenHash: Buffer): void;
  /** The extension with a token of this hash, suspended or not. */
  extensionOf(tokenHash: Buffer): ExtensionId | undefined;
}
