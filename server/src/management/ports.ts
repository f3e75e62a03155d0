import type {
  AdministratorEvent,
  CallId,
  CheckResult,
  CodedStation,
  ExtensionId,
  ExtensionView,
  Ladder,
  LadderList,
  Language,
  NoticeAnswer,
  MailboxView,
  OrganizationId,
  PageEvent,
  PageFault,
  PageReport,
  PageRequest,
  RecordingId,
  Rights,
  StayLimits,
  TerminalId,
  TerminalView,
  TopicEvent,
} from '@perch/shared';
import type {
  BookAnswer,
  BookCommand,
  Conferred,
  Favoured,
  Outcome,
  PersonHere,
  Sent,
  TakenBack,
} from '../exchange/contract/commands.ts';
import type { DigestSecrets, Extension, ExtensionNotice } from '../exchange/contract/extensions.ts';
import type {
  GreetingBegun,
  MailboxRefusal,
  MailboxVisitor,
  MessagesFrom,
} from '../exchange/contract/mailboxes.ts';
import type { PinLocks } from '../exchange/contract/pin-locks.ts';
import type { CodeRefusal, IssuedCode } from '../exchange/contract/station-codes.ts';
import type { Organization } from '../exchange/ports.ts';
import type { Refusal } from './refusal.ts';
import type { ProvidedIdentity } from './repositories.ts';

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
  /** The SIP messages of a call, for somebody with that extension; `null` where none are kept, `left-out` where none ever were, since too many calls began at once. */
  ladder(ladder: string, reader: ExtensionId | null): Promise<Ladder | 'withheld' | 'left-out' | null>;
  /** The calls whose messages are kept, the latest first; of one number where it is given. */
  ladders(reader: ExtensionId | null, number?: string): Promise<LadderList>;
  returnToBase(extension: ExtensionId, who: string): Promise<Outcome>;
  /** Moves an extension to the terminal of another one, without its code, if nobody else is there. */
  send(extension: ExtensionId, base: ExtensionId, who: string): Promise<Sent>;
  /** Is there a call under way whose record will name the extension, by its id or by its number? */
  isInCall(extension: ExtensionId, number: string, until: number): Promise<boolean>;
  /** Forgives the wrong codes counted against the extension and its terminal. */
  liftLock(extension: ExtensionId, who: string): Promise<'done'>;
  /** That of all who have none of their own, from now on; not kept by the organization. */
  setLanguage(language: Language | null): Promise<'done'>;
  /** What ends stays by itself, from now on; not kept by the organization. */
  setStayRules(limits: StayLimits, timeZone: string): Promise<'done'>;
  /** How long voicemail is kept (days); `null` for as long as the server keeps it. Not kept by the organization. */
  keepVoicemail(days: number | null): Promise<'done'>;
  /** Are its stations in kiosk mode, from now on? Not kept by the organization. */
  setKioskMode(on: boolean): Promise<'done'>;
  /** Where none of their PINs is taken, from now on; not kept by the organization. */
  setPinLocks(locks: PinLocks): Promise<'done'>;
  /** The guest at that terminal stays on, once. */
  extendStay(terminal: TerminalId): Promise<Outcome>;
  /** Undoes the terminal's last change. */
  undo(terminal: TerminalId): Promise<Outcome>;
  /** What `*30` does on this terminal. */
  returnFromTerminal(terminal: TerminalId): Promise<Outcome>;
  /** Joins two calls of a terminal in a conference, or the party of one with the conference that the other one is in. */
  confer(terminal: TerminalId, calls: readonly [CallId, CallId]): Promise<Conferred>;
  /** Takes a call back that a terminal is sending on, while it rings there. */
  takeBack(terminal: TerminalId, call: CallId): Promise<TakenBack>;
  /** What a phone answers to a push message; `over`: the call does not ring there any more. */
  answerPush(word: string, says: NoticeAnswer): Promise<'done' | 'over'>;
  /** A code for that terminal to show, with which somebody signs in there from their own phone; the earlier one can no longer be used. */
  issueStationCode(terminal: TerminalId): Promise<IssuedCode | 'not-allowed'>;
  withdrawStationCode(terminal: TerminalId): Promise<'done'>;
  /** Of which terminal the code is that somebody has scanned or typed at their phone. */
  lookUpStation(phone: TerminalId, code: string): Promise<CodedStation | CodeRefusal>;
  /** The owner of that phone moves there, as by `*30` with their secret code. */
  signInAtStation(phone: TerminalId, code: string): Promise<'done' | CodeRefusal>;
  /** The extension of the person at that terminal, whose own calls its pages may show; `null` where nobody is, or only a desk. */
  personAt(terminal: TerminalId): Promise<PersonHere | null>;
  /** The person at that terminal, who has the number `of`, has looked at missed calls that were over by then. */
  seeMissed(terminal: TerminalId, of: string, until: number): Promise<'done' | 'not-here'>;
  /** The same person makes that number a favourite, or no longer one. */
  setFavourite(terminal: TerminalId, of: string, number: string, favourite: boolean): Promise<Favoured>;
  reportPage(terminal: TerminalId, report: PageReport, browser: string | null): Promise<'done'>;
  reportCheck(terminal: TerminalId, result: CheckResult): Promise<'done'>;
  reportFault(terminal: TerminalId, fault: PageFault): Promise<'done'>;
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
  /** The messages that a number has left for anybody in that time are deleted for good. */
  forgetFrom(messages: MessagesFrom): Promise<'done'>;
  /** Who may change PIN and mail address here: the owner, at home, of a personal phone; `null` for anyone else. */
  ownerAt(terminal: TerminalId): Promise<ExtensionId | null>;
}

/** What a provider says of somebody who has signed in there. */
export interface ProvidedPerson extends ProvidedIdentity {
  readonly email: string | null;
  /** Has the provider made sure that the address is theirs? */
  readonly isEmailVerified: boolean;
  /** Have they proved it there by more than a password? */
  readonly hasSecondFactor: boolean;
}

/** Secrets of one sign-in at a provider: anyone who comes back has to know the first, and what the provider says has to fit the others. */
export interface ProviderSecrets {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636 §4.1. */
  readonly verifier: string;
}

/** Where people can sign in by OpenID Connect. */
export interface IdentityProvider {
  /** What people call it. */
  readonly name: string;
  /** The domains of the organizations whose people it knows; `undefined` for all. */
  readonly organizations: readonly string[] | undefined;
  /** Where a browser goes to sign in. */
  addressFor(secrets: ProviderSecrets): Promise<URL | Refusal>;
  /** Who has signed in. @param search what is behind the `?` of the address at which the browser came back. */
  identify(search: string, secrets: ProviderSecrets): Promise<ProvidedPerson | Refusal>;
  /** Where a browser goes to sign out there; `undefined` where the provider says nothing of it. */
  signOutAddress(): Promise<URL | undefined>;
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
