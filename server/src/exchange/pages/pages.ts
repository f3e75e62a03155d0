import { type Rights, type Scope, scopeOf, topicAccess } from '@perch/shared';
import type {
  AdministratorEvent,
  CallId,
  CallView,
  CenterEvent,
  MessageCounts,
  PageEvent,
  PageRequest,
  TerminalId,
  TopicName,
  TerminalView,
  TopicEvent,
  VoicemailEvent,
} from '@perch/shared';
import { FollowedTopics } from './followed-topics.ts';
import type { Lamp } from '../message-waiting/message-summary.ts';
import type { PageTopics } from './page-topics.ts';
import type { Clock, Extension } from '../ports.ts';

/** How often every open page hears that the server is alive (milliseconds). */
const PULSE_MS = 5_000;

/** What pages are told, computed afresh at each change: nothing is kept that could go stale. */
export interface PageSources {
  /** `undefined` where the terminal's owner no longer exists. */
  view(terminal: TerminalId): TerminalView | undefined;
  calls(terminal: TerminalId): readonly CallView[];
  /** The message lamp of the extension that speaks there; `undefined` where none does. */
  lamp(terminal: TerminalId): Lamp | undefined;
  /** Can a call reach the phone of that instance there now; any phone there, where it is `null`? */
  registered(terminal: TerminalId, instance: string | null): boolean;
  /** The extension of the person at that terminal: its pages may follow what is theirs, and who their colleagues are. */
  personAt(terminal: TerminalId): Extension | undefined;
}

export type PageListener = (event: PageEvent | TopicEvent) => void;
export type AdministratorListener = (event: AdministratorEvent | TopicEvent) => void;

/** A page that is open: it is told everything about its terminal, and the topics that it asks for. */
export interface OpenPage {
  request(request: PageRequest): void;
  close(): void;
}

/** An open page, and how it is told. */
interface Page {
  /** That of its phone, if it is one. */
  readonly instance: string | null;
  /** What it was last told of its registration. */
  registered: boolean;
  readonly listener: PageListener;
  readonly topics: FollowedTopics;
}

/** The open pages of an organization's terminals, and what each is told. */
export class Pages {
  readonly #sources: PageSources;
  readonly #topics: Pick<PageTopics, 'of' | 'ownOf' | 'isWithin'>;
  readonly #clock: Clock;
  readonly #pages = new Map<TerminalId, Set<Page>>();
  readonly #managing = new Map<AdministratorListener, FollowedTopics>();
  #stopPulse: (() => void) | undefined;

  constructor(sources: PageSources, topics: Pick<PageTopics, 'of' | 'ownOf' | 'isWithin'>, clock: Clock) {
    this.#sources = sources;
    this.#topics = topics;
    this.#clock = clock;
  }

  /** Tells the page everything about its terminal at once, then every change. `instance`: see `pageEvent`. */
  open(terminal: TerminalId, instance: string | null, listener: PageListener): OpenPage {
    const topics = new FollowedTopics(
      {
        mayFollow: (name) =>
          topicAccess(name) === 'terminal' && this.#sources.personAt(terminal) !== undefined,
        topic: (name) =>
          name === 'own' ? this.#topics.ownOf(this.#sources.personAt(terminal)) : this.#topics.of(name),
      },
      listener,
    );
    const registered = this.#sources.registered(terminal, instance);
    const page: Page = { instance, registered, listener, topics };
    const pages = this.#pages.get(terminal) ?? new Set();
    this.#pages.set(terminal, pages.add(page));
    for (const event of this.#everythingAbout(terminal, registered)) listener(event);
    this.#beginPulse();
    return {
      request: (request) => topics.request(request),
      close: () => {
        topics.close();
        pages.delete(page);
        if (pages.size === 0 && this.#pages.get(terminal) === pages) this.#pages.delete(terminal);
      },
    };
  }

  /** A page of management: it is told that the server is alive, and the topics that it asks for, as far as these rights reach. */
  openManagement(rights: Rights, listener: AdministratorListener): OpenPage {
    const scope = (name: TopicName): Scope | undefined => {
      const access = topicAccess(name);
      return access === 'terminal' ? undefined : scopeOf(rights, access);
    };
    const topics = new FollowedTopics(
      {
        mayFollow: (name) => {
          const reached = scope(name);
          return reached !== undefined && this.#topics.isWithin(name, reached);
        },
        topic: (name) => this.#topics.of(name, scope(name)),
      },
      listener,
    );
    this.#managing.set(listener, topics);
    listener({ kind: 'alive', at: this.#clock.now() });
    this.#beginPulse();
    return {
      request: (request) => topics.request(request),
      close: () => {
        topics.close();
        this.#managing.delete(listener);
      },
    };
  }

  /** Also called when a different extension speaks there, which may follow other topics, and when a phone there has come or gone. */
  terminalChanged(terminal: TerminalId): void {
    const view = this.#pages.has(terminal) ? this.#sources.view(terminal) : undefined;
    const at = this.#clock.now();
    if (view) this.#tell(terminal, { kind: 'terminal', at, view });
    for (const page of this.#pages.get(terminal) ?? []) {
      page.topics.review();
      const before = page.registered;
      this.#look(terminal, page);
      if (page.registered !== before) page.listener({ kind: 'pulse', at, registered: page.registered });
    }
  }

  /** Something that every terminal shows has changed. */
  allChanged(): void {
    for (const terminal of this.#pages.keys()) this.terminalChanged(terminal);
  }

  /** An extension is new, changed or gone: who may follow what of it may have changed with it. */
  extensionChanged(): void {
    for (const topics of this.#managing.values()) topics.review();
  }

  callsChanged(terminal: TerminalId): void {
    if (!this.#pages.has(terminal)) return;
    this.#tell(terminal, { kind: 'calls', at: this.#clock.now(), calls: [...this.#sources.calls(terminal)] });
  }

  centerEvent(terminal: TerminalId, call: CallId, event: CenterEvent): void {
    this.#tell(terminal, { kind: 'center', at: this.#clock.now(), call, event });
  }

  /** The terminal's lamp has changed, or it now shows that of another extension. */
  lampChanged(terminal: TerminalId): void {
    if (this.#pages.has(terminal)) this.#tell(terminal, this.#mailboxOf(terminal));
  }

  voicemailEvent(terminal: TerminalId, call: CallId, event: VoicemailEvent): void {
    this.#tell(terminal, { kind: 'voicemail', at: this.#clock.now(), call, event });
  }

  close(): void {
    this.#stopPulse?.();
    this.#pages.clear();
    this.#managing.clear();
  }

  #beginPulse(): void {
    this.#stopPulse ??= this.#clock.after(PULSE_MS, this.#pulse);
  }

  readonly #pulse = (): void => {
    this.#stopPulse = undefined;
    if (this.#pages.size + this.#managing.size > 0) this.#beginPulse();
    const at = this.#clock.now();
    // One of two objects, shared by all pages, so that each is encoded only once.
    const registered: PageEvent = { kind: 'pulse', at, registered: true };
    const unregistered: PageEvent = { kind: 'pulse', at, registered: false };
    for (const [terminal, pages] of this.#pages)
      for (const page of pages) {
        this.#look(terminal, page);
        page.listener(page.registered ? registered : unregistered);
      }
    const alive: AdministratorEvent = { kind: 'alive', at };
    for (const listener of this.#managing.keys()) listener(alive);
  };

  /** Is the page's phone registered? */
  #look(terminal: TerminalId, page: Page): void {
    page.registered = this.#sources.registered(terminal, page.instance);
  }

  #everythingAbout(terminal: TerminalId, registered: boolean): PageEvent[] {
    const at = this.#clock.now();
    const view = this.#sources.view(terminal);
    return [
      ...(view ? [{ kind: 'terminal', at, view } as const] : []),
      { kind: 'calls', at, calls: [...this.#sources.calls(terminal)] },
      this.#mailboxOf(terminal),
      { kind: 'pulse', at, registered },
    ];
  }

  #mailboxOf(terminal: TerminalId): PageEvent {
    const { account = null, counts = NO_MESSAGES } = this.#sources.lamp(terminal) ?? {};
    return { kind: 'mailbox', at: this.#clock.now(), extension: account, counts };
  }

  #tell(terminal: TerminalId, event: PageEvent): void {
    for (const { listener } of this.#pages.get(terminal) ?? []) listener(event);
  }
}

const NO_MESSAGES: MessageCounts = { new: 0, heard: 0 };
