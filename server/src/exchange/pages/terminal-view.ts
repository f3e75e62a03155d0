import {
  type Colleague,
  type ExtensionId,
  type Guessing,
  type Language,
  type LastCheck,
  NO_FORWARDS,
  type Occupancy,
  type Party,
  type RecentChange,
  type StayEnd,
  type StayEnded,
  type TerminalId,
  type TerminalView,
  type Whereabouts,
} from '@perch/shared';
import type { Directory, Extension } from '../ports.ts';

/** Who is where, according to the virtualization state. */
export interface WhoIsWhere {
  /** The guest on a terminal. */
  guestOn(terminal: TerminalId): { readonly extension: ExtensionId; readonly since: number } | undefined;
  /** The base onto whose terminal an extension has been moved. */
  baseOf(extension: ExtensionId): { readonly extension: ExtensionId; readonly since: number } | undefined;
  /** The terminal where calls to an extension ring; none where it is homeless. */
  terminalOf(extension: ExtensionId): TerminalId | undefined;
  /** The extension whose calls a terminal makes and takes; none where it is locked. */
  speaksFor(terminal: TerminalId): ExtensionId | undefined;
  recentChange(terminal: TerminalId): RecentChange | null;
  /** Wrong codes for an extension and at its home terminal. */
  guessing(extension: Pick<Extension, 'id' | 'terminal'>): Guessing;
}

/** What phones and calls are doing right now. */
export interface Activity {
  registered(terminal: TerminalId): boolean;
  /** Are all phones that are connected to that terminal asleep? */
  asleep(terminal: TerminalId): boolean;
  busy(extension: ExtensionId): boolean;
  lastCheck(terminal: TerminalId): LastCheck | null;
  /** Of all who have none of their own. */
  readonly language: Language | null;
  /** When a limit ends the stay there, once its guest is warned. */
  stayEnds(terminal: TerminalId): StayEnd | null;
  stayEnded(terminal: TerminalId): StayEnded | null;
  /** Are the stations in kiosk mode that are not ordinary desks? */
  readonly kioskMode: boolean;
  /** Until when a station takes no PIN. */
  pinLockedUntil(terminal: TerminalId): number | null;
}

/** A terminal as its own page sees it; `undefined` where its owner is gone. PURE. */
export function terminalView(
  terminal: TerminalId,
  directory: Directory,
  where: WhoIsWhere,
  activity: Activity,
): TerminalView | undefined {
  const owner = directory.byTerminal(terminal);
  if (!owner) return undefined;
  const speaker = directory.byId(where.speaksFor(terminal) ?? ('' as ExtensionId));
  const { name, domain } = directory.organization;
  return {
    organization: { name, domain, language: activity.language },
    kind: owner.kind === 'station' ? 'station' : 'phone',
    owner: partyOf(owner),
    allowVirtualization: owner.allowVirtualization,
    kiosk: owner.kind === 'station' && owner.kiosk && activity.kioskMode,
    pinLockedUntil: activity.pinLockedUntil(terminal),
    occupancy: occupancyOf(owner, directory, where),
    whereabouts: whereaboutsOf(owner, directory, where),
    registered: activity.registered(terminal),
    asleep: activity.asleep(terminal),
    emergencyNumbers: [...directory.organization.emergencyNumbers],
    language: speaker?.language ?? null,
    ownerLanguage: owner.language,
    doNotDisturb: speaker?.doNotDisturb ?? false,
    forwards: speaker?.forwards ?? NO_FORWARDS,
    recentChange: where.recentChange(terminal),
    stayEnds: activity.stayEnds(terminal),
    stayEnded: activity.stayEnded(terminal),
    lastCheck: activity.lastCheck(terminal),
  };
}

/** Who is on the terminal of an extension. */
function occupancyOf({ id, terminal }: Extension, directory: Directory, where: WhoIsWhere): Occupancy {
  const guest = where.guestOn(terminal);
  if (guest) return { kind: 'guest', guest: partyById(guest.extension, directory), since: guest.since };
  const base = where.baseOf(id);
  if (base) return { kind: 'locked', base: partyById(base.extension, directory), since: base.since };
  return { kind: 'owner' };
}

/** Where an extension's calls ring, in words for its owner. */
export function whereaboutsOf(
  { id, terminal }: Extension,
  directory: Directory,
  where: WhoIsWhere,
): Whereabouts {
  const base = where.baseOf(id);
  if (base) return { kind: 'away', base: partyById(base.extension, directory), since: base.since };
  const guest = where.guestOn(terminal);
  if (guest) return { kind: 'homeless', guest: partyById(guest.extension, directory), since: guest.since };
  return { kind: 'home' };
}

/**
 * The extension of the person at a terminal, whose own calls and favourites it may show, and whose colleagues. Nobody is at a free station, a locked
 * phone or one that is out of service: their screens belong to anyone who walks by.
 */
export function personAt(
  terminal: TerminalId,
  directory: Directory,
  where: Pick<WhoIsWhere, 'speaksFor'>,
): Extension | undefined {
  const speaker = directory.byId(where.speaksFor(terminal) ?? ('' as ExtensionId));
  if (!speaker || speaker.suspended) return undefined;
  return speaker.kind !== 'station' || speaker.terminal !== terminal ? speaker : undefined;
}

/**
 * An extension as all others see it: on the terminal where it is. A base with a guest is "away", never the guest's calls. `undefined`
 * where it is suspended.
 */
export function colleagueOf(
  extension: Extension,
  where: WhoIsWhere,
  activity: Activity,
): Colleague | undefined {
  if (extension.suspended) return undefined;
  return { ...partyOf(extension), state: presenceOf(extension, where, activity) };
}

function presenceOf(
  { id, doNotDisturb }: Extension,
  where: WhoIsWhere,
  activity: Activity,
): Colleague['state'] {
  const terminal = where.terminalOf(id);
  if (!terminal) return 'away';
  const isAsleep = activity.asleep(terminal);
  if (!isAsleep && !activity.registered(terminal)) return 'offline';
  if (doNotDisturb) return 'do-not-disturb';
  // A call goes on while the page sleeps.
  if (activity.busy(id)) return 'busy';
  return isAsleep ? 'asleep' : 'available';
}

export const partyOf = (extension: Extension): Party => ({ number: extension.number, name: extension.name });

/** A deleted extension leaves no name behind. */
function partyById(id: ExtensionId, directory: Directory): Party {
  const extension = directory.byId(id);
  return extension ? partyOf(extension) : { number: '', name: '' };
}
