import type { AttemptResult, CallLeg, CallRecord, CallResult, RecordedParty } from '@perch/shared';
import { type CallAccount, newAccount } from '../../../exchange/call/records/account.ts';
import { callRecordOf } from '../../../exchange/call/records/call-record.ts';
import type { Database } from '../database.ts';
import { ArchiveKeys } from './archive-keys.ts';
import { ArchiveWriter } from './archive-writer.ts';
import type { ArchiveSchema } from './schema.ts';
import { CallSheets } from './sums/call-sheets.ts';

/** A record as it was written before it had attempts and legs. */
export interface EarlierCallRecord {
  readonly id: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly callerExtension: string;
  readonly callerTerminal: string;
  readonly dialled: string;
  readonly calleeExtension: string | null;
  readonly calleeTerminal: string | null;
  readonly outcome: CallResult;
}

/** Records that are taken over at a time. */
const BATCH = 5_000;

/** Nobody noted names, and what happened while it rang. */
const party = (extension: string, terminal: string | null): RecordedParty => ({
  ...{ extension, terminal, number: '', name: '', desk: null },
});

/** What such a record says, as a record of today: the caller and the callee, and one attempt. */
export function upgraded(earlier: EarlierCallRecord): CallRecord {
  const { id, startedAt, answeredAt, endedAt, dialled, outcome } = earlier;
  const caller = party(earlier.callerExtension, earlier.callerTerminal);
  const callee =
    earlier.calleeExtension === null ? null : party(earlier.calleeExtension, earlier.calleeTerminal);
  const ring = { at: startedAt, rangAt: null, endedAt: answeredAt ?? endedAt, by: null, occupant: null };
  const account: CallAccount = {
    ...newAccount({ startedAt, dialled, caller, callee }),
    ...{ answeredAt, countedAt: endedAt },
    attempts: callee === null ? [] : [{ ...callee, ...ring, result: attemptResultOf(earlier) }],
    legs: answeredAt === null ? [] : legsOf(caller, callee, answeredAt, endedAt),
    talkMs: answeredAt === null ? 0 : endedAt - answeredAt,
  };
  return callRecordOf(account, { id, emergency: false, result: outcome, mailbox: null });
}

function attemptResultOf({ answeredAt, outcome }: EarlierCallRecord): AttemptResult {
  if (answeredAt !== null) return 'answered';
  return outcome === 'lost' || outcome === 'transferred' || outcome === 'answered' ? 'cancelled' : outcome;
}

function legsOf(
  caller: RecordedParty,
  callee: RecordedParty | null,
  from: number,
  until: number,
): readonly CallLeg[] {
  const times = { from, until, left: 'ended', talkMs: until - from, holdMs: 0, waitMs: 0 } as const;
  const calling: CallLeg = { ...caller, side: 'caller', joined: 'called', ...times };
  return callee === null ? [calling] : [calling, { ...callee, side: 'callee', joined: 'answered', ...times }];
}

/** Makes records of today of those that an earlier version has left. A crash in the middle loses none. */
export function takeOverEarlierRecords(db: Database<ArchiveSchema>): void {
  const writer = new ArchiveWriter(db, new ArchiveKeys(db), new CallSheets(db));
  for (;;) {
    const rows = db.all(
      db.sql.selectFrom('earlier_call_records').selectAll().orderBy('sequence').limit(BATCH),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    db.transaction(() => {
      for (const row of rows)
        writer.write({
          sequence: row.sequence,
          organization: row.organization_id,
          record: upgraded(earlier(row)),
        });
      db.run(db.sql.deleteFrom('earlier_call_records').where('sequence', '<=', last.sequence));
    });
  }
}

const earlier = (row: ArchiveSchema['earlier_call_records']): EarlierCallRecord => ({
  id: row.id,
  startedAt: row.started_at,
  answeredAt: row.answered_at,
  endedAt: row.ended_at,
  callerExtension: row.caller_extension,
  callerTerminal: row.caller_terminal,
  dialled: row.dialled,
  calleeExtension: row.callee_extension,
  calleeTerminal: row.callee_terminal,
  outcome: row.outcome,
});
