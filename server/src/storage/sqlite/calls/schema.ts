/**
 * The tables of `calls.db`: calls under way and, until they are archived, the records of those that ended. It survives
 * the process, not the machine's power: after a power cut there is no call left to restore.
 */
export interface JournalSchema {
  /** Slots are reused, so that the table does not grow beyond the largest number of simultaneous calls. */
  calls: { slot: number; organization_id: string; call: string };
  /** `record` is a `JournaledRecord` as JSON. */
  records: { sequence: number; record: string };
}

/** The table of `records.db`: every call that ever ended. */
export interface ArchiveSchema {
  call_records: {
    /** The journal's number, so that archiving twice changes nothing. */
    sequence: number;
    id: string;
    organization_id: string;
    started_at: number;
    answered_at: number | null;
    ended_at: number;
    caller_extension: string;
    caller_terminal: string;
    dialled: string;
    callee_extension: string | null;
    callee_terminal: string | null;
    outcome: string;
  };
}
