import { type Failure, refusalFor } from '../outcome.ts';
import { isPerson, type Party } from '../ports.ts';
import type { Effect, Event, Forwarded, Said, Step, Talking, Transfer } from './call-state.ts';
import {
  branchAppeared,
  branchAsleep,
  branchFailed,
  type Fork,
  forkOf,
  type LegId,
  noAnswer,
} from './fork.ts';
import { ask } from './joining.ts';
import { ringing as startsRinging } from './ringing.ts';
import { endAll, otherSide, referrerTold, sideOf } from './sides.ts';
import { transferFailed } from './transfer-failed.ts';

/** 181: the transferee gets the mailbox of the target (RFC 3261 §21.1.3). */
const FORWARDED = 181;

/** REFER, executed by the server: the far side is joined with the target, the referrer is told and hung up (RFC 3515, RFC 5589). */
export function stepTransfer(state: Talking, event: Event): Step {
  if (event.kind === 'refer' || event.kind === 'join') return accepted(state, event);
  if (event.kind === 'diverted') return diverted(state, event);
  if (event.kind === 'forwarded') return forwarded(state, event);
  const fork = ringingOf(state);
  if (fork === null) return [state, []];
  switch (event.kind) {
    case 'no-answer':
      return unanswered(state, noAnswer(fork), endAll(fork.branches, 'no-answer'));
    case 'extension-moved':
      return [
        ringing(state, forkOf(event.branches, fork.progressed), event.party),
        [
          ...endAll(fork.branches, 'moved'),
          { kind: 'stop-no-answer' },
          startsRinging(state.transfer?.onward),
        ],
      ];
    case 'extension-gone':
      return unanswered(state, event.failure, endAll(fork.branches, 'moved'));
    case 'take-back':
      return state.left === null ? transferFailed(state, 487, 'nothing', 'cancelled') : [state, []];
    case 'phone-appeared': {
      const ends = event.instead === null ? [] : endAll([event.instead], 'returned');
      return [ringing(state, branchAppeared(fork, event)), ends];
    }
    case 'phone-asleep': {
      const left = branchAsleep(fork, event.branch);
      const end = endAll([event.branch], 'asleep');
      return typeof left === 'string' ? unanswered(state, left, end) : [ringing(state, left), end];
    }
    default:
      return [state, []];
  }
}

function accepted(state: Talking, event: Extract<Event, { readonly kind: 'refer' | 'join' }>): Step {
  const { by, id, party } = event;
  // A phone that is on hold would offer to listen only. It may for a service, whose offer fixes the roles of DTLS: a browser that has another
  // one refuses that, and can have sound both ways once the two are joined.
  const asksTarget = event.reseats || (state.held.includes(by) && isPerson(party));
  const invited = { party, by: sideOf(state, by) };
  const accept: readonly Effect[] = id === null ? [] : [{ kind: 'accept-refer', leg: by, id }];
  if (event.kind === 'refer') {
    const target = { kind: 'ringing', fork: forkOf(event.branches) } as const;
    return [
      { ...state, transfer: { by, refer: id, invited, asksTarget, target, onward: event.onward } },
      [...accept, startsRinging(event.onward)],
    ];
  }
  const target = { kind: 'answered', leg: event.leg, lender: event.lender } as const;
  const transfer = { by, refer: id, invited, asksTarget, target };
  const [next, effects] = tryJoin({ ...state, transfer });
  const told = party.mailbox === undefined ? [] : referrerTold(transfer, FORWARDED);
  return [next, [...accept, ...told, ...effects]];
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
      if (typeof left !== 'string') return [ringing(state, left), []];
      const others = fork.branches.filter((branch) => branch !== leg);
      return unanswered(state, left, endAll(others, 'refused'));
    }
    default:
      return [state, []];
  }
}

/** The target does not answer: a person who is sent on by another one gets what any caller gets, its mailbox, if it has one. */
function unanswered(state: Talking, failure: Failure, ends: readonly Effect[]): Step {
  const { transfer, parties } = state;
  if (transfer === null) return [state, ends];
  const { invited } = transfer;
  const [by, transferee] = [parties[invited.by], parties[invited.by === 'caller' ? 'callee' : 'caller']];
  const effects: Effect[] = [{ kind: 'stop-no-answer' }, ...ends];
  const diverting: Talking = { ...state, transfer: { ...transfer, target: { kind: 'diverting', failure } } };
  const goesOn = transfer.target.kind === 'ringing' && transfer.onward?.failures.includes(failure) === true;
  if (goesOn && isPerson(invited.party))
    return [diverting, [...effects, { kind: 'forward', callee: invited.party, failure }]];
  if (isPerson(invited.party) && isPerson(by) && isPerson(transferee)) {
    return [diverting, [...effects, { kind: 'divert', target: invited.party, transferee, failure }]];
  }
  const [next, more] = diverted(diverting, { kind: 'diverted', to: null });
  return [next, [...effects, ...more]];
}

/** The target does not answer, and rings for another extension from now on, or its mailbox is looked for. */
function forwarded(state: Talking, { to }: Forwarded): Step {
  const { transfer } = state;
  if (transfer?.target.kind !== 'diverting') return [state, []];
  if (typeof to === 'string') return unanswered(state, to, []);
  const { party, branches, onward } = to;
  const { invited } = transfer;
  const target = { kind: 'ringing', fork: forkOf(branches) } as const;
  return [
    { ...state, transfer: { ...transfer, invited: { ...invited, party }, onward, target } },
    [startsRinging(onward)],
  ];
}

/** The transferee is joined with the mailbox; where there is none, the referrer has it back. */
function diverted(state: Talking, { to }: Extract<Event, { readonly kind: 'diverted' }>): Step {
  const { transfer, left } = state;
  if (transfer?.target.kind !== 'diverting') return [state, []];
  if (to === null) return transferFailed(state, refusalFor(transfer.target.failure).status);
  const target = { kind: 'answered', leg: to.leg, lender: null } as const;
  const invited = { ...transfer.invited, party: to.party };
  const [next, effects] = tryJoin({ ...state, transfer: { ...transfer, invited, target } });
  return [next, [...(left === null ? referrerTold(transfer, FORWARDED) : []), ...effects]];
}

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
