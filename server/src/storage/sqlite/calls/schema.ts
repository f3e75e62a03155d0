import type { CallPart, CallResult } from '@perch/shared';
import type { OwedBye, StoredCall } from '../../../exchange/ports.ts';
import type { Flag, Instant, Json, Octets } from '../columns.ts';
import type { CallForm } from './forms/call-form.ts';
import type { StoredRecord } from './forms/record-form.ts';

/**
 * The tables of `calls.db`: calls under way and, until they are archived, the records of those that ended. It survives
 * the process, not the machine's power: after a power cut there is no call left to restore.
 */
export interface JournalSchema {
  /** Slots are reused, so that the table does not grow beyond the largest number of simultaneous calls. */
  calls: { slot: number; organization_id: string; call: Json<CallForm | StoredCall> };
  /** The records of one write, with the number of the last: lines as `journalLine` makes them, since each row costs as much as several lines. */
  records: { sequence: number; record: string };
  /** BYEs that phones have not answered: few, and of the last minutes. `bye` is an `OwedBye` as JSON. */
  owed_byes: { tag: string; organization_id: string; bye: Json<OwedBye> };
}

/** What stands for the id of an organization, an extension or a terminal (`ArchiveKeys`). */
type Key = number;

/** The tables of `records.db`: every call that ever ended. */
export interface ArchiveSchema {
  call_keys: { number: Key; id: string };
  call_records: {
    /** The journal's number, so that archiving twice changes nothing. */
    sequence: number;
    organization: Key;
    started_at: Instant;
    result: CallResult;
    record: Json<StoredRecord>;
  };
  /** The parts of each record, a row each, in the order of time, to be found and added up. */
  call_parts: {
    organization: Key;
    started_at: Instant;
    sequence: number;
    extension: Key;
    terminal: Key | null;
    role: CallPart['role'];
    result: CallPart['result'];
    call_result: CallResult;
    external: Flag;
    other: Key | null;
    ring_ms: number | null;
    talk_ms: number;
    hold_ms: number;
    wait_ms: number;
    transferred: Flag;
    /** Of a missed call: the two have talked since. */
    returned: Flag;
  };
  /** Numbers for an extension at a terminal, or at none; each organization's begin at 0. */
  call_pairs: { organization: Key; pair: number; extension: Key; terminal: Key | null };
  /** The parts that began on one day or on several, packed (`sums/sheet.ts`), for days that can hardly change any more; made anew where they do. */
  call_sheets: {
    organization: Key;
    days: 1 | 32;
    /** The first, in days since 1970-01-01 UTC. */
    day: number;
    parts: Octets;
    /** Of several days: what they add up to. */
    sums: Octets | null;
  };
  /** Records as they were once; empty as soon as they have been taken over. */
  earlier_call_records: {
    sequence: number;
    id: string;
    organization_id: string;
    started_at: Instant;
    answered_at: Instant | null;
    ended_at: Instant;
    caller_extension: string;
    caller_terminal: string;
    dialled: string;
    callee_extension: string | null;
    callee_terminal: string | null;
    outcome: CallResult;
  };
}
