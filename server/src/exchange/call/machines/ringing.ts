import type { TerminalId } from '@perch/shared';
import type { Failure } from '../outcome.ts';
import type { Party } from '../ports.ts';
import {
  type Effect,
  type Event,
  type Answering,
  type Forwarded,
  type Onward,
  over,
  type Parties,
  type Ringing,
  type Said,
  type Step,
  talking,
} from './call-state.ts';
import { branchAppeared, branchAsleep, branchFailed, forkOf, type LegId, noAnswer } from './fork.ts';
import { endAll } from './sides.ts';

/** A caller whose INVITE rings at these phones. */
export const start = (
  parties: Parties<Party>,
  caller: LegId,
  branches: readonly LegId[],
  onward?: Onward,
  wokenAt?: TerminalId,
): Step => [{ kind: 'ringing', parties, caller, fork: forkOf(branches), onward, wokenAt }, [ringing(onward)]];

/** How long they ring, as the extension has set, or as all do. */
export const ringing = (onward: Onward | undefined): Effect => ({ kind: 'start-no-answer', ms: onward?.ms });

/** Until a phone answers. */
export function stepRinging(state: Ringing, event: Event): Step {
  const { parties, caller, fork } = state;
  switch (event.kind) {
    case 'said':
      // The first offer is not answered yet (RFC 3311 §5.2).
      if (event.event.kind === 'offered') {
        return [state, [{ kind: 'refuse-offer', leg: event.leg, status: 491 }]];
      }
      return event.leg === caller
        ? callerSaid(state, event.event)
        : branchSaid(state, event.leg, event.event);
    case 'no-answer':
      return refused(state, noAnswer(fork), endAll(fork.branches, 'no-answer'));
    case 'extension-moved':
      return [
        {
          ...state,
          parties: { ...parties, callee: event.party },
          fork: forkOf(event.branches, fork.progressed),
        },
        [...endAll(fork.branches, 'moved'), { kind: 'stop-no-answer' }, ringing(state.onward)],
      ];
    case 'forwarded':
      return forwarded(state, event);
    case 'extension-gone':
      return refused(state, event.failure, endAll(fork.branches, 'moved'));
    case 'phone-appeared':
      return [
        { ...state, fork: branchAppeared(fork, event) },
        event.instead === null ? [] : endAll([event.instead], 'returned'),
      ];
    case 'phone-asleep': {
      const left = branchAsleep(fork, event.branch);
      const end = endAll([event.branch], 'asleep');
      return typeof left === 'string' ? refused(state, left, end) : [{ ...state, fork: left }, end];
    }
    case 'peer-gone':
      if (event.leg !== caller) return [state, []];
      return cancelled(state, [
        ...endAll(fork.branches, event.why === 'transferred' ? 'transferred' : 'cancelled'),
        ...endAll([caller], event.why),
      ]);
    default:
      return [state, []];
  }
}

const callerSaid = (state: Ringing, said: Said): Step =>
  said.kind === 'cancelled' || said.kind === 'ended'
    ? cancelled(state, endAll(state.fork.branches, 'cancelled'))
    : [state, []];

function branchSaid(state: Ringing, leg: LegId, said: Said): Step {
  const { caller, fork } = state;
  if (!fork.branches.includes(leg)) return [state, []];
  switch (said.kind) {
    case 'progress':
      if (fork.progressed) return [state, []];
      return [{ ...state, fork: { ...fork, progressed: true } }, [{ kind: 'ring', leg: caller }]];
    case 'answered': {
      const others = fork.branches.filter((branch) => branch !== leg);
      return [
        { kind: 'answering', parties: state.parties, caller, callee: leg, sdp: said.sdp },
        [{ kind: 'stop-no-answer' }, ...endAll(others, 'elsewhere'), { kind: 'begin' }, { kind: 'save' }],
      ];
    }
    case 'failed': {
      const left = branchFailed(fork, leg, said.status);
      if (typeof left !== 'string') return [{ ...state, fork: left }, []];
      const others = fork.branches.filter((branch) => branch !== leg);
      return refused(state, left, endAll(others, 'refused'));
    }
    default:
      return [state, []];
  }
}

function refused(state: Ringing, failure: Failure, effects: readonly Effect[]): Step {
  const stopped: readonly Effect[] = [{ kind: 'stop-no-answer' }, ...effects];
  if (state.onward?.failures.includes(failure) !== true)
    return [over(state), [...stopped, refusal(state, failure)]];
  const { callee } = state.parties;
  const fork = forkOf([], state.fork.progressed);
  return [{ ...state, fork, seeking: failure }, [...stopped, { kind: 'forward', callee, failure }]];
}

/** It rings for another extension now, or there is none: then the caller is told why the last one was not reached. */
function forwarded(state: Ringing, { to }: Forwarded): Step {
  if (state.seeking === undefined) return [state, []];
  if (typeof to === 'string') return [over(state), [refusal(state, to)]];
  const { party: callee, branches, onward } = to;
  const { parties, fork, caller } = state;
  return [
    {
      kind: 'ringing',
      parties: { ...parties, callee },
      caller,
      fork: forkOf(branches, fork.progressed),
      onward,
    },
    [ringing(onward)],
  ];
}

const refusal = ({ caller, parties }: Ringing | Answering, failure: Failure): Effect => ({
  kind: 'refuse',
  leg: caller,
  failure,
  parties,
});

const cancelled = (state: Ringing, effects: readonly Effect[]): Step => [
  over(state),
  [{ kind: 'stop-no-answer' }, ...effects, { kind: 'finish', outcome: 'cancelled' }],
];

/** The callee has answered, but the caller has not been told yet. */
export function stepAnswering(state: Answering, event: Event): Step {
  const { parties, caller, callee, sdp } = state;
  if (event.kind === 'saved') {
    return [talking(parties, caller, callee), [{ kind: 'answer', leg: caller, sdp }]];
  }
  if (event.kind === 'peer-gone') {
    const ends = [
      ...endAll([event.leg], event.why),
      ...endAll([event.leg === caller ? callee : caller], 'lost'),
    ];
    return [over(state), [...ends, { kind: 'finish', outcome: 'lost' }]];
  }
  if (event.kind !== 'said') return [state, []];
  switch (event.event.kind) {
    case 'cancelled':
    case 'ended':
      if (event.leg === callee) return [over(state), [refusal(state, 'declined')]];
      return [over(state), [...endAll([callee], 'late-answer'), { kind: 'finish', outcome: 'cancelled' }]];
    case 'offered':
      return [state, [{ kind: 'refuse-offer', leg: event.leg, status: 491 }]];
    default:
      return [state, []];
  }
}
