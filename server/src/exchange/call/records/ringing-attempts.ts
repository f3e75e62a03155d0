import type { AttemptResult, NamedThen } from '@perch/shared';
import type { Event, State } from '../machines/call-state.ts';
import { branchAsleep, branchFailed, type Fork, noAnswer } from '../machines/fork.ts';
import { type End, isPerson, type Party } from '../ports.ts';

/** The party whose phones ring, for the call or for a transfer of it. The same object as long as it is the same terminal that rings. */
export function ringingParty(state: State): Party | null {
  if (state.kind === 'ringing') return state.seeking === undefined ? state.parties.callee : null;
  if (state.kind !== 'talking' || state.transfer?.target.kind !== 'ringing') return null;
  const { party } = state.transfer.invited;
  return isPerson(party) ? party : null;
}

/** Who transfers the call to the party that rings; `null` where the caller has called it. */
export function transferrer(state: State, describe: (end: End) => NamedThen): NamedThen | null {
  if (state.kind !== 'talking' || state.transfer === null) return null;
  const { number, name } = describe(state.parties[state.transfer.invited.by]);
  return { number, name };
}

/** How that event has ended the ringing in `before`; `isAway`: at another desk than the extension's own. */
export function attemptEnd(before: State, event: Event, isAway: boolean): AttemptResult {
  const result = endOf(before, event);
  return result === 'offline' && isAway ? 'base-offline' : result;
}

function endOf(before: State, event: Event): AttemptResult {
  const fork = forkIn(before);
  if (fork === null) return 'cancelled';
  switch (event.kind) {
    case 'no-answer':
      return noAnswer(fork);
    case 'extension-moved':
      return 'moved';
    case 'extension-gone':
      return event.failure;
    case 'peer-gone':
      // It is rung on, for the one to whom its caller transfers it.
      return event.why === 'transferred' ? 'moved' : 'cancelled';
    case 'phone-asleep':
      return asleep(fork, event.branch);
    case 'said':
      return said(fork, event);
    default:
      return 'cancelled';
  }
}

/** What the last phone's sleep means, where no phone has given a better reason. */
function asleep(fork: Fork, branch: string): AttemptResult {
  const left = branchAsleep(fork, branch);
  return left === 'offline' || typeof left !== 'string' ? 'asleep' : left;
}

function said(fork: Fork, { leg, event }: Extract<Event, { readonly kind: 'said' }>): AttemptResult {
  if (!fork.branches.includes(leg)) return 'cancelled';
  if (event.kind === 'answered') return 'answered';
  if (event.kind !== 'failed') return 'cancelled';
  const failure = branchFailed(fork, leg, event.status);
  return typeof failure === 'string' ? failure : 'cancelled';
}

function forkIn(state: State): Fork | null {
  if (state.kind === 'ringing') return state.fork;
  if (state.kind !== 'talking' || state.transfer?.target.kind !== 'ringing') return null;
  return state.transfer.target.fork;
}
