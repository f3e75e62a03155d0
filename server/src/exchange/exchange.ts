import {
  type CallId,
  callId,
  callRecordId,
  type ExtensionId,
  homeTerminalOf,
  ownerOf,
  type TerminalId,
  type TerminalView,
  type VoicemailEvent,
} from '@perch/shared';
import type { MediaEngine } from '../media/endpoint.ts';
import type { HeaderField, SipMessage } from '../sip/message/message.ts';
import type { ServerTransaction } from '../sip/transaction/transaction-layer.ts';
import type { Flow } from '../sip/transport/flow.ts';
import type { Chance } from '../world/chance.ts';
import { guardedClock } from '../world/guarded-clock.ts';
import { ACCEPT, ALLOW, SUPPORTED } from '../sip/user-agent/own-fields.ts';
import { createUserAgent, type UserAgent } from '../sip/user-agent/user-agent.ts';
import { BarredFlows } from './barred-flows.ts';
import { type Calls, createCalls } from './call/calls.ts';
import { announce } from './services/announcement/announcement.ts';
import { VirtualizationCenter } from './services/center/center.ts';
import { type Lamp, MESSAGE_SUMMARY } from './message-waiting/message-summary.ts';
import { MessageWaiting } from './message-waiting/message-waiting.ts';
import { PageTopics } from './page-topics.ts';
import { type AdministratorListener, type OpenPage, type PageListener, Pages } from './pages.ts';
import type { CallStore, Clock, Directory, SecretCodes } from './ports.ts';
import { createRegistrar, type Account as Registrant, type Registrar } from './registrar/registrar.ts';
import { type Activity, showsColleagues, terminalView } from './terminal-view.ts';
import { VirtualizationDesk } from './virtualization-desk.ts';
import type { Reach } from './virtualization-ledger.ts';
import type { VirtualizationStore } from './virtualization-store.ts';
import type { MailboxDesk } from './voicemail/mailbox-desk.ts';
import { Voicemail, type VoicemailWorld } from './voicemail/voicemail.ts';

/** What can be subscribed to (RFC 6665 §8.2.2). */
const ALLOW_EVENTS: HeaderField = ['Allow-Events', MESSAGE_SUMMARY.name];

export interface ExchangePorts {
  readonly directory: Directory;
  readonly secretCodes: SecretCodes;
  readonly virtualizations: VirtualizationStore;
  readonly calls: CallStore;
  readonly voicemail: VoicemailWorld;
  /** How long phones ring before the call counts as not answered (milliseconds). */
  readonly noAnswerMs: number;
  readonly media: MediaEngine;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: ExchangeJournal;
}

/** What happens in an organization, for logs and metrics. */
export interface ExchangeJournal {
  /** An error of ours, or of storage: it affected one call or message, everything else goes on. */
  failed(error: unknown): void;
}

/**
 * The exchange of one organization: everything in it that must be decided in order. Requests come in from the edge,
 * management asks it for changes, pages listen to it; its rooms know each other only through here.
 */
export class Exchange {
  readonly desk: VirtualizationDesk;
  readonly #ports: ExchangePorts;
  /** Whose flow it is or was: a leg may outlive its flow. */
  readonly #registrants = new WeakMap<Flow, Registrant>();
  readonly #userAgent: UserAgent;
  readonly #barred: BarredFlows;
  readonly #registrar: Registrar;
  readonly #calls: Calls;
  readonly #center: VirtualizationCenter;
  readonly #voicemail: Voicemail;
  readonly #messageWaiting: MessageWaiting;
  readonly #pages: Pages;
  readonly #topics: PageTopics;
  readonly #activity: Activity;

  /** Opens the books, then takes up the calls that were under way when they were last closed. */
  static async open(world: ExchangePorts): Promise<Exchange> {
    const { journal } = world;
    const ports = { ...world, clock: guardedClock(world.clock, (error) => journal.failed(error)) };
    const { directory, secretCodes, virtualizations, clock, chance } = ports;
    const desk = await VirtualizationDesk.open({ directory, secretCodes, store: virtualizations, clock });
    const open: { exchange?: Exchange } = {};
    const voicemail = await Voicemail.open({
      ...ports.voicemail,
      directory,
      clock,
      chance,
      where: desk,
      engine: ports.media,
      // Until the exchange exists, there are no pages to tell.
      changed: (extension) => {
        if (open.exchange) open.exchange.#mailboxChanged(extension);
      },
    });
    const exchange = (open.exchange = new Exchange(ports, desk, voicemail));
    exchange.#calls.restore(await ports.calls.load());
    return exchange;
  }

  private constructor(ports: ExchangePorts, desk: VirtualizationDesk, voicemail: Voicemail) {
    const { directory, clock, chance, media, journal, noAnswerMs } = ports;
    const { domain } = directory.organization;
    this.desk = desk;
    this.#ports = ports;
    this.#voicemail = voicemail;
    this.#center = new VirtualizationCenter({ desk, directory, engine: media, clock });
    this.#registrar = createRegistrar({
      clock,
      domain,
      toTag: chance.token(),
      listener: {
        registered: (binding) => {
          this.#calls.registered(binding);
          this.#messageWaiting.registered(binding);
          this.#phoneChanged(binding.terminal);
        },
        unreachable: (binding) => {
          this.#phoneChanged(binding.terminal);
        },
        gone: (binding) => {
          this.#messageWaiting.gone(binding);
          this.#phoneChanged(binding.terminal);
        },
      },
    });
    this.#userAgent = createUserAgent({
      domain,
      clock,
      random: chance,
      listener: {
        invited: (leg) => {
          const caller = this.#registrants.get(leg.target.flow);
          if (caller) this.#calls.invited(leg, caller.terminal);
          else leg.reject(403);
        },
        requested: (transaction) => this.#requested(transaction),
        sameAccount: (flow, other) => {
          const account = this.#registrants.get(flow);
          return account !== undefined && account.terminal === this.#registrants.get(other)?.terminal;
        },
        failed: (error) => journal.failed(error),
      },
    });
    this.#barred = new BarredFlows(clock, (flow) => this.#userAgent.carriesLeg(flow));
    this.#messageWaiting = new MessageWaiting({
      domain,
      clock,
      phones: this.#registrar,
      userAgent: this.#userAgent,
      lampOf: (terminal) => this.#lampOf(terminal),
    });
    this.#calls = createCalls({
      clock,
      newId: () => callId(chance.id()),
      newRecordId: () => callRecordId(chance.id()),
      noAnswerMs,
      directory,
      whereabouts: desk,
      phones: this.#registrar,
      userAgent: this.#userAgent,
      store: ports.calls,
      voice: {
        center: (leg, call, terminal, number) =>
          this.#center.receive(leg, terminal, number, (event) =>
            this.#pages.centerEvent(terminal, call, event),
          ),
        mailbox: (leg, call, terminal, from, callee, reason) =>
          voicemail.deposit(leg, from, callee, reason, (event) =>
            this.#pages.voicemailEvent(terminal, call, event),
          ),
        voicemail: (leg, call, terminal) =>
          voicemail.retrieve(leg, terminal, this.#shownTo(desk.speaksFor(terminal), terminal, call)),
        announce: (leg, utterance, refusal) => void announce(leg, { engine: media }, utterance, refusal),
      },
      listener: {
        callsChanged: (terminal) => this.#pages.callsChanged(terminal),
        busyChanged: (extension) => this.#topics.changed([extension]),
        storeFailed: (error) => journal.failed(error),
      },
    });
    this.#activity = {
      registered: (terminal) => this.#registrar.registered(terminal),
      busy: (extension) => this.#calls.busy(extension),
    };
    this.#topics = new PageTopics({
      directory,
      where: desk,
      activity: this.#activity,
      messages: (extension) => voicemail.counts(extension),
      clock,
      newEpoch: () => chance.token(),
    });
    this.#pages = new Pages(
      {
        view: (terminal) => terminalView(terminal, directory, desk, this.#activity),
        calls: (terminal) => this.#calls.views(terminal),
        lamp: (terminal) => this.#lampOf(terminal),
        registered: this.#activity.registered,
        topics: (terminal) => ({
          mayFollow: (name) => name === 'colleagues' && showsColleagues(terminal, directory, desk),
          topic: (name) => this.#topics.of(name),
        }),
        administratorTopics: {
          mayFollow: (name) => name !== 'colleagues',
          topic: (name) => this.#topics.of(name),
        },
      },
      clock,
    );
    desk.listen((reach) => this.#moved(reach));
  }

  /** A flow was authenticated as that terminal's; its messages follow. */
  attach(flow: Flow, account: Registrant): void {
    this.#registrants.set(flow, account);
  }

  receive(flow: Flow, message: SipMessage): void {
    this.#userAgent.receive(flow, message);
  }

  flowClosed(flow: Flow): void {
    const account = this.#registrants.get(flow);
    this.#registrar.flowClosed(flow);
    if (account) this.#calls.flowClosed(flow, account.terminal);
    this.#userAgent.flowClosed(flow);
    this.#barred.delete(flow);
  }

  /** The account of that flow may no longer be used: it is closed with `reason` once it carries no call. */
  bar(flow: Flow, reason: string): void {
    const account = this.#registrants.get(flow);
    this.#registrar.barred(flow);
    this.#userAgent.flowBarred(flow);
    if (account) {
      this.#calls.flowBarred(flow, account.terminal);
      this.#center.flowBarred(flow, account.terminal);
      this.#voicemail.flowBarred(flow, account.terminal);
    }
    this.#barred.add(flow, reason);
  }

  /** Tells a page of that terminal everything now, and every change. */
  openPage(terminal: TerminalId, listener: PageListener): OpenPage {
    return this.#pages.open(terminal, listener);
  }

  openAdministratorPage(listener: AdministratorListener): OpenPage {
    return this.#pages.openAdministrator(listener);
  }

  /** `undefined` where the terminal's owner does not exist. */
  view(terminal: TerminalId): TerminalView | undefined {
    return terminalView(terminal, this.#ports.directory, this.desk, this.#activity);
  }

  /** The mailboxes, as pages see them. */
  get mailboxes(): MailboxDesk {
    return this.#voicemail.desk;
  }

  /** The directory has changed this extension: the pages that show it are told. */
  extensionChanged(extension: ExtensionId): void {
    // An extension that was suspended or deleted stops ringing.
    this.#calls.moved([extension]);
    this.#voicemail.extensionChanged();
    this.#mailboxChanged(extension);
    this.#pages.terminalChanged(homeTerminalOf(extension));
    const base = this.desk.baseOf(extension)?.extension;
    const guest = this.desk.guestOn(homeTerminalOf(extension))?.extension;
    const others = [base, guest].filter((other) => other !== undefined);
    for (const other of others) this.#pages.terminalChanged(homeTerminalOf(other));
    this.#topics.changed([extension, ...others]);
  }

  /** The current number of bindings and calls. */
  get counts(): { readonly registrations: number; readonly calls: number } {
    return { registrations: this.#registrar.size, calls: this.#calls.size };
  }

  /** The extension is deleted, and its messages with it. */
  async extensionRemoved(extension: ExtensionId): Promise<void> {
    this.extensionChanged(extension);
    await this.#voicemail.forget(extension);
  }

  /** Resolves when every decision is durable. Calls go on without us, browser to browser. */
  async close(): Promise<void> {
    this.#pages.close();
    this.#topics.close();
    this.#messageWaiting.close();
    this.#registrar.close();
    this.#barred.close();
    await this.desk.close();
    await this.#voicemail.close();
  }

  /** Requests outside of any dialog that concern no call. */
  #requested(transaction: ServerTransaction): void {
    const account = this.#registrants.get(transaction.flow);
    switch (transaction.request.method) {
      case 'REGISTER':
        if (account) this.#registrar.register(transaction, account);
        else transaction.respond({ status: 403 });
        return;
      case 'OPTIONS':
        transaction.respond({ status: 200, fields: [ALLOW, ACCEPT, SUPPORTED, ALLOW_EVENTS] });
        return;
      case 'SUBSCRIBE':
        if (account) this.#messageWaiting.subscribed(transaction, account);
        else transaction.respond({ status: 403 });
        return;
      case 'PUBLISH':
        transaction.respond({ status: 489, fields: [ALLOW_EVENTS] });
        return;
      default:
        transaction.respond({ status: 405, fields: [ALLOW] });
    }
  }

  /** Who is where has changed, durably. Ringing calls follow; pages are told. */
  #moved({ extensions, terminals }: Reach): void {
    try {
      this.#topics.changed([...extensions, ...[...terminals].map(ownerOf)]);
      this.#calls.moved(extensions);
      for (const terminal of terminals) {
        this.#pages.terminalChanged(terminal);
        this.#lampChanged(terminal);
      }
    } catch (error) {
      // The change has happened all the same: the person who asked for it must not be told that it has not.
      this.#ports.journal.failed(error);
    }
  }

  /** The lamp of the extension that speaks through a terminal. */
  #lampOf(terminal: TerminalId): Lamp | undefined {
    const speaker = this.#ports.directory.byId(this.desk.speaksFor(terminal) ?? ('' as ExtensionId));
    if (!speaker || speaker.suspended) return undefined;
    return { account: speaker.number, counts: this.#voicemail.counts(speaker.id) };
  }

  /** A page never shows what is in the mailbox of an earlier guest: only that the visit is ending. */
  #shownTo(
    speaker: ExtensionId | undefined,
    terminal: TerminalId,
    call: CallId,
  ): (event: VoicemailEvent) => void {
    return (event) => {
      if (takesLeave(event) || this.desk.speaksFor(terminal) === speaker)
        this.#pages.voicemailEvent(terminal, call, event);
    };
  }

  /** Shown at the terminal where the extension is, and nowhere else. */
  #mailboxChanged(extension: ExtensionId): void {
    this.#topics.changed([extension]);
    const terminal = this.desk.terminalOf(extension);
    if (terminal) this.#lampChanged(terminal);
  }

  #lampChanged(terminal: TerminalId): void {
    this.#pages.lampChanged(terminal);
    this.#messageWaiting.lampChanged(terminal);
  }

  #phoneChanged(terminal: TerminalId): void {
    this.#pages.terminalChanged(terminal);
    const speaker = this.desk.speaksFor(terminal);
    this.#topics.changed(speaker === undefined ? [ownerOf(terminal)] : [ownerOf(terminal), speaker]);
  }
}

/** Is this the end of a visit to a mailbox, which any page may show? */
function takesLeave(event: VoicemailEvent): boolean {
  if (event.kind === 'keys') return event.keys.length === 0;
  if (event.kind !== 'prompt') return event.kind === 'closed';
  return event.utterance.some((part) => 'prompt' in part && part.prompt === 'no-longer-here');
}
