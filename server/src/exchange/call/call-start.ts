import { CALL_ID_HEADER, type CallId, type TerminalId } from '@perch/shared';
import type { HeaderField } from '../../sip/message/message.ts';
import type { CallStore, StoredCall } from '../ports.ts';
import { isUnsettled } from './machines/keeping.ts';
import type { EmergencyHold } from './ports.ts';
import type { CallAccount } from './records/account.ts';
import type { ShownCall } from './shown-call.ts';
import { isAnchored, storedSeat } from './seats/seat.ts';

/** With what a call begins, or is taken up again after a restart. */
export interface CallStart {
  readonly id: CallId;
  readonly account: CallAccount;
  /** When the present two began to talk (milliseconds since 1970). */
  readonly answeredAt: number | null;
  /** Of an emergency call. */
  readonly hold: EmergencyHold | null;
  /** Of a call with which help calls back: the terminal from which it was called. */
  readonly callsBack?: TerminalId | null;
}

/** The header field that tells a phone the id of its call. */
export const labelOf = (id: CallId): HeaderField => [CALL_ID_HEADER, id];

/**
 * Stores a call; resolves also where that has failed, as a call goes on all the same: then a restart would not find it. `emergencyOn` is the
 * terminal of its emergency, if it is one.
 */
export async function saveCall(
  call: ShownCall,
  emergencyOn: TerminalId | undefined,
  store: CallStore,
  failed: (error: unknown) => void,
): Promise<void> {
  const stored = storedCallOf(call, emergencyOn);
  await (stored === undefined ? store.forget(call.id) : store.save(stored)).catch(failed);
}

/** `undefined` where a side cannot be stored: it has hung up, and the event that ends the call follows. */
function storedCallOf(call: ShownCall, emergencyOn: TerminalId | undefined): StoredCall | undefined {
  const callerSeat = call.seatOf('caller');
  const calleeSeat = call.seatOf('callee');
  const viaServer = isAnchored(callerSeat) || isAnchored(calleeSeat);
  const caller = storedSeat(callerSeat, viaServer);
  const callee = storedSeat(calleeSeat, viaServer);
  const { id, account, startedAt, answeredAt, holding, callsBack } = call;
  if (caller === undefined || callee === undefined || answeredAt === null) return undefined;
  const stored: StoredCall = { id, account, startedAt, answeredAt, caller, callee };
  const unsettled = isUnsettled(call.state);
  if (holding === null && !unsettled && emergencyOn === undefined && callsBack === null) return stored;
  return {
    ...stored,
    ...(holding !== null && { held: holding }),
    ...(unsettled && { unsettled }),
    ...(emergencyOn !== undefined && { emergencyOn }),
    ...(callsBack !== null && { callsBack }),
  };
}
