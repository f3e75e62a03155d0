import type { ExtensionId, TerminalId } from '@perch/shared';
import type { UserAgent } from '../sip/user-agent/user-agent.ts';
import type { DialogEvents } from './dialog-info/dialog-events.ts';
import type { BarredFlows } from './flows/barred-flows.ts';
import type { Calls } from './call/calls.ts';
import type { Happening } from './happenings.ts';
import type { LadderDesk } from './ladder/ladder-desk.ts';
import type { LimitedStays } from './limits/limited-stays.ts';
import type { MessageWaiting } from './message-waiting/message-waiting.ts';
import type { PageFaults } from './pages/page-faults.ts';
import type { PageTopics } from './pages/page-topics.ts';
import type { PageConditions } from './pages/page-conditions.ts';
import type { Pages } from './pages/pages.ts';
import type { OwnThings } from './own/own-things.ts';
import type { ShiftChecks } from './pages/shift-checks.ts';
import type { Directory, ExchangeJournal } from './ports.ts';
import type { Registrar } from './registrar/registrar.ts';
import type { WhoIsWhere } from './pages/terminal-view.ts';
import type { Voicemail } from './voicemail/voicemail.ts';

/** The rooms that react to what happens in others, and what they are told. */
export interface Rooms {
  readonly directory: Pick<Directory, 'byId' | 'homeOf' | 'ownerOf'>;
  readonly where: Pick<WhoIsWhere, 'speaksFor' | 'terminalOf' | 'baseOf' | 'guestOn'>;
  readonly phones: Pick<Registrar, 'flowClosed' | 'barred'>;
  readonly userAgent: Pick<UserAgent, 'flowClosed' | 'flowBarred' | 'flowReplaced'>;
  readonly calls: Pick<Calls, 'registered' | 'asleep' | 'moved' | 'flowClosed' | 'flowBarred'>;
  readonly stays: Pick<LimitedStays, 'moved' | 'extensionChanged' | 'callsChanged'>;
  readonly voicemail: Pick<Voicemail, 'moved' | 'extensionChanged'>;
  readonly lamps: Pick<MessageWaiting, 'registered' | 'gone' | 'lampChanged'>;
  readonly dialogs: Pick<DialogEvents, 'changed' | 'callsChanged' | 'speakerChanged'>;
  readonly pages: Pick<
    Pages,
    | 'allChanged'
    | 'terminalChanged'
    | 'extensionChanged'
    | 'callsChanged'
    | 'lampChanged'
    | 'centerEvent'
    | 'voicemailEvent'
  >;
  readonly own: Pick<OwnThings, 'admirersOf'> & { readonly missed: Pick<OwnThings['missed'], 'recorded'> };
  readonly topics: Pick<PageTopics, 'changed' | 'ownChanged' | 'callsChanged' | 'slotChanged'>;
  readonly barredFlows: Pick<BarredFlows, 'add' | 'delete'>;
  readonly conditions: Pick<PageConditions, 'connected' | 'lost' | 'forget'>;
  readonly checks: Pick<ShiftChecks, 'forget'>;
  readonly faults: Pick<PageFaults, 'forget'>;
  readonly journal: ExchangeJournal;
  readonly ladderDesk: Pick<LadderDesk, 'extensionChanged'>;
}

type Kind = Happening['kind'];
type Reaction<K extends Kind> = (rooms: Rooms, happening: Extract<Happening, { readonly kind: K }>) => void;

/**
 * Which rooms react to what, and in which order: from top to bottom. First those whose state others ask for, then those that tell people.
 */
export const REACTIONS: { readonly [K in Kind]: readonly Reaction<K>[] } = {
  'phone-registered': [
    ({ conditions }, { binding }) => conditions.connected(binding.terminal),
    ({ userAgent }, { binding, left }) => {
      if (left !== null) userAgent.flowReplaced(left, binding.flow);
    },
    ({ calls }, { binding }) => calls.registered(binding),
    ({ lamps }, { binding }) => lamps.registered(binding),
    ({ pages }, { binding }) => pages.terminalChanged(binding.terminal),
    ({ topics, directory, where }, { binding }) =>
      topics.changed(shownAt(binding.terminal, directory, where)),
  ],
  'phone-unreachable': [
    ({ conditions }, { binding }) => conditions.lost(binding.terminal),
    ({ pages }, { binding }) => pages.terminalChanged(binding.terminal),
    ({ topics, directory, where }, { binding }) =>
      topics.changed(shownAt(binding.terminal, directory, where)),
  ],
  'phone-asleep': [
    ({ calls }, { binding }) => calls.asleep(binding),
    ({ pages }, { binding }) => pages.terminalChanged(binding.terminal),
    ({ topics, directory, where }, { binding }) =>
      topics.changed(shownAt(binding.terminal, directory, where)),
  ],
  'phone-awake': [
    ({ conditions }, { binding }) => conditions.connected(binding.terminal),
    ({ calls }, { binding }) => calls.registered(binding),
    ({ pages }, { binding }) => pages.terminalChanged(binding.terminal),
    ({ topics, directory, where }, { binding }) =>
      topics.changed(shownAt(binding.terminal, directory, where)),
  ],
  'phone-gone': [
    ({ conditions }, { binding }) => conditions.lost(binding.terminal),
    ({ lamps }, { binding }) => lamps.gone(binding),
    ({ pages }, { binding }) => pages.terminalChanged(binding.terminal),
    ({ topics, directory, where }, { binding }) =>
      topics.changed(shownAt(binding.terminal, directory, where)),
  ],
  'terminal-reported': [({ pages }, { terminal }) => pages.terminalChanged(terminal), ownerChanged],
  'stay-end-changed': [({ pages }, { terminal }) => pages.terminalChanged(terminal), ownerChanged],
  'kiosk-mode-changed': [({ pages }, { terminal }) => pages.terminalChanged(terminal), ownerChanged],
  'flow-closed': [
    ({ phones }, { flow, terminal }) => phones.flowClosed(flow, terminal),
    // Before the legs of the flow fail, so that calls know why.
    ({ calls }, { flow, terminal }) => calls.flowClosed(flow, terminal),
    ({ userAgent }, { flow }) => userAgent.flowClosed(flow),
    ({ barredFlows }, { flow }) => barredFlows.delete(flow),
  ],
  'flow-barred': [
    ({ phones }, { flow, terminal }) => phones.barred(flow, terminal),
    ({ userAgent }, { flow }) => userAgent.flowBarred(flow),
    ({ calls }, { flow, terminal }) => calls.flowBarred(flow, terminal),
    // Last: closes the flow at once where none of the above has left a call on it.
    ({ barredFlows }, { flow, reason }) => barredFlows.add(flow, reason),
  ],
  moved: [
    ({ stays }, { extensions }) => stays.moved(extensions),
    ({ voicemail }, { terminals }) => voicemail.moved(terminals),
    ({ topics, directory }, { extensions, terminals }) => {
      const owners = [...terminals].map((terminal) => directory.ownerOf(terminal));
      topics.changed(new Set([...extensions, ...owners].filter((each) => each !== undefined)));
    },
    ({ calls }, { extensions, terminals }) => calls.moved(extensions, terminals),
    ({ pages }, { terminals }) => {
      for (const terminal of terminals) pages.terminalChanged(terminal);
    },
    ({ pages }, { terminals }) => {
      for (const terminal of terminals) pages.lampChanged(terminal);
    },
    ({ lamps }, { terminals }) => {
      for (const terminal of terminals) lamps.lampChanged(terminal);
    },
    ({ dialogs }, { extensions, terminals }) => {
      for (const terminal of terminals) dialogs.speakerChanged(terminal);
      for (const extension of extensions) dialogs.changed(extension);
    },
  ],
  'guesses-changed': [({ topics }, { extensions }) => topics.changed(extensions)],
  'extension-changed': [
    ({ conditions, directory }, { extension }) => forgetDeleted(extension, directory, conditions),
    ({ checks, directory }, { extension }) => forgetDeleted(extension, directory, checks),
    ({ faults, directory }, { extension }) => forgetDeleted(extension, directory, faults),
    // One that was suspended or deleted stops ringing.
    ({ calls }, { extension }) => calls.moved([extension]),
    ({ stays }, { extension }) => stays.extensionChanged(extension),
    ({ voicemail }) => voicemail.extensionChanged(),
    ({ pages, where }, { extension }) => whereItSpeaks(extension, where, pages),
    ({ lamps, where }, { extension }) => whereItSpeaks(extension, where, lamps),
    ({ pages, directory, where }, { extension }) => {
      for (const named of namedWith(extension, directory, where)) {
        const home = directory.homeOf(named);
        if (home) pages.terminalChanged(home);
      }
    },
    ({ pages }) => pages.extensionChanged(),
    ({ topics, directory, where }, { extension }) => topics.changed(namedWith(extension, directory, where)),
    ({ topics, own }, { extension }) => topics.ownChanged([extension, ...own.admirersOf(extension)]),
    ({ dialogs }, { extension }) => dialogs.changed(extension),
    ({ ladderDesk }, { extension }) => ladderDesk.extensionChanged(extension),
  ],
  'language-changed': [({ pages }) => pages.allChanged()],
  'mailbox-changed': [
    ({ topics }, { extension }) => topics.changed([extension]),
    ({ pages, where }, { extension }) => whereItSpeaks(extension, where, pages),
    ({ lamps, where }, { extension }) => whereItSpeaks(extension, where, lamps),
  ],
  'calls-changed': [
    ({ pages }, { terminal }) => pages.callsChanged(terminal),
    ({ topics }, { terminal }) => topics.callsChanged(terminal),
    ({ dialogs }, { terminal }) => dialogs.callsChanged(terminal),
    ({ stays }, { terminal }) => stays.callsChanged(terminal),
  ],
  'call-recorded': [({ own }, { record }) => own.missed.recorded(record)],
  'own-changed': [({ topics }, { extension }) => topics.ownChanged([extension])],
  'slot-changed': [({ topics }, { slot }) => topics.slotChanged(slot)],
  'busy-changed': [({ topics }, { extension }) => topics.changed([extension])],
  'center-event': [({ pages }, { terminal, call, event }) => pages.centerEvent(terminal, call, event)],
  'voicemail-event': [({ pages }, { terminal, call, event }) => pages.voicemailEvent(terminal, call, event)],
  failed: [({ journal }, { error }) => journal.failed(error)],
};

/** Carries what happens to the rooms that react to it, one happening after the other. */
export class Reactions {
  #rooms: Rooms | undefined;

  /** From now on rooms react. What happened before was for no one: the organization was still being opened. */
  begin(rooms: Rooms): void {
    this.#rooms = rooms;
  }

  /**
   * A reaction that fails is reported, and costs neither the others nor the room in which it happened: the person who asked for a
   * change that has happened must not be told that it has not.
   */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the happening to the reactions of its kind
  readonly happened = <K extends Kind>(happening: Extract<Happening, { readonly kind: K }>): void => {
    const rooms = this.#rooms;
    if (rooms === undefined) return;
    const reactions: readonly Reaction<K>[] = REACTIONS[happening.kind];
    for (const react of reactions) {
      try {
        react(rooms, happening);
      } catch (error) {
        rooms.journal.failed(error);
      }
    }
  };
}

/** What was known of the terminal of an extension goes with it. */
function forgetDeleted(
  extension: ExtensionId,
  directory: Rooms['directory'],
  room: { forget(terminal: TerminalId): void },
): void {
  const home = directory.homeOf(extension);
  if (home && directory.byId(extension) === undefined) room.forget(home);
}

/** The line of a terminal's owner shows what has happened there. */
function ownerChanged({ topics, directory }: Rooms, { terminal }: { readonly terminal: TerminalId }): void {
  const owner = directory.ownerOf(terminal);
  if (owner) topics.changed([owner]);
}

/** The extensions whose lines show the state of that terminal's phones: its owner's, and that of the one who speaks there. */
function shownAt(
  terminal: TerminalId,
  directory: Rooms['directory'],
  where: Rooms['where'],
): readonly ExtensionId[] {
  return [directory.ownerOf(terminal), where.speaksFor(terminal)].filter((each) => each !== undefined);
}

/** The extension itself, the base where it is, and its guest: their terminals show its name. */
function namedWith(
  extension: ExtensionId,
  directory: Rooms['directory'],
  where: Rooms['where'],
): readonly ExtensionId[] {
  const home = directory.homeOf(extension);
  const base = where.baseOf(extension)?.extension;
  const guest = home && where.guestOn(home)?.extension;
  return [extension, base, guest].filter((each) => each !== undefined);
}

/** Its lamp is shown at the terminal where it is, and nowhere else. */
function whereItSpeaks(
  extension: ExtensionId,
  where: Rooms['where'],
  room: { lampChanged(terminal: TerminalId): void },
): void {
  const terminal = where.terminalOf(extension);
  if (terminal) room.lampChanged(terminal);
}
