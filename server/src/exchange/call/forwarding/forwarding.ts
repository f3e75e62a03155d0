import {
  type AttemptResult,
  callFailure,
  type ExtensionId,
  extensionNumber,
  type TerminalId,
} from '@perch/shared';
import type { Extension } from '../../ports.ts';
import type { Onward } from '../machines/call-state.ts';
import type { Failure } from '../outcome.ts';
import { type Destination, type Hop, ringExtension, type World } from '../ringing/destination.ts';

/*
 * What an extension has set for its calls. The rules of virtualization come first: of an extension for which no phone can ring, because a guest is at
 * its own, only "unreachable" counts. Emergency calls, and those with which help calls back, never come here.
 */

/** Extensions by way of which a call may go on. */
const MOST_HOPS = 5;

/** Of a call that goes on whatever the reason is why it was not answered. */
export const AFTER_ANY_FAILURE: Onward = { failures: callFailure.options };

/** Where a call to an extension leads: it rings where the extension is, or goes on as the extension has set. PURE. */
export function reach(callee: Extension | undefined, from: TerminalId, world: World): Destination {
  if (callee === undefined) return ringExtension(callee, from, world);
  return follow(callee, callee, [], from, world);
}

/**
 * Where a call leads that has ended to ring at `last` with that failure; `undefined` where it goes on nowhere. `passed` are the extensions at which it
 * was before. PURE.
 */
export function reachOn(
  last: Extension,
  failure: Failure,
  passed: readonly ExtensionId[],
  from: TerminalId | undefined,
  world: World,
): Destination | undefined {
  const next = forwardOf(last, failure, world);
  if (next === undefined) return undefined;
  const hop: Hop = { extension: last, result: failure, to: next.number };
  return passed.length >= MOST_HOPS || isPassed(next, [...passed, last.id])
    ? loop(last, [hop])
    : follow(next, last, [hop], from, world, passed);
}

/** When calls that ring for that extension go on; `undefined` where they never do. */
export function onwardOf({ forwards: { busy, unanswered, unreachable } }: Extension): Onward | undefined {
  if (busy === null && unanswered === null && unreachable === null) return undefined;
  const failures: Failure[] = [];
  if (busy !== null) failures.push('busy');
  if (unanswered !== null) failures.push('no-answer');
  if (unreachable !== null) failures.push('offline', 'base-offline', 'homeless', 'desk-in-use');
  return unanswered === null ? { failures } : { failures, ms: unanswered.seconds * 1000 };
}

function follow(
  first: Extension,
  dialled: Extension,
  come: readonly Hop[],
  from: TerminalId | undefined,
  world: World,
  passed: readonly ExtensionId[] = [],
): Destination {
  const hops = [...come];
  for (let callee = first; ;) {
    const { destination, result, next } = stay(callee, from, world);
    if (next === undefined)
      return hops.length === 0 ? destination : ended(destination, callee, dialled, hops);
    hops.push({ extension: callee, result, to: next.number });
    const before = [...passed, ...hops.map(({ extension }) => extension.id)];
    if (before.length > MOST_HOPS || isPassed(next, before)) return loop(dialled, hops);
    callee = next;
  }
}

const isPassed = ({ id }: Extension, passed: readonly ExtensionId[]): boolean => passed.includes(id);

const loop = (dialled: Extension, hops: readonly Hop[]): Destination => ({
  kind: 'unavailable',
  failure: 'forward-loop',
  callee: dialled,
  hops,
});

/** A call that has come by way of others rings there, or ends for the one who was dialled. */
function ended(
  destination: Destination,
  callee: Extension,
  dialled: Extension,
  hops: readonly Hop[],
): Destination {
  if (destination.kind !== 'unavailable')
    return destination.kind === 'ring' ? { ...destination, hops } : destination;
  // It would ring at the phone that is calling.
  const failure = destination.failure === 'self' ? 'forward-loop' : destination.failure;
  return {
    kind: 'unavailable',
    failure,
    callee: dialled,
    hops: [...hops, { extension: callee, result: failure, to: null }],
  };
}

/** What becomes of a call at one extension; `next`: the extension to which it goes on, and `result` then says why. */
interface Stay {
  readonly destination: Destination;
  readonly result: AttemptResult;
  readonly next: Extension | undefined;
}

function stay(callee: Extension, from: TerminalId | undefined, world: World): Stay {
  const { id, forwards, doNotDisturb } = callee;
  const destination = ringExtension(callee, from, world);
  const failure = destination.kind === 'unavailable' ? destination.failure : undefined;
  if (failure !== undefined && failure !== 'offline' && failure !== 'base-offline')
    return { destination, result: failure, next: forwardOf(callee, failure, world) };
  const always = targetOf(forwards.always, world);
  if (always !== undefined) return { destination, result: 'forwarded', next: always };
  if (doNotDisturb) {
    const left: Destination = { kind: 'unavailable', failure: 'do-not-disturb', callee };
    return { destination: left, result: 'do-not-disturb', next: undefined };
  }
  if (failure !== undefined) return { destination, result: failure, next: forwardOf(callee, failure, world) };
  const isBusy = forwards.busy !== null && world.busy?.(id) === true;
  return { destination, result: 'busy', next: isBusy ? forwardOf(callee, 'busy', world) : undefined };
}

/** The extension to which calls go on after that failure. */
function forwardOf({ forwards }: Extension, failure: Failure, world: World): Extension | undefined {
  switch (failure) {
    case 'busy':
      return targetOf(forwards.busy, world);
    case 'no-answer':
      return targetOf(forwards.unanswered?.to ?? null, world);
    case 'offline':
    case 'base-offline':
    case 'homeless':
    case 'desk-in-use':
      return targetOf(forwards.unreachable, world);
    default:
      return undefined;
  }
}

/** A number that nobody has any more is none; nor is one for help, where no call but an emergency call belongs. */
function targetOf(number: string | null, { directory }: World): Extension | undefined {
  if (number === null || directory.organization.emergencyNumbers.includes(number)) return undefined;
  const target = directory.byNumber(extensionNumber(number));
  return target?.suspended === true ? undefined : target;
}
