import type { ExtensionId, ExtensionView, Rights, TerminalId, TerminalView } from '@perch/shared';
import type { Book } from './book/book.ts';
import type { Calls } from './call/calls.ts';
import type { ExchangePorts } from './exchange-ports.ts';
import type { SipDoor } from './flows/sip-door.ts';
import { openRooms, type Rooms } from './open-rooms.ts';
import type { AdministratorListener, OpenPage, PageListener } from './pages/pages.ts';
import type { Extension } from './ports.ts';
import type { VirtualizationDesk } from './virtualization-desk.ts';
import type { MailboxDesk } from './voicemail/mailbox-desk.ts';

/** The rooms of which a command asks something that concerns no other. */
type RoomAsked =
  | 'changes'
  | 'checks'
  | 'conditions'
  | 'faults'
  | 'kiosk'
  | 'ladderDesk'
  | 'languages'
  | 'own'
  | 'stationCodes'
  | 'stays';

/**
 * The exchange of one organization: everything in it that must be decided in order. SIP comes in by its
 * door, pages are told by theirs, who is where is the desk's. `open-rooms.ts` opens the rooms and joins them; what happens in one of them reaches the others by `reactions.ts` only.
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

  /** What pages, and the workers of those that are closed, ask of calls; and whom they name. */
  get calls(): Pick<Calls, 'confer' | 'takeBack' | 'name' | 'pushAnswered'> {
    return this.#rooms.calls;
  }

  /** Tells a page of that terminal everything now, and every change. */
  openPage(terminal: TerminalId, instance: string | null, listener: PageListener): OpenPage {
    return this.#rooms.pages.open(terminal, instance, listener);
  }

  openManagementPage(rights: Rights, listener: AdministratorListener): OpenPage {
    return this.#rooms.pages.openManagement(rights, listener);
  }

  /** `undefined` where the terminal's owner does not exist. */
  view(terminal: TerminalId): TerminalView | undefined {
    return this.#rooms.view.view(terminal);
  }

  /** `undefined` where it does not exist. */
  viewExtension(id: ExtensionId): ExtensionView | undefined {
    const extension = this.#rooms.directory.byId(id);
    return extension && this.#rooms.view.extensionView(extension);
  }

  /** The extension of the person at that terminal. */
  personAt(terminal: TerminalId): Extension | undefined {
    return this.#rooms.view.personAt(terminal);
  }

  /** Those that carry out by themselves what is asked of them. */
  get rooms(): Pick<Rooms, RoomAsked> {
    return this.#rooms;
  }

  get book(): Book {
    return this.#rooms.book;
  }

  /** The current number of bindings, of those that are asleep, and of calls. */
  get counts(): { readonly registrations: number; readonly asleep: number; readonly calls: number } {
    const { phones, calls } = this.#rooms;
    const { bindings: registrations, asleep } = phones.counts;
    return { registrations, asleep, calls: calls.size };
  }

  /** Resolves when every decision is durable. Calls go on without us, browser to browser. */
  async close(): Promise<void> {
    const { pages, topics, lamps, phones, barredFlows, stays, helpCalls } = this.#rooms;
    const { changes, where, voicemail, calls } = this.#rooms;
    for (const room of [pages, topics, lamps, phones, barredFlows, stays, helpCalls]) room.close();
    await changes.close();
    await where.settled();
    await voicemail.close();
    calls.close();
  }
}
