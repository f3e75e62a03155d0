import { assertNever, isParking, type Service, type TerminalId, worksLocked } from '@perch/shared';
import { parseUri, schemeOf } from '../../../sip/message/fields/uri.ts';
import { type Target, targetOf } from '../../numbering/numbering.ts';
import type { Extension } from '../../ports.ts';
import type { Party } from '../ports.ts';
import {
  AWAKE,
  CONNECTED,
  type Destination,
  FOR_HELP,
  type HelpCallers,
  partyAt,
  type Reach,
  ringExtension,
  ringForHelp,
  type RingingDestination,
  ringTerminal,
  unavailable,
  WOKEN,
  type World,
} from './destination.ts';
import { reach } from '../forwarding/forwarding.ts';

export interface Route {
  readonly destination: Destination;
  /** Those can be dialled from every registered terminal, even a locked one. */
  readonly emergency: boolean;
  /** Help calls the person back who called for it from this terminal: no mailbox answers, and where nobody does, this terminal rings. */
  readonly callsBack: TerminalId | null;
}

/** The caller at a terminal: the extension that speaks there, whatever the phone says it is. */
export function speakerAt(terminal: TerminalId, { directory, whereabouts }: World): Extension | undefined {
  const speaker = whereabouts.speaksFor(terminal);
  const extension = speaker === undefined ? undefined : directory.byId(speaker);
  return extension?.suspended === true ? undefined : extension;
}

/** A call for help without a number (RFC 5031). */
const SOS = /^urn:service:sos(\.|$)/i;

/**
 * Where a number dialled at a terminal leads, or, `forHelp`, one to which a call for help is sent on. PURE: the state at this instant decides,
 * one hop, no loops.
 */
export function route(userPart: string, from: TerminalId, world: World, forHelp = false): Route {
  const speaker = speakerAt(from, world);
  // It has no number in an organization without one, and is a call for help all the same.
  if (SOS.test(userPart))
    return { destination: unavailable('no-emergency-route'), emergency: true, callsBack: null };
  const target = targetOf(userPart, world.directory.organization.emergencyNumbers, speaker?.number);
  if (target.kind === 'emergency') {
    return { destination: emergencyRoute(target.number, from, world), emergency: true, callsBack: null };
  }
  const isForHelpCallers =
    target.kind === 'extension' && speaker !== undefined && isAnswerPoint(speaker, from, world);
  const back = isForHelpCallers ? callBackRoute(target.number, from, world) : undefined;
  const destination = ordinaryRoute(target, speaker, from, world, forHelp);
  return back ?? { destination, emergency: false, callsBack: null };
}

function ordinaryRoute(
  target: Exclude<Target, { readonly kind: 'emergency' }>,
  speaker: Extension | undefined,
  from: TerminalId,
  world: World,
  forHelp: boolean,
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
      return (forHelp ? ringForHelp : reach)(world.directory.byNumber(target.number), from, world);
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

/** `undefined` where nobody called for help with that number. */
function callBackRoute(number: string, from: TerminalId, world: World): Route | undefined {
  const callers = world.helpCalledFrom?.(number);
  const callsBack = callers?.own ?? callers?.shown;
  if (callers === undefined || callsBack === undefined) return undefined;
  return { destination: callBackDestination(number, callers, from, world), emergency: false, callsBack };
}

/**
 * The terminal's own number rings it, whichever extension has that number by now. Another number that is set for calling back rings
 * where its extension is, disturbed or not, and where nothing rings, the terminal from which help was called. Nobody whom help calls back is
 * kept from it by a setting.
 */
function callBackDestination(
  number: string,
  { own, shown }: HelpCallers,
  from: TerminalId,
  world: World,
): Destination {
  const back = ringHelpCaller(own, from, world);
  if (back !== undefined) return back;
  const callee = world.directory.byNumber(number);
  const destination = ringForHelp(callee, from, world);
  if (destination.kind !== 'unavailable') return destination;
  const instead = ringHelpCaller(shown, from, world);
  if (instead === undefined || callee === undefined) return instead ?? destination;
  return { ...instead, hops: [{ extension: callee, result: destination.failure, to: null }] };
}

/** Rings a terminal from which help was called, even a locked one. */
export function ringHelpCaller(
  terminal: TerminalId | undefined,
  from: TerminalId,
  world: World,
): RingingDestination | undefined {
  const callee = terminal === undefined ? undefined : callerAt(terminal, world);
  if (callee === undefined || callee.terminal === from) return undefined;
  return FOR_HELP.map((reach) => ringTerminal(callee, world, reach)).find((rings) => rings !== undefined);
}

/**
 * There is no trunk: an emergency number that is also an extension's number rings that extension, the house's own answer
 * point. Without one the caller is told at once that this phone cannot reach help.
 */
function emergencyRoute(number: string, from: TerminalId, world: World): Destination {
  const answerPoint = world.directory.byNumber(number);
  if (answerPoint === undefined || answerPoint.suspended) return unavailable('no-emergency-route');
  const home = answerPoint.terminal;
  const places = (reached: Reach): readonly RingingDestination[] => {
    const destination = ringExtension(answerPoint, from, world, reached);
    const whereItIs = destination.kind === 'ring' ? destination : undefined;
    // Its own phone rings even while a guest is on it: anyone there may answer.
    const isElsewhere = home !== from && home !== whereItIs?.callee.terminal;
    const atHome = isElsewhere ? ringTerminal(partyAt(home, answerPoint), world, reached) : undefined;
    return [whereItIs, atHome].filter((place) => place !== undefined);
  };
  // A phone that counts as asleep may have been slow to answer: where no other is left, it rings all the same.
  for (const reached of [AWAKE, CONNECTED]) {
    const [first] = places(reached);
    if (first !== undefined) return first;
  }
  // Those that have to be woken come last, and all of them: nobody knows which one will be.
  const [first, second] = places(WOKEN);
  if (first === undefined) return unavailable('no-emergency-route');
  if (second === undefined) return first;
  return { ...first, phones: [...first.phones, ...second.phones], wokenAt: second.callee.terminal };
}

/** The party that a call from a terminal is from; on a locked one (`*30`) that is the owner of the terminal. */
export function callerAt(terminal: TerminalId, world: World): Party | undefined {
  const extension = speakerAt(terminal, world) ?? world.directory.byTerminal(terminal);
  return extension && partyAt(terminal, extension);
}

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
 * What was dialled: the user of a SIP URI in our own domain, the number of a `tel:` URI (RFC 3966), the emergency number that somebody
 * answers, or else the first one, where the phone asks for help without one, else a text that no extension has.
 */
export function userPartOf(uri: string, { directory }: World): string {
  const { domain, emergencyNumbers } = directory.organization;
  const isAnswered = (number: string) => directory.byNumber(number)?.suspended === false;
  switch (schemeOf(uri)) {
    case 'tel':
      return uri.slice('tel:'.length);
    case 'urn':
      return SOS.test(uri) ? (emergencyNumbers.find(isAnswered) ?? emergencyNumbers[0] ?? uri) : '';
    default: {
      const parsed = parseUri(uri);
      return parsed?.host === domain.toLowerCase() ? (parsed.user ?? '') : '';
    }
  }
}
