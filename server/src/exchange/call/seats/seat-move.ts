import { callId, type ExtensionId, type TerminalId } from '@perch/shared';
import { parseReplaces, type Replaces } from '../../../sip/message/fields/replaces.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import type { Call, CallOwner } from '../call.ts';
import { isReplaceable, isSide } from '../machines/sides.ts';
import type { Placements } from '../placements.ts';
import { isPerson, type Party } from '../ports.ts';
import type { Ringer } from '../ringing/ringer.ts';
import { AnchoredLeg } from './anchored-leg.ts';
import type { Seat } from './seat.ts';

interface SeatMovePorts {
  readonly placements: Placements;
  readonly ringer: Ringer;
  readonly engine: CallOwner['engine'];
}

const SIDES = ['caller', 'callee'] as const;

/** Finds a confirmed leg of that terminal by a Replaces header (RFC 3891 §3). */
export function findSeat(
  calls: Iterable<Call>,
  terminal: TerminalId,
  { callId, toTag, fromTag }: Replaces,
): readonly [Call, Seat, Party] | undefined {
  for (const call of calls) {
    for (const seat of call.seats.values()) {
      const { leg, party } = seat;
      if (!isPerson(party) || party.terminal !== terminal || leg.state !== 'confirmed') continue;
      if (
        call.state.kind === 'talking' &&
        isSide(call.state, leg.id) &&
        leg.isDialog(callId, toTag, fromTag)
      ) {
        return [call, seat, party];
      }
    }
  }
  return undefined;
}

/**
 * INVITE with Replaces: a phone continues its own call on another leg. Only a leg of the same account may be replaced;
 * for others' legs the answer is the same as for unknown ones (481). The party stays the same.
 */
export function moveSeat(
  { placements, ringer, engine }: SeatMovePorts,
  leg: InboundLeg,
  terminal: TerminalId,
  header: string,
): void {
  const replaces = parseReplaces(header);
  if (replaces === undefined) {
    leg.reject(400, { reason: { protocol: 'SIP', cause: 400, text: 'Malformed Replaces' } });
    return;
  }
  const found = findSeat(placements.betweenPhonesAt(terminal), terminal, replaces);
  if (found === undefined) {
    leg.reject(481, { reason: { protocol: 'SIP', cause: 481, text: 'No such call on this phone' } });
    return;
  }
  const [call, seat, party] = found;
  if (replaces.earlyOnly || call.state.kind !== 'talking' || !isReplaceable(call.state)) {
    const status = replaces.earlyOnly ? 486 : 491;
    leg.reject(status, {
      reason: { protocol: 'SIP', cause: status, text: 'The call cannot be replaced now' },
    });
    return;
  }
  move({ ringer, engine }, leg, call, seat, party);
}

/** A party of that call which may take it up at the terminal: one whose leg is there, or whose extension speaks there now. */
function takeableAt(
  call: Call,
  terminal: TerminalId,
  speaker: ExtensionId | undefined,
): readonly [Seat, Party] | undefined {
  const sides = SIDES.flatMap((side) => {
    const [seat, party] = [call.seatOf(side), call[side]];
    return seat !== undefined && isPerson(party) ? [[seat, party] as const] : [];
  });
  return (
    sides.find(([, party]) => party.terminal === terminal) ??
    // The emergency call of a terminal stays there.
    (call.isEmergency ? undefined : sides.find(([, party]) => party.extension === speaker))
  );
}

/**
 * INVITE with the id of a live call: a page wants that call here, because its own leg is lost, or the person has moved. A call
 * that is not theirs is answered as one that does not exist (481).
 */
export function takeUp(
  { placements, ringer, engine }: SeatMovePorts,
  leg: InboundLeg,
  { terminal, speaker, id }: { terminal: TerminalId; speaker: ExtensionId | undefined; id: string },
): void {
  const call = placements.find(callId(id));
  const found = call?.state.kind === 'talking' ? takeableAt(call, terminal, speaker) : undefined;
  if (call === undefined || found === undefined) {
    leg.reject(481, { reason: { protocol: 'SIP', cause: 481, text: 'No such call for this phone' } });
    return;
  }
  if (call.state.kind !== 'talking' || !isReplaceable(call.state)) {
    refuseForNow(leg);
    return;
  }
  const [seat, party] = found;
  move({ ringer, engine }, leg, call, seat, { ...party, terminal });
}

/** The new leg takes the place of the one in that seat; the other side gets a new session where its phone takes one. */
function move(
  { ringer, engine }: Omit<SeatMovePorts, 'placements'>,
  leg: InboundLeg,
  call: Call,
  replaced: Seat,
  party: Party,
): void {
  leg.label(call.label);
  const { path, ...seat } = ringer.callerSeat(leg, party);
  const enter = (inbound: InboundLeg, itsPath: Seat['path']): void => {
    const far = farFrom(call, replaced);
    const reseats = far !== undefined && ringer.reseatable(far) !== undefined;
    const newcomer = call.seat({ ...seat, leg: inbound, inbound, path: itsPath });
    const { sdp } = inbound;
    call.handle({ kind: 'seat-move', newcomer, replaced: replaced.leg.id, sdp, party, reseats });
  };
  // Neither of two phones that keep their path would follow the other.
  if (path?.mayStay !== true || farFrom(call, replaced)?.path?.mayStay !== true) {
    enter(leg, path);
    return;
  }
  const anchored = new AnchoredLeg(leg, engine);
  anchored.anchor().then(
    () => {
      if (call.state.kind !== 'talking' || !isReplaceable(call.state) || !isSide(call.state, replaced.leg.id))
        refuseForNow(anchored);
      else enter(anchored, null);
    },
    () => {
      leg.reject(488);
    },
  );
}

const farFrom = (call: Call, seat: Seat): Seat | undefined =>
  SIDES.map((side) => call.seatOf(side)).find((each) => each !== seat);

const refuseForNow = (leg: InboundLeg): void => {
  leg.reject(491, { reason: { protocol: 'SIP', cause: 491, text: 'The call cannot be taken up now' } });
};
