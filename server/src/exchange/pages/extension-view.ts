import type {
  CallView,
  ExtensionView,
  FloorLine,
  Guessing,
  MessageCounts,
  NotedFault,
  TerminalView,
} from '@perch/shared';
import type { Extension } from '../ports.ts';

/** Where an extension is, and what its home terminal is doing. */
type Place = Pick<
  TerminalView,
  | 'registered'
  | 'asleep'
  | 'lastCheck'
  | 'whereabouts'
  | 'occupancy'
  | 'stayEnds'
  | 'stayEnded'
  | 'pinLockedUntil'
>;

const AT_HOME: Place = {
  registered: false,
  asleep: false,
  lastCheck: null,
  whereabouts: { kind: 'home' },
  occupancy: { kind: 'owner' },
  stayEnds: null,
  stayEnded: null,
  pinLockedUntil: null,
};

/** What the page of its home terminal has said, and since when that is no longer connected. */
type Page = Pick<FloorLine, 'page' | 'lostAt'>;

/** An extension as the floor shows it. PURE. */
export function floorLineOf(
  extension: Extension,
  call: FloorLine['call'],
  guessing: Guessing,
  { page, lostAt }: Page,
  place: Place = AT_HOME,
): FloorLine {
  const {
    number,
    name,
    kind,
    group,
    place: words,
    plan,
    callBack,
    doNotDisturb,
    allowVirtualization,
    hasSecretCode,
    suspended,
  } = extension;
  const { registered, asleep, lastCheck, whereabouts, occupancy, stayEnds, stayEnded, pinLockedUntil } =
    place;
  return {
    number,
    name,
    kind,
    group,
    place: words,
    plan,
    callBack,
    doNotDisturb,
    allowVirtualization,
    hasSecretCode,
    suspended,
    registered,
    asleep,
    lastCheck,
    page,
    lostAt: registered ? null : lostAt,
    whereabouts,
    occupancy,
    call,
    guessing,
    stayEnds,
    stayEnded,
    pinLockedUntil,
  };
}

/** What a terminal is doing: nothing of with whom. A call that has lost the terminal's line is still its call. PURE. */
export function callShown(calls: readonly CallView[]): FloorLine['call'] {
  const own = calls.filter(({ here, parked }) => (here === 'here' || here === 'away') && parked === null);
  const talking = own.find(({ state }) => state !== 'ringing');
  const shown = talking ?? own[0];
  return shown ? { state: talking ? 'talking' : 'ringing', since: shown.since } : null;
}

/** An extension as administrators see it. PURE. */
export function extensionViewOf(
  { language, hasVoicemailPin, voicemailMail, stayLimits, kiosk, forwards }: Extension,
  line: FloorLine,
  voicemail: MessageCounts,
  faults: readonly NotedFault[],
): ExtensionView {
  const settings = { language, hasVoicemailPin, voicemailMail, stayLimits, kiosk, forwards };
  return { ...line, ...settings, voicemail, faults: [...faults] };
}
