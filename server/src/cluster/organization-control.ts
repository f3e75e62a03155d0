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
  PageEvent,
  PageFault,
  PageReport,
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
import type { PinLocks } from '../exchange/contract/pin-locks.ts';
import type { CodeRefusal, IssuedCode } from '../exchange/contract/station-codes.ts';
import type { ExtensionNotice } from '../exchange/contract/extensions.ts';
import type { ExchangeControl } from '../management/ports.ts';
import { PortMailboxes } from './port-mailboxes.ts';
import type { Following, OrganizationPort } from './port.ts';

/** An organization in the words of management: commands and feeds of its port. */
export class OrganizationControl implements ExchangeControl {
  readonly mailboxes: PortMailboxes;
  readonly #port: OrganizationPort;

  constructor(port: OrganizationPort) {
    this.mailboxes = new PortMailboxes(port);
    this.#port = port;
  }

  view(terminal: TerminalId): Promise<TerminalView | null> {
    return this.#port.ask({ kind: 'view-terminal', terminal });
  }

  viewExtension(extension: ExtensionId): Promise<ExtensionView | null> {
    return this.#port.ask({ kind: 'view-extension', extension });
  }

  openPage(
    terminal: TerminalId,
    instance: string | null,
    listener: (event: PageEvent | TopicEvent) => void,
  ): Following {
    return this.#port.follow({ kind: 'page', terminal, instance }, listener);
  }

  openManagementPage(rights: Rights, listener: (event: AdministratorEvent | TopicEvent) => void): Following {
    return this.#port.follow({ kind: 'management-page', rights }, listener);
  }

  ladder(ladder: string, reader: ExtensionId | null): Promise<Ladder | 'withheld' | 'left-out' | null> {
    return this.#port.ask({ kind: 'view-ladder', ladder, reader });
  }

  ladders(reader: ExtensionId | null, number?: string): Promise<LadderList> {
    return this.#port.ask({ kind: 'list-ladders', reader, ...(number !== undefined && { number }) });
  }

  returnToBase(extension: ExtensionId, who: string): Promise<Outcome> {
    return this.#port.ask({ kind: 'return-to-base', extension, who });
  }

  liftLock(extension: ExtensionId, who: string): Promise<'done'> {
    return this.#port.ask({ kind: 'lift-lock', extension, who });
  }

  isInCall(extension: ExtensionId, number: string, until: number): Promise<boolean> {
    return this.#port.ask({ kind: 'is-in-call', extension, number, until });
  }

  send(extension: ExtensionId, base: ExtensionId, who: string): Promise<Sent> {
    return this.#port.ask({ kind: 'send', extension, base, who });
  }

  setLanguage(language: Language | null): Promise<'done'> {
    return this.#port.ask({ kind: 'set-language', language });
  }

  setStayRules(limits: StayLimits, timeZone: string): Promise<'done'> {
    return this.#port.ask({ kind: 'set-stay-rules', limits, timeZone });
  }

  keepVoicemail(days: number | null): Promise<'done'> {
    return this.#port.ask({ kind: 'keep-voicemail', days });
  }

  setKioskMode(on: boolean): Promise<'done'> {
    return this.#port.ask({ kind: 'set-kiosk-mode', on });
  }

  setPinLocks(locks: PinLocks): Promise<'done'> {
    return this.#port.ask({ kind: 'set-pin-locks', locks });
  }

  extendStay(terminal: TerminalId): Promise<Outcome> {
    return this.#port.ask({ kind: 'extend-stay', terminal });
  }

  undo(terminal: TerminalId): Promise<Outcome> {
    return this.#port.ask({ kind: 'undo', terminal });
  }

  returnFromTerminal(terminal: TerminalId): Promise<Outcome> {
    return this.#port.ask({ kind: 'return-from-terminal', terminal });
  }

  confer(terminal: TerminalId, calls: readonly [CallId, CallId]): Promise<Conferred> {
    return this.#port.ask({ kind: 'confer', terminal, calls });
  }

  takeBack(terminal: TerminalId, call: CallId): Promise<TakenBack> {
    return this.#port.ask({ kind: 'take-back', terminal, call });
  }

  answerPush(word: string, says: NoticeAnswer): Promise<'done' | 'over'> {
    return this.#port.ask({ kind: 'answer-push', word, says });
  }

  issueStationCode(terminal: TerminalId): Promise<IssuedCode | 'not-allowed'> {
    return this.#port.ask({ kind: 'issue-station-code', terminal });
  }

  withdrawStationCode(terminal: TerminalId): Promise<'done'> {
    return this.#port.ask({ kind: 'withdraw-station-code', terminal });
  }

  lookUpStation(phone: TerminalId, code: string): Promise<CodedStation | CodeRefusal> {
    return this.#port.ask({ kind: 'look-up-station', phone, code });
  }

  signInAtStation(phone: TerminalId, code: string): Promise<'done' | CodeRefusal> {
    return this.#port.ask({ kind: 'sign-in-at-station', phone, code });
  }

  personAt(terminal: TerminalId): Promise<PersonHere | null> {
    return this.#port.ask({ kind: 'person-at', terminal });
  }

  seeMissed(terminal: TerminalId, of: string, until: number): Promise<'done' | 'not-here'> {
    return this.#port.ask({ kind: 'see-missed', terminal, of, until });
  }

  setFavourite(terminal: TerminalId, of: string, number: string, favourite: boolean): Promise<Favoured> {
    return this.#port.ask({ kind: 'favour', terminal, of, number, favourite });
  }

  reportCheck(terminal: TerminalId, result: CheckResult): Promise<'done'> {
    return this.#port.ask({ kind: 'report-check', terminal, result });
  }

  reportFault(terminal: TerminalId, fault: PageFault): Promise<'done'> {
    return this.#port.ask({ kind: 'report-fault', terminal, fault });
  }

  reportPage(terminal: TerminalId, report: PageReport, browser: string | null): Promise<'done'> {
    return this.#port.ask({ kind: 'report-page', terminal, report, browser });
  }

  changeBook(command: BookCommand): Promise<BookAnswer> {
    return this.#port.ask(command);
  }

  followExtensions(hear: (notice: ExtensionNotice) => void): Following {
    return this.#port.follow({ kind: 'extensions' }, hear);
  }
}
