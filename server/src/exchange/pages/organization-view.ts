import type {
  CallView,
  ExtensionId,
  ExtensionView,
  FloorLine,
  Language,
  LastCheck,
  MessageCounts,
  StayEnd,
  StayEnded,
  TerminalId,
  TerminalView,
} from '@perch/shared';
import type { Calls } from '../call/calls.ts';
import type { Languages } from '../languages.ts';
import type { LimitedStays } from '../limits/limited-stays.ts';
import type { Lamp, LampSource } from '../message-waiting/message-summary.ts';
import { callShown, extensionViewOf, floorLineOf } from './extension-view.ts';
import type { KioskMode } from './kiosk-mode.ts';
import type { PageConditions } from './page-conditions.ts';
import type { PageSources } from './pages.ts';
import type { PageFaults } from './page-faults.ts';
import type { ShiftChecks } from './shift-checks.ts';
import type { Directory, Extension } from '../ports.ts';
import type { Registrar } from '../registrar/registrar.ts';
import { type Activity, personAt, terminalView, type WhoIsWhere } from './terminal-view.ts';
import type { Voicemail } from '../voicemail/voicemail.ts';

interface ViewedRooms {
  readonly directory: Directory;
  readonly where: WhoIsWhere;
  readonly languages: Pick<Languages, 'organization'>;
  readonly phones: Pick<Registrar, 'registered' | 'asleep'>;
  readonly calls: Pick<Calls, 'busy' | 'views'>;
  readonly voicemail: Pick<Voicemail, 'counts'>;
  readonly checks: Pick<ShiftChecks, 'lastCheck'>;
  readonly faults: Pick<PageFaults, 'of'>;
  readonly conditions: Pick<PageConditions, 'of' | 'lostAt'>;
  readonly stays: Pick<LimitedStays, 'endAt' | 'endedAt'>;
  readonly kiosk: Pick<KioskMode, 'isOn' | 'pinLockedUntil'>;
}

/** What is to be seen of an organization at this instant, for pages and lamps: computed from its rooms at each question, never kept. */
export class OrganizationView implements Activity, PageSources, LampSource {
  readonly #rooms: ViewedRooms;

  constructor(rooms: ViewedRooms) {
    this.#rooms = rooms;
  }

  /** `undefined` where the terminal's owner does not exist. */
  view(terminal: TerminalId): TerminalView | undefined {
    return terminalView(terminal, this.#rooms.directory, this.#rooms.where, this);
  }

  /** An extension as the floor shows it. */
  floorLine(extension: Extension): FloorLine {
    const { terminal } = extension;
    const { where, conditions } = this.#rooms;
    const call = callShown(this.calls(terminal));
    const page = { page: conditions.of(terminal), lostAt: conditions.lostAt(terminal) };
    return floorLineOf(extension, call, where.guessing(extension), page, this.view(terminal));
  }

  /** An extension as administrators see it. */
  extensionView(extension: Extension): ExtensionView {
    const faults = this.#rooms.faults.of(extension.terminal);
    return extensionViewOf(extension, this.floorLine(extension), this.messages(extension.id), faults);
  }

  /** The name of the guest on a terminal. */
  guestNameOn(terminal: TerminalId): string | undefined {
    const occupancy = this.view(terminal)?.occupancy;
    return occupancy?.kind === 'guest' ? occupancy.guest.name : undefined;
  }

  calls(terminal: TerminalId): readonly CallView[] {
    return this.#rooms.calls.views(terminal);
  }

  registered(terminal: TerminalId, instance: string | null = null): boolean {
    return this.#rooms.phones.registered(terminal, instance);
  }

  asleep(terminal: TerminalId): boolean {
    return this.#rooms.phones.asleep(terminal);
  }

  lastCheck(terminal: TerminalId): LastCheck | null {
    return this.#rooms.checks.lastCheck(terminal);
  }

  get language(): Language | null {
    return this.#rooms.languages.organization;
  }

  stayEnds(terminal: TerminalId): StayEnd | null {
    return this.#rooms.stays.endAt(terminal);
  }

  stayEnded(terminal: TerminalId): StayEnded | null {
    return this.#rooms.stays.endedAt(terminal);
  }

  get kioskMode(): boolean {
    return this.#rooms.kiosk.isOn;
  }

  pinLockedUntil(terminal: TerminalId): number | null {
    return this.#rooms.kiosk.pinLockedUntil(terminal);
  }

  busy(extension: ExtensionId): boolean {
    return this.#rooms.calls.busy(extension);
  }

  messages(extension: ExtensionId): MessageCounts {
    return this.#rooms.voicemail.counts(extension);
  }

  /** The lamp of the extension that speaks through a terminal. */
  lamp(terminal: TerminalId): Lamp | undefined {
    const { directory, where } = this.#rooms;
    const speaker = directory.byId(where.speaksFor(terminal) ?? ('' as ExtensionId));
    if (!speaker || speaker.suspended) return undefined;
    return { account: speaker.number, counts: this.messages(speaker.id) };
  }

  personAt(terminal: TerminalId): Extension | undefined {
    return personAt(terminal, this.#rooms.directory, this.#rooms.where);
  }
}
