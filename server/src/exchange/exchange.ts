import { callId, callRecordId, type TerminalId, type TerminalView } from '@perch/shared';
import { createUserAgent } from '../sip/user-agent/user-agent.ts';
import { guardedClock } from '../world/guarded-clock.ts';
import { BarredFlows } from './flows/barred-flows.ts';
import { Book } from './book/book.ts';
import { BookChanges } from './book/changes.ts';
import { type Calls, createCalls } from './call/calls.ts';
import type { ExchangePorts } from './exchange-ports.ts';
import { MessageWaiting } from './message-waiting/message-waiting.ts';
import { OrganizationView } from './pages/organization-view.ts';
import { PageTopics } from './pages/page-topics.ts';
import { type AdministratorListener, type OpenPage, type PageListener, Pages } from './pages/pages.ts';
import { ShiftChecks } from './pages/shift-checks.ts';
import { Reactions } from './reactions.ts';
import { createRegistrar } from './registrar/registrar.ts';
import { SipDoor } from './flows/sip-door.ts';
import { VirtualizationDesk } from './virtualization-desk.ts';
import { openServices } from './services/registry.ts';
import type { MailboxDesk } from './voicemail/mailbox-desk.ts';
import { Voicemail } from './voicemail/voicemail.ts';

type Rooms = Awaited<ReturnType<typeof openRooms>>;

/**
 * The exchange of one organization: everything in it that must be decided in order. It opens the rooms and joins them: SIP comes in by
 * its door, pages are told by theirs, who is where is the desk's. What happens in one of them reaches the others by `reactions.ts` only.
 */
export class Exchange {
  readonly #rooms: Rooms;

  static async open(ports: ExchangePorts): Promise<Exchange> {
    return new Exchange(await openRooms(ports));
  }

  private constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  get door(): SipDoor {
    return this.#rooms.door;
  }

  get desk(): VirtualizationDesk {
    return this.#rooms.where;
  }

  /** The mailboxes, as pages see them. */
  get mailboxes(): MailboxDesk {
    return this.#rooms.voicemail.desk;
  }

  /** Joining calls, as pages ask for it. */
  get calls(): Pick<Calls, 'confer'> {
    return this.#rooms.calls;
  }

  /** Tells a page of that terminal everything now, and every change. */
  openPage(terminal: TerminalId, listener: PageListener): OpenPage {
    return this.#rooms.pages.open(terminal, listener);
  }

  openAdministratorPage(listener: AdministratorListener): OpenPage {
    return this.#rooms.pages.openAdministrator(listener);
  }

  /** `undefined` where the terminal's owner does not exist. */
  view(terminal: TerminalId): TerminalView | undefined {
    return this.#rooms.view.view(terminal);
  }

  get checks(): ShiftChecks {
    return this.#rooms.checks;
  }

  get book(): Book {
    return this.#rooms.book;
  }

  get bookChanges(): BookChanges {
    return this.#rooms.changes;
  }

  /** The current number of bindings, of those that are asleep, and of calls. */
  get counts(): { readonly registrations: number; readonly asleep: number; readonly calls: number } {
    const { phones, calls } = this.#rooms;
    const { bindings: registrations, asleep } = phones.counts;
    return { registrations, asleep, calls: calls.size };
  }

  /** Resolves when every decision is durable. Calls go on without us, browser to browser. */
  async close(): Promise<void> {
    const { pages, topics, lamps, phones, barredFlows, changes, where, voicemail } = this.#rooms;
    for (const room of [pages, topics, lamps, phones, barredFlows]) room.close();
    await changes.close();
    await where.close();
    await voicemail.close();
  }
}

/** Opens the books, joins the rooms, then takes up the calls that were under way when the books were last closed. */
async function openRooms(ports: ExchangePorts) {
  const reactions = new Reactions();
  const { happened } = reactions;
  const { organization, verifySecret, chance, media: engine, noAnswerMs, journal } = ports;
  const book = await Book.open({ organization, store: ports.book, verifySecret, happened });
  const { directory } = book;
  const clock = guardedClock(ports.clock, (error) => happened({ kind: 'failed', error }));
  const given = { directory, happened, clock, chance, engine, journal };
  const where = await VirtualizationDesk.open({ ...given, secretCodes: book, store: ports.virtualizations });
  const voicemail = await Voicemail.open({ ...given, ...ports.voicemail, pins: book.voicemailPins, where });
  const { domain } = organization;
  const door = new SipDoor(happened);
  const userAgent = createUserAgent({ domain, clock, random: chance, listener: door });
  const phones = createRegistrar({ clock, userAgent, domain, toTag: chance.token(), happened });
  const services = openServices({ ...given, ...voicemail.rooms, where, desk: where });
  const records = { store: ports.calls, whereabouts: where };
  const ids = { newId: () => callId(chance.id()), newRecordId: () => callRecordId(chance.id()) };
  const calls = createCalls({ ...given, ...ids, ...records, phones, userAgent, services, noAnswerMs });
  const checks = new ShiftChecks(given);
  const view = new OrganizationView({ ...given, where, phones, calls, voicemail, checks });
  const topics = new PageTopics({ ...given, where, view, newEpoch: () => chance.token() });
  const pages = new Pages(view, topics, clock);
  const lamps = new MessageWaiting({ domain, clock, phones, userAgent, lamps: view });
  const barredFlows = new BarredFlows(clock, userAgent);
  const changes = new BookChanges({ ...given, book, where, view, mailboxes: voicemail });
  const told = { where, phones, userAgent, calls, voicemail, lamps, pages, topics, barredFlows };
  const rooms = { ...given, ...told, book, changes, checks, door, view };
  door.open(rooms);
  reactions.begin(rooms);
  calls.restore(await ports.calls.load());
  return rooms;
}
