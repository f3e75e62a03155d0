import type { CallRecordId, TerminalId } from '@perch/shared';
import type { StoredCall } from '../ports.ts';
import type { ShownCall } from './shown-call.ts';
import { storedParty } from './seat.ts';

/** What a record says of a call, beside who talked. A transfer ends one conversation of the call, and begins another. */
export interface Conversation {
  readonly record: CallRecordId;
  readonly dialled: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

/**
 * A call as it is stored, with the terminal of its emergency, if it is one. `undefined` where a side has hung up in the meantime: then there is
 * no dialog to store, and the event that ends the call follows.
 */
export function storedCallOf(
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
