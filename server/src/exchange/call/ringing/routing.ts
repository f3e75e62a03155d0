import {
  assertNever,
  isParking,
  type ParkingService,
  type Service,
  type TerminalId,
  worksLocked,
} from '@perch/shared';
import { parseUri, schemeOf } from '../../../sip/message/fields/uri.ts';
import { type Target, targetOf } from '../../numbering/numbering.ts';
import type { Directory, Extension } from '../../ports.ts';
import type { Binding } from '../../registrar/bindings.ts';
import { isOfInstance } from '../../registrar/contact.ts';
import type { Failure } from '../outcome.ts';
import type { Party, Phones, Whereabouts } from '../ports.ts';
import type { PushablePhone } from '../pushed/ports.ts';

/** The terminals from which emergency calls came not long ago, the last of each kind: whose own number that is, and which showed it for calling back. */
export interface HelpCallers {
  readonly own: TerminalId | undefined;
  readonly shown: TerminalId | undefined;
}

/** What a route depends on, at this instant. */
export interface World {
  readonly directory: Directory;
  readonly whereabouts: Whereabouts;
  readonly phones: Phones;
  /** The phones of a terminal that a push message reaches while their pages are closed or asleep. */
  readonly pushable?: (terminal: TerminalId) => readonly PushablePhone[];
  /** Who called for help with that number. */
  readonly helpCalledFrom?: (number: string) => HelpCallers;
}

/** A phone that rings: where it is registered, or, while its page is closed or asleep, by a push message. */
export type RingingPhone = Binding | PushablePhone;

/** Where a dialled number leads. */
export type Destination =
  | { readonly kind: 'service'; readonly service: Exclude<Service, ParkingService> }
  | { readonly kind: 'parking'; readonly service: ParkingService }
  | { readonly kind: 'ring'; readonly callee: Party; readonly phones: readonly RingingPhone[] }
  /** `callee` is the extension that was dialled, if there is one. */
  | { readonly kind: 'unavailable'; readonly failure: Failure; readonly callee: Extension | undefined };

/** A route, and whether it is an emergency call's: those can be dialled from every registered terminal, even a locked one. */
export interface Route {
  readonly destination: Destination;
  readonly emergency: boolean;
}

/** The caller at a terminal: the extension that speaks there, whatever the phone says it is. */
export function speakerAt(terminal: TerminalId, { directory, whereabouts }: World): Extension | undefined {
  const speaker = whereabouts.speaksFor(terminal);
  const extension = speaker === undefined ? undefined : directory.byId(speaker);
  return extension?.suspended === true ? undefined : extension;
}

/** Where a number dialled at a terminal leads. PURE: the state at this instant decides, one hop, no loops. */
export function route(userPart: string, from: TerminalId, world: World): Route {
  const speaker = speakerAt(from, world);
  const target = targetOf(userPart, world.directory.organization.emergencyNumbers, speaker?.number);
  if (target.kind === 'emergency') {
    return { destination: emergencyRoute(target.number, from, world), emergency: true };
  }
  return { destination: ordinaryRoute(target, speaker, from, world), emergency: false };
}

function ordinaryRoute(
  target: Exclude<Target, { readonly kind: 'emergency' }>,
  speaker: Extension | undefined,
  from: TerminalId,
  world: World,
): Destination {
  const service = target.kind === 'service' ? serviceRoute(target.service) : undefined;
  if (service?.kind === 'service' && worksLocked(service.service)) return service;
  if (speaker === undefined) return unavailable('locked');
  switch (target.kind) {
    case 'service':
      return serviceRoute(target.service);
    case 'none':
      return unavailable(target.reason);
    case 'extension':
      return isAnswerPoint(speaker, from, world)
        ? answerPointRoute(target.number, from, world)
        : ringExtension(world.directory.byNumber(target.number), from, world);
    default:
      return assertNever(target);
  }
}

const serviceRoute = (service: Service): Extract<Destination, { readonly kind: 'service' | 'parking' }> =>
  isParking(service) ? { kind: 'parking', service } : { kind: 'service', service };

/** Is this the extension that answers emergency calls, or a guest at its phone? */
function isAnswerPoint(speaker: Extension, from: TerminalId, { directory }: World): boolean {
  const { emergencyNumbers } = directory.organization;
  return [speaker, directory.byTerminal(from)].some(
    (extension) => extension !== undefined && emergencyNumbers.includes(extension.number),
  );
}

/**
 * The terminal's own number rings it, whichever extension has that number by now. Another number that is set for calling back rings
 * where it always does, and where nothing rings, the terminal from which help was called.
 */
function answerPointRoute(number: string, from: TerminalId, world: World): Destination {
  const callers = world.helpCalledFrom?.(number);
  const back = callBack(callers?.own, from, world);
  if (back !== undefined) return back;
  const destination = ringExtension(world.directory.byNumber(number), from, world);
  if (destination.kind === 'ring') return destination;
  return callBack(callers?.shown, from, world) ?? destination;
}

/** Rings a terminal from which help was called, even a locked one. */
function callBack(terminal: TerminalId | undefined, from: TerminalId, world: World): Destination | undefined {
  const callee = terminal === undefined ? undefined : callerAt(terminal, world);
  return callee === undefined || callee.terminal === from ? undefined : ringTerminal(callee, world);
}

/**
 * There is no trunk: an emergency number that is also an extension's number rings that extension, the house's own answer
 * point. Without one the caller is told at once that this phone cannot reach help.
 */
function emergencyRoute(number: string, from: TerminalId, world: World): Destination {
  const answerPoint = world.directory.byNumber(number);
  if (answerPoint === undefined || answerPoint.suspended) return unavailable('no-emergency-route');
  const home = answerPoint.terminal;
  // A phone that counts as asleep may have been slow to answer: where no other is left, it rings all the same. One that has to be woken comes last.
  for (const reach of [AWAKE, CONNECTED, WOKEN]) {
    const destination = ringExtension(answerPoint, from, world, reach);
    if (destination.kind === 'ring') return destination;
    // Its own phone rings even while a guest is on it: anyone there may answer.
    const atHome = home === from ? undefined : ringTerminal(partyAt(home, answerPoint), world, reach);
    if (atHome !== undefined) return atHome;
  }
  return unavailable('no-emergency-route');
}

/**
 * The phones where calls to an extension ring now (`terminalOf` in the rules), or why there are none. `from` is the terminal of the other
 * end, if it is not the server itself.
 */
export function ringExtension(
  callee: Extension | undefined,
  from: TerminalId | undefined,
  world: World,
  reach = WOKEN,
): Destination {
  if (callee === undefined) return unavailable('no-such-number');
  const { id, kind } = callee;
  if (callee.suspended) return unavailable('suspended', callee);
  const terminal = world.whereabouts.terminalOf(id);
  if (terminal === undefined) {
    return unavailable(kind === 'station' ? 'desk-in-use' : 'homeless', callee);
  }
  if (terminal === from) return unavailable('self', callee);
  const party = partyAt(terminal, callee);
  return ringTerminal(party, world, reach) ?? unavailable(unreachable(party, callee.terminal), callee);
}

/** Why a callee whose home terminal is `home` cannot be reached at a terminal without phones. */
export const unreachable = ({ terminal }: Party, home: TerminalId | undefined): Failure =>
  terminal === home ? 'offline' : 'base-offline';

const isConnected = ({ alive, flow }: Binding): boolean => alive && flow.open;
const isAwake = (phone: Binding): boolean => phone.awake && isConnected(phone);

/** Which phones count as reached. */
interface Reach {
  readonly registered: (phone: Binding) => boolean;
  /** Are those that have to be woken enough? They are woken in any case. */
  readonly woken: boolean;
}
const AWAKE: Reach = { registered: isAwake, woken: false };
const CONNECTED: Reach = { registered: isConnected, woken: false };
const WOKEN: Reach = { registered: isAwake, woken: true };

/** The phones of a party's terminal that can be reached now; `undefined` where there are none. */
function ringTerminal(
  callee: Party,
  world: World,
  { registered, woken }: Reach = WOKEN,
): Destination | undefined {
  const phones = world.phones.bindings(callee.terminal).filter(registered);
  const pushed = pushedAt(callee.terminal, world);
  if (phones.length === 0 && !(woken && pushed.length > 0)) return undefined;
  return { kind: 'ring', callee, phones: pushed.length === 0 ? phones : [...phones, ...pushed] };
}

/** The phones of a terminal that a call reaches by a push message only. */
export function pushedAt(terminal: TerminalId, { phones, pushable }: World): readonly PushablePhone[] {
  const all = pushable?.(terminal) ?? [];
  if (all.length === 0) return all;
  const awake = phones.bindings(terminal).filter(isAwake);
  return all.filter(({ instance }) => !awake.some((phone) => isOfInstance(phone, instance)));
}

const unavailable = (failure: Failure, callee?: Extension): Destination => ({
  kind: 'unavailable',
  failure,
  callee,
});

/** The party that a call from a terminal is from; on a locked one (`*30`) that is the owner of the terminal. */
export function callerAt(terminal: TerminalId, world: World): Party | undefined {
  const extension = speakerAt(terminal, world) ?? world.directory.byTerminal(terminal);
  return extension && partyAt(terminal, extension);
}

const partyAt = (terminal: TerminalId, { id, number, name }: Extension): Party => ({
  extension: id,
  terminal,
  number,
  name,
});

/**
 * The party that an emergency call from a terminal is from: the name of the extension that speaks there, the number for calling back,
 * which is that of the terminal itself unless it has another one, and its place: a station is named after where it stands.
 */
export function emergencyCallerAt(terminal: TerminalId, world: World): Party | undefined {
  const speaker = callerAt(terminal, world);
  const owner = world.directory.byTerminal(terminal);
  if (speaker === undefined || owner === undefined) return speaker;
  const number = callBackNumberOf(owner, world);
  if (speaker.extension === owner.id) return { ...speaker, number };
  return { ...speaker, number, name: `${speaker.name}, ${owner.name}` };
}

/** Help must reach somebody: a number that nobody has any more is none. */
function callBackNumberOf({ number, callBack: other }: Extension, { directory }: World): Extension['number'] {
  const called = other === null ? undefined : directory.byNumber(other);
  return called === undefined || called.suspended ? number : called.number;
}

/**
 * What was dialled: the user of a SIP URI in our own domain, the number of a `tel:` URI (RFC 3966), the first emergency number where the
 * phone asks for help without one (RFC 5031), else a text that no extension has.
 */
export function userPartOf(uri: string, { directory }: World): string {
  const { domain, emergencyNumbers } = directory.organization;
  switch (schemeOf(uri)) {
    case 'tel':
      return uri.slice('tel:'.length);
    case 'urn':
      return /^urn:service:sos(\.|$)/i.test(uri) ? (emergencyNumbers[0] ?? '') : '';
    default: {
      const parsed = parseUri(uri);
      return parsed?.host === domain.toLowerCase() ? (parsed.user ?? '') : '';
    }
  }
}
