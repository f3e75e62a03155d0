import { CALL_ID_HEADER, type CallId, type CallRecordId, type TerminalId } from '@perch/shared';
import type { HeaderField } from '../../sip/message/message.ts';
import type { CallStore, StoredCall } from '../ports.ts';
import type { EmergencyHold } from './ports.ts';
import type { ShownCall } from './shown-call.ts';
import { storedParty } from './seats/seat.ts';

/** What a record says of a call, beside who talked. A transfer ends one conversation of the call, and begins another. */
export interface Conversation {
  readonly record: CallRecordId;
  readonly dialled: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

/** With what a call begins, or is taken up again after a restart. */
export interface CallStart extends Omit<Conversation, 'record'> {
  readonly id: CallId;
  /** Of a restored call: a new one gets its own. */
  readonly record?: CallRecordId;
  /** Of an emergency call. */
  readonly hold: EmergencyHold | null;
}

/** The header field that tells a phone the id of its call. */
export const labelOf = (id: CallId): HeaderField => [CALL_ID_HEADER, id];

/**
 * Stores a call; resolves also where that has failed, as a call goes on all the same: then a restart would not find it. `emergencyOn` is the
 * terminal of its emergency, if it is one.
 */
export async function saveCall(
  call: ShownCall & Conversation,
  emergencyOn: TerminalId | undefined,
  store: CallStore,
  failed: (error: unknown) => void,
): Promise<void> {
  const stored = storedCallOf(call, emergencyOn);
  if (stored !== undefined) await store.save(stored).catch(failed);
}

/** `undefined` where a side has hung up in the meantime: then there is no dialog to store, and the event that ends the call follows. */
function storedCallOf(
  call: ShownCall & Conversation,
  emergencyOn: TerminalId | undefined,
): StoredCall | undefined {
  const caller = storedParty(call.seatOf('caller'));
  const callee = storedParty(call.seatOf('callee'));
  const { id, record, startedAt, answeredAt } = call;
  if (caller === undefined || callee === undefined || answeredAt === null) return undefined;
  const emergency = emergencyOn === undefined ? {} : { emergencyOn };
  return { id, record, startedAt, answeredAt, caller, callee, ...emergency };
}
