import type {
  AdministratorEvent,
  CallId,
  CheckResult,
  CodedStation,
  ExtensionId,
  ExtensionView,
  Language,
  Guessing,
  Ladder,
  LadderList,
  NoticeAnswer,
  OrganizationId,
  PageEvent,
  PageFault,
  PageReport,
  PageRequest,
  Rights,
  StayLimits,
  TerminalId,
  TerminalView,
  TopicEvent,
} from '@perch/shared';
import { Book } from '../../exchange/book/book.ts';
import type { Happened } from '../../exchange/happenings.ts';
import { BookChanges } from '../../exchange/book/changes.ts';
import type { BookStore } from '../../exchange/book/ports.ts';
import type {
  BookAnswer,
  BookCommand,
  Conferred,
  Favoured,
  Outcome,
  PersonHere,
  Sent,
  TakenBack,
} from '../../exchange/contract/commands.ts';
import { extensionViewOf, floorLineOf } from '../../exchange/pages/extension-view.ts';
import type { ExtensionNotice } from '../../exchange/contract/extensions.ts';
import { NO_PIN_LOCKS, type PinLocks } from '../../exchange/contract/pin-locks.ts';
import type { CodeRefusal, IssuedCode } from '../../exchange/contract/station-codes.ts';
import type { Directory, Organization } from '../../exchange/ports.ts';
import type { Chance } from '../../world/chance.ts';
import { slowVerify } from '../slow-hash.ts';
import { FakeMailboxes } from './fake-mailboxes.ts';
import type { ExchangeControl, Exchanges, OpenPage } from '../ports.ts';

/** For tests: a running organization in which no extension ever moves, and that notes what it is told. */
class FakeExchange implements ExchangeControl {
  readonly told: string[] = [];
  /** The outcome of the next requests. */
  outcome: Outcome = 'done';
  sent: Sent = 'done';
  conferred: Conferred = 'done';
  takenBack: TakenBack = 'done';
  /** The word of the only push message that is out. */
  pushWord = '';
  favoured: Favoured = 'done';
  /** Why codes of stations are refused; `null` where they are not. */
  codeRefusal: CodeRefusal | null = null;
  /** Who is at a terminal at the next questions, where that is not its owner. */
  readonly persons: PersonHere[] = [];
  /** What there is to say of wrong codes, of every extension. */
  pinLocks = NO_PIN_LOCKS;
  guessing: Guessing = { wrongAt: [], lockedUntil: null, terminalLockedUntil: null };
  /** While true, nothing can be stored. */
  broken = false;
  /** Is everybody in a call? */
  inCall = false;
  /** Who is on whose terminal. */
  readonly guests = new Map<TerminalId, string>();
  /** Since when they are there. */
  guestsSince = 1;
  /** Those that pages have named, in order. */
  readonly instances: (string | null)[] = [];
  readonly listeners = new Map<TerminalId, Set<(event: PageEvent | TopicEvent) => void>>();
  readonly administrators = new Set<(event: AdministratorEvent | TopicEvent) => void>();
  /** The rights of those who have opened pages of management. */
  readonly managing: Rights[] = [];
  /** What pages have asked for. */
  readonly requests: PageRequest[] = [];
  readonly mailboxes: FakeMailboxes;
  readonly book: Book;
  readonly #changes: BookChanges;

  constructor(book: Book, chance: Chance) {
    this.book = book;
    this.mailboxes = new FakeMailboxes(book.directory);
    this.#changes = new BookChanges({
      book,
      chance,
      view: { guestNameOn: (terminal) => this.guests.get(terminal) },
      happened: (happening) => {
        if (happening.kind === 'extension-changed') this.#note('changed', happening.extension);
      },
      mailboxes: {
        pinReplaced: () => this.mailboxes.pinReplaced(),
        forget: async (extension) => this.#note('forgotten', extension),
      },
      where: {
        extensionSuspended: async (extension, who) => this.#note('suspended', extension, who),
        extensionRemoved: async (extension, who) => this.#note('removed', extension, who),
        secretCodeReplaced: async (extension, who) => this.#note('code-replaced', extension, who),
        virtualizationDisallowed: async (extension, presentGuest, who) => {
          this.#note('disallowed', extension, presentGuest, who);
          const home = this.#directory.homeOf(extension);
          if (home) this.guests.delete(home);
        },
      },
    });
  }

  /** The SIP messages that are kept, by the ids of their calls. */
  readonly kept = new Map<string, Ladder | 'withheld' | 'left-out'>();

  get #directory(): Directory {
    return this.book.directory;
  }

  async view(terminal: TerminalId): Promise<TerminalView | null> {
    const owner = this.#directory.byTerminal(terminal);
    if (!owner) return null;
    const { name, domain, emergencyNumbers } = this.#directory.organization;
    const guest = this.guests.get(terminal);
    return {
      organization: { name, domain, language: null },
      kind: owner.kind === 'station' ? 'station' : 'phone',
      owner: { number: owner.number, name: owner.name },
      allowVirtualization: owner.allowVirtualization,
      occupancy: guest
        ? { kind: 'guest', guest: { number: '999', name: guest }, since: this.guestsSince }
        : { kind: 'owner' },
      whereabouts: { kind: 'home' },
      registered: true,
      asleep: false,
      emergencyNumbers: [...emergencyNumbers],
      language: null,
      ownerLanguage: null,
      doNotDisturb: false,
      forwards: { always: null, busy: null, unanswered: null, unreachable: null },
      recentChange: null,
      stayEnds: null,
      stayEnded: null,
      lastCheck: null,
      kiosk: false,
      pinLockedUntil: null,
    };
  }

  async viewExtension(id: ExtensionId): Promise<ExtensionView | null> {
    const extension = this.#directory.byId(id);
    if (!extension) return null;
    const place = (await this.view(extension.terminal)) ?? undefined;
    return extensionViewOf(
      extension,
      floorLineOf(extension, null, this.guessing, { page: null, lostAt: null }, place),
      this.mailboxes.counts(),
      [],
    );
  }

  openPage(
    terminal: TerminalId,
    instance: string | null,
    listener: (event: PageEvent | TopicEvent) => void,
  ): OpenPage {
    this.instances.push(instance);
    const listeners = this.listeners.get(terminal) ?? new Set();
    this.listeners.set(terminal, listeners.add(listener));
    listener({ kind: 'pulse', at: 1, registered: true });
    return {
      request: (request) => void this.requests.push(request),
      close: () => void listeners.delete(listener),
    };
  }

  openManagementPage(rights: Rights, listener: (event: AdministratorEvent | TopicEvent) => void): OpenPage {
    this.managing.push(rights);
    this.administrators.add(listener);
    listener({ kind: 'alive', at: 1 });
    return {
      request: (request) => void this.requests.push(request),
      close: () => void this.administrators.delete(listener),
    };
  }

  async ladder(ladder: string): Promise<Ladder | 'withheld' | 'left-out' | null> {
    return this.kept.get(ladder) ?? null;
  }

  async ladders(_reader: ExtensionId | null, number?: string): Promise<LadderList> {
    const ladders = [...this.kept.values()]
      .filter((each) => typeof each !== 'string')
      .filter(({ dialled }) => number === undefined || dialled === number)
      .map(({ id, startedAt, live, dialled, messages }) => ({
        ...{ id, startedAt, lastAt: startedAt, live, dialled, messages: messages.length },
        ...{ caller: null, status: null },
      }));
    return { ladders, leftOut: null };
  }

  async returnToBase(extension: ExtensionId, who: string): Promise<Outcome> {
    this.#note('return-to-base', extension, who);
    return this.outcome;
  }

  async send(extension: ExtensionId, base: ExtensionId, who: string): Promise<Sent> {
    this.#note('send', extension, this.#directory.byId(base)?.number ?? 'nobody', who);
    return this.sent;
  }

  async isInCall(): Promise<boolean> {
    return this.inCall;
  }

  async liftLock(extension: ExtensionId, who: string): Promise<'done'> {
    this.#note('lift-lock', extension, who);
    return 'done';
  }

  async setLanguage(language: Language | null): Promise<'done'> {
    this.told.push(`language ${language ?? 'none'}`);
    return 'done';
  }

  async setStayRules(limits: StayLimits, timeZone: string): Promise<'done'> {
    this.told.push(`stay rules ${JSON.stringify(limits)}, ${timeZone}`);
    return 'done';
  }

  async keepVoicemail(days: number | null): Promise<'done'> {
    this.told.push(`voicemail is kept ${days === null ? 'as the server keeps it' : `${days} days`}`);
    return 'done';
  }

  async setKioskMode(on: boolean): Promise<'done'> {
    this.told.push(`kiosk mode ${on ? 'on' : 'off'}`);
    return 'done';
  }

  async setPinLocks(locks: PinLocks): Promise<'done'> {
    this.pinLocks = locks;
    return 'done';
  }

  async extendStay(terminal: TerminalId): Promise<Outcome> {
    this.#note('extend-stay', this.#directory.ownerOf(terminal));
    return this.outcome;
  }

  async undo(terminal: TerminalId): Promise<Outcome> {
    this.#note('undo', this.#directory.ownerOf(terminal));
    return this.outcome;
  }

  async returnFromTerminal(terminal: TerminalId): Promise<Outcome> {
    this.#note('return-from', this.#directory.ownerOf(terminal));
    return this.outcome;
  }

  async confer(terminal: TerminalId, calls: readonly [CallId, CallId]): Promise<Conferred> {
    this.#note('confer', this.#directory.ownerOf(terminal), ...calls);
    return this.conferred;
  }

  async answerPush(word: string, says: NoticeAnswer): Promise<'done' | 'over'> {
    this.told.push(`answer-push ${word} ${says}`);
    return word === this.pushWord ? 'done' : 'over';
  }

  async takeBack(terminal: TerminalId, call: CallId): Promise<TakenBack> {
    this.#note('take-back', this.#directory.ownerOf(terminal), call);
    return this.takenBack;
  }

  async issueStationCode(terminal: TerminalId): Promise<IssuedCode | 'not-allowed'> {
    this.#note('issue-station-code', this.#directory.ownerOf(terminal));
    return this.#directory.byTerminal(terminal)?.allowVirtualization
      ? { link: 'scanned', typed: 'TYPED', validMs: 60_000 }
      : 'not-allowed';
  }

  async withdrawStationCode(terminal: TerminalId): Promise<'done'> {
    this.#note('withdraw-station-code', this.#directory.ownerOf(terminal));
    return 'done';
  }

  async lookUpStation(phone: TerminalId, code: string): Promise<CodedStation | CodeRefusal> {
    this.#note('look-up-station', this.#directory.ownerOf(phone), code);
    const agent = { number: '101', name: 'Ada' };
    const station = { number: '201', name: 'Front desk' };
    return this.codeRefusal ?? { station, agent, place: null, guest: null };
  }

  async signInAtStation(phone: TerminalId, code: string): Promise<'done' | CodeRefusal> {
    this.#note('sign-in-at-station', this.#directory.ownerOf(phone), code);
    return this.codeRefusal ?? 'done';
  }

  async personAt(terminal: TerminalId): Promise<PersonHere | null> {
    return this.persons.shift() ?? this.#personAt(terminal);
  }

  #personAt(terminal: TerminalId): PersonHere | null {
    const owner = this.#directory.byTerminal(terminal);
    return owner?.kind === 'person' ? { extension: owner.id, number: owner.number } : null;
  }

  async seeMissed(terminal: TerminalId, of: string, until: number): Promise<'done' | 'not-here'> {
    if (this.#personAt(terminal)?.number !== of) return 'not-here';
    this.#note('seen', this.#directory.ownerOf(terminal), String(until));
    return 'done';
  }

  async setFavourite(
    terminal: TerminalId,
    of: string,
    number: string,
    favourite: boolean,
  ): Promise<Favoured> {
    if (this.#personAt(terminal)?.number !== of) return 'not-here';
    this.#note('favourite', this.#directory.ownerOf(terminal), number, String(favourite));
    return this.favoured;
  }

  async reportPage(
    terminal: TerminalId,
    { microphone, version }: PageReport,
    browser: string | null,
  ): Promise<'done'> {
    this.#note('page', this.#directory.ownerOf(terminal), microphone, version, browser ?? 'unknown');
    return 'done';
  }

  async reportCheck(terminal: TerminalId, { verdict, parts }: CheckResult): Promise<'done'> {
    this.#note('check', this.#directory.ownerOf(terminal), verdict, ...parts);
    return 'done';
  }

  async reportFault(terminal: TerminalId, { part, error }: PageFault): Promise<'done'> {
    this.#note('fault', this.#directory.ownerOf(terminal), part, error);
    return 'done';
  }

  changeBook(command: BookCommand): Promise<BookAnswer> {
    return this.#changes.carryOut(command);
  }

  followExtensions(hear: (notice: ExtensionNotice) => void): void {
    this.book.follow(hear);
  }

  /** With the extension's number while it exists: `disallowed 201 return boss@demo.test`. */
  #note(what: string, extension: ExtensionId | undefined, ...rest: readonly string[]): void {
    if (this.broken) throw new Error('the disk is full');
    this.told.push(
      [what, (extension && this.#directory.byId(extension))?.number ?? 'nobody', ...rest].join(' '),
    );
  }
}

/** For tests: organizations whose books are real, and whose exchanges are fakes. */
export class FakeExchanges implements Exchanges {
  readonly #bookOf: (organization: OrganizationId) => BookStore;
  readonly #chance: Chance;
  readonly #running = new Map<OrganizationId, FakeExchange>();

  constructor(bookOf: (organization: OrganizationId) => BookStore, chance: Chance) {
    this.#bookOf = bookOf;
    this.#chance = chance;
  }

  async start(organization: Organization): Promise<void> {
    const store = this.#bookOf(organization.id);
    const happened: Happened = (happening) => {
      if (happening.kind === 'failed')
        throw new Error('a follower of the book failed', { cause: happening.error });
    };
    const book = await Book.open({ organization, store, verifySecret: slowVerify, happened });
    this.#running.set(organization.id, new FakeExchange(book, this.#chance));
  }

  of(organization: OrganizationId): FakeExchange {
    const exchange = this.#running.get(organization);
    if (!exchange) throw new Error(`organization ${organization} was never started`);
    return exchange;
  }

  /** The only one there is. */
  get only(): FakeExchange {
    const [exchange] = this.#running.values();
    if (!exchange) throw new Error('no organization was started');
    return exchange;
  }
}
