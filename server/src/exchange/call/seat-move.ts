import type { TerminalId } from '@perch/shared';
import { parseReplaces, type Replaces } from '../../sip/message/fields/replaces.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Call } from './call.ts';
import { isReplaceable, isSide } from './machines/sides.ts';
import type { Placements } from './placements.ts';
import { isPerson, type Party } from './ports.ts';
import type { Ringer } from './ringer.ts';
import type { Seat } from './seat.ts';

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
  placements: Placements,
  ringer: Ringer,
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
  leg.label(call.label);
  const newcomer = call.seat(ringer.callerSeat(leg, party));
  call.handle({ kind: 'seat-move', newcomer, replaced: seat.leg.id, sdp: leg.sdp });
}
