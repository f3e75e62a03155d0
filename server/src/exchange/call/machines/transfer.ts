import { type Failure, refusalFor } from '../outcome.ts';
import type { Party } from '../ports.ts';
import type { Effect, Event, Said, Step, Talking, Transfer } from './call-state.ts';
import { branchAsleep, branchFailed, type Fork, forkOf, type LegId, noAnswer } from './fork.ts';
import { ask } from './joining.ts';
import { endAll, otherSide, referrerTold, sideOf } from './sides.ts';
import { transferFailed } from './transfer-failed.ts';

/** REFER, executed by the server: the far side is joined with the target, the referrer is told and hung up (RFC 3515, RFC 5589). */
export function stepTransfer(state: Talking, event: Event): Step {
  if (event.kind === 'refer' || event.kind === 'join') return accepted(state, event);
  const fork = ringingOf(state);
  if (fork === null) return [state, []];
  switch (event.kind) {
    case 'no-answer':
      return failed(state, noAnswer(fork));
    case 'extension-moved':
      return [
        ringing(state, forkOf(event.branches, fork.progressed), event.party),
        [...endAll(fork.branches, 'moved'), { kind: 'stop-no-answer' }, { kind: 'start-no-answer' }],
      ];
    case 'extension-gone':
      return failed(state, event.failure);
    case 'take-back':
      return state.left === null ? transferFailed(state, 487, 'nothing', 'cancelled') : [state, []];
    case 'phone-appeared': {
      const branches = [...fork.branches.filter((branch) => branch !== event.instead), event.branch];
      const ends = event.instead === null ? [] : endAll([event.instead], 'returned');
      return [ringing(state, { ...fork, branches, awaited: false }), ends];
    }
    case 'phone-asleep': {
      const left = branchAsleep(fork, event.branch);
      if (typeof left === 'string') return failed(state, left);
      return [ringing(state, left), endAll([event.branch], 'asleep')];
    }
    default:
      return [state, []];
  }
}

function accepted(state: Talking, event: Extract<Event, { readonly kind: 'refer' | 'join' }>): Step {
  const { by, id, party } = event;
  // A phone that is on hold would offer to listen only.
  const asksTarget = event.reseats || state.held.includes(by);
  const invited = { party, by: sideOf(state, by) };
  const accept: readonly Effect[] = id === null ? [] : [{ kind: 'accept-refer', leg: by, id }];
  if (event.kind === 'refer') {
    const target = { kind: 'ringing', fork: forkOf(event.branches) } as const;
    return [
      { ...state, transfer: { by, refer: id, invited, asksTarget, target } },
      [...accept, { kind: 'start-no-answer' }],
    ];
  }
  const target = { kind: 'answered', leg: event.leg, lender: event.lender } as const;
  const [next, effects] = tryJoin({ ...state, transfer: { by, refer: id, invited, asksTarget, target } });
  return [next, [...accept, ...effects]];
}

/** A target that has answered is joined as soon as no exchange is under way. */
export function tryJoin(state: Talking): Step {
  const { exchange, transfer } = state;
  if (transfer?.target.kind !== 'answered' || exchange.kind !== 'idle') return [state, []];
  const transferee = otherSide(state, transfer.by);
  const { leg } = transfer.target;
  return transfer.asksTarget
    ? ask(state, leg, transferee, 're-seat')
    : ask(state, transferee, leg, 'transfer');
}

export const isBranch = (state: Talking, leg: LegId): boolean =>
  ringingOf(state)?.branches.includes(leg) === true;

/** A phone of the target, while it rings. */
export function branchSaid(state: Talking, leg: LegId, said: Said): Step {
  const { transfer } = state;
  const fork = ringingOf(state);
  if (transfer === null || fork === null) return [state, []];
  switch (said.kind) {
    case 'progress': {
      if (fork.progressed) return [state, []];
      const told = state.left === null ? referrerTold(transfer, 180) : [];
      return [ringing(state, { ...fork, progressed: true }), told];
    }
    case 'answered': {
      const others = fork.branches.filter((branch) => branch !== leg);
      const target = { kind: 'answered', leg, lender: null } as const;
      const [next, effects] = tryJoin({ ...state, transfer: { ...transfer, target } });
      return [next, [{ kind: 'stop-no-answer' }, ...endAll(others, 'elsewhere'), ...effects]];
    }
    case 'failed': {
      const left = branchFailed(fork, leg, said.status);
      return typeof left === 'string' ? failed(state, left) : [ringing(state, left), []];
    }
    default:
      return [state, []];
  }
}

const failed = (state: Talking, failure: Failure): Step => transferFailed(state, refusalFor(failure).status);

const ringingOf = ({ transfer }: Talking): Fork | null =>
  transfer?.target.kind === 'ringing' ? transfer.target.fork : null;

/** The same transfer with other phones ringing, of the same party or, after a move, of it as it is now. */
function ringing(state: Talking, fork: Fork, party?: Party): Talking {
  const transfer = state.transfer as Transfer;
  const { invited } = transfer;
  return {
    ...state,
    transfer: {
      ...transfer,
      invited: party === undefined ? invited : { ...invited, party },
      target: { kind: 'ringing', fork },
    },
  };
}
