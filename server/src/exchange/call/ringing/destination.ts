import type {
  AttemptResult,
  ExtensionId,
  ExtensionNumber,
  ParkingService,
  Service,
  TerminalId,
} from '@perch/shared';
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
  /** Is that extension in a call? */
  readonly busy?: (extension: ExtensionId) => boolean;
}

/** A phone that rings: where it is registered, or, while its page is closed or asleep, by a push message. */
export type RingingPhone = Binding | PushablePhone;

/** An extension with which a call did not stay, why, and the number to which it has sent the call on; `null` where it has sent it nowhere. */
export interface Hop {
  readonly extension: Extension;
  readonly result: AttemptResult;
  readonly to: ExtensionNumber | null;
}

export interface RingingDestination {
  readonly kind: 'ring';
  readonly callee: Party;
  readonly phones: readonly RingingPhone[];
  /** Some of the phones are at this other terminal, and have to be woken. */
  readonly wokenAt?: TerminalId;
  readonly hops?: readonly Hop[];
}

/** Where a dialled number leads. `hops`: by way of these extensions, in that order; absent where it leads there at once. */
export type Destination =
  | { readonly kind: 'service'; readonly service: Exclude<Service, ParkingService> }
  | { readonly kind: 'parking'; readonly service: ParkingService }
  | RingingDestination
  /** `callee` is the extension that was dialled, if there is one. */
  | {
      readonly kind: 'unavailable';
      readonly failure: Failure;
      readonly callee: Extension | undefined;
      readonly hops?: readonly Hop[];
    };

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
export interface Reach {
  readonly registered: (phone: Binding) => boolean;
  /** Are those that have to be woken enough? They are woken in any case. */
  readonly woken: boolean;
}
export const AWAKE: Reach = { registered: isAwake, woken: false };
export const CONNECTED: Reach = { registered: isConnected, woken: false };
export const WOKEN: Reach = { registered: isAwake, woken: true };
/**
 * For calls for help, and those with which help calls back, the first that leads somewhere. A phone that counts as asleep may have been slow to
 * answer: where no other is left, it rings all the same.
 */
export const FOR_HELP = [AWAKE, CONNECTED, WOKEN] as const;

/** Where a call to an extension rings that is for help: no setting of its person keeps it away. */
export function ringForHelp(
  callee: Extension | undefined,
  from: TerminalId | undefined,
  world: World,
): Destination {
  for (const reach of FOR_HELP) {
    const destination = ringExtension(callee, from, world, reach);
    if (destination.kind === 'ring') return destination;
  }
  return ringExtension(callee, from, world);
}

/** The phones of a party's terminal that can be reached now; `undefined` where there are none. */
export function ringTerminal(
  callee: Party,
  world: World,
  { registered, woken }: Reach = WOKEN,
): RingingDestination | undefined {
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

export const unavailable = (failure: Failure, callee?: Extension): Destination => ({
  kind: 'unavailable',
  failure,
  callee,
});

export const partyAt = (terminal: TerminalId, { id, number, name }: Extension): Party => ({
  extension: id,
  terminal,
  number,
  name,
});
