import { digitsFor } from '@perch/shared';
import type { Party } from '../ports.ts';
import { type Effect, type Step, type Talking, type Transfer } from './call-state.ts';
import type { Exchange, Goal } from './exchange.ts';
import type { LegId } from './fork.ts';
import { isOnHold } from './hold.ts';
import { sideOf, withSide } from './sides.ts';

/* Two legs have agreed: they are the sides of the call from now on, and everything else waits until that is in storage. */

/**
 * The far side, or the server in its place, has answered the offer of `source`, which has the place of `old` from now on; `retired` are other
 * legs that are no longer needed.
 */
export function moved(
  state: Talking,
  { source, party }: { readonly source: LegId; readonly party?: Party | undefined },
  old: LegId,
  sdp: string,
  retired: readonly LegId[] = [],
): Step {
  const before = { leg: old, party: state.parties[sideOf(state, old)] };
  const settling = { source, sdp, goal: 'move', onHold: false, refer: null, before } as const;
  return settle(withSide(state, old, source, party), [old, ...retired], settling, []);
}

/**
 * The target talks with the transferee. `source`, which made the offer, will be told the answer; `replaced` is the old leg of a transferee
 * that was re-seated.
 */
export function transferred(
  state: Talking,
  transfer: Transfer,
  { source, sdp: offered, goal }: { readonly source: LegId; readonly sdp: string; readonly goal: Goal },
  sdp: string,
  replaced: readonly LegId[] = [],
): Step {
  const { by, refer, invited, target } = transfer;
  if (target.kind !== 'answered') return [state, []];
  const { leg, lender } = target;
  const effects: Effect[] = [{ kind: 'begin' }];
  if (lender !== null) effects.push({ kind: 'take', leg, lender });
  const joined = withSide(state, by, leg, invited.party);
  const told = refer === null ? null : { leg: by, id: refer };
  const onHold = isOnHold(offered);
  return settle(joined, [by, ...replaced], { source, sdp, goal, onHold, refer: told }, effects);
}

/** The newcomer is a side from now on; the rest waits until the new pair is in storage. */
export function settle(
  state: Talking,
  retired: readonly LegId[],
  settling: Omit<Extract<Exchange, { kind: 'settling' }>, 'kind' | 'retired'>,
  effects: readonly Effect[],
): Step {
  const exchange: Exchange = {
    kind: 'settling',
    ...settling,
    retired: retired.filter((leg) => leg !== state.left),
  };
  return [{ ...state, exchange, transfer: null, left: null }, [...effects, { kind: 'save' }]];
}

/** What a phone that has parked the call is told of where it waits, for its display. */
export function whereParked({ parties: { caller, callee } }: Talking): string | undefined {
  const slot = (caller.parked ?? callee.parked)?.slot;
  return slot === undefined ? undefined : `Parked, ${digitsFor({ name: 'pick-up', slot })} picks it up`;
}
