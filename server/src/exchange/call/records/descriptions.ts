import type {
  AttemptResult,
  CallAttempt,
  DeskThen,
  ExtensionId,
  RecordedParty,
  TerminalId,
} from '@perch/shared';
import type { Directory, Extension } from '../../ports.ts';
import type { Hop } from '../ringing/destination.ts';
import { type End, isPerson, type Phones, type Whereabouts } from '../ports.ts';

/** What descriptions depend on, at this instant. */
interface World {
  readonly directory: Directory;
  readonly whereabouts: Whereabouts;
  readonly phones: Phones;
}

/** An end of a call as a record keeps it: also at whose desk it is, and since when. */
export function describeEnd(end: End, { directory, whereabouts }: World): RecordedParty {
  const { number, name } = end;
  if (!isPerson(end)) return { extension: null, number, name, terminal: null, desk: null };
  const { extension, terminal, withheld } = end;
  const desk = deskOf(extension, terminal, directory, whereabouts);
  const party = { extension, number, name, terminal, desk };
  return withheld === true ? { ...party, withheld } : party;
}

function deskOf(
  extension: ExtensionId,
  terminal: TerminalId,
  directory: Directory,
  whereabouts: Whereabouts,
): DeskThen | null {
  const owner = directory.byTerminal(terminal);
  if (owner === undefined || owner.id === extension) return null;
  const base = whereabouts.baseOf(extension);
  return { number: owner.number, name: owner.name, since: base?.extension === owner.id ? base.since : null };
}

/** The extensions by way of which a call has gone on, as its record says it. */
export const attemptsOfHops = (hops: readonly Hop[], at: number, world: World): readonly CallAttempt[] =>
  hops.map(({ extension, result, to }) => ({
    ...attemptThatFailed(extension, result, at, world),
    ...(to !== null && { forwarded: to }),
  }));

/** An extension that a call could not ring, and why: where it is, or who is at its own phone. */
export function attemptThatFailed(
  callee: Extension,
  failure: AttemptResult,
  at: number,
  world: World,
): CallAttempt {
  const { directory, whereabouts, phones } = world;
  const { id, number, name } = callee;
  const terminal = whereabouts.terminalOf(id) ?? null;
  const desk = terminal === null ? null : deskOf(id, terminal, directory, whereabouts);
  const isAsleep =
    terminal !== null &&
    phones.bindings(terminal).some(({ alive, flow, awake }) => alive && flow.open && !awake);
  const isUnreachable = failure === 'offline' || failure === 'base-offline';
  return {
    ...{ extension: id, number, name, terminal, desk, at, rangAt: null, endedAt: at, by: null },
    result: isUnreachable && isAsleep ? 'asleep' : failure,
    occupant: terminal === null ? occupantOf(callee, world) : null,
  };
}

function occupantOf({ terminal }: Extension, { directory, whereabouts }: World): DeskThen | null {
  const guest = whereabouts.guestOn(terminal);
  const extension = guest && directory.byId(guest.extension);
  return extension ? { number: extension.number, name: extension.name, since: guest.since } : null;
}
