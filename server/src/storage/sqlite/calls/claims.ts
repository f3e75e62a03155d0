import { CLAIM_WINDOW_MS } from '@perch/shared';
import { claimedBy, isClaimable } from '../../../exchange/call/records/claim.ts';
import type { ClaimedCall } from '../../../records/ports.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { ArchiveKeys } from './archive-keys.ts';
import { find } from './archive-queries.ts';
import type { ArchiveWriter } from './archive-writer.ts';
import { readRecord } from './forms/record-form.ts';
import type { ArchiveSchema } from './schema.ts';

/** A claim, and whose the call is. */
export interface ClaimWanted extends ClaimedCall {
  readonly organization: string;
}

/** Calls that are looked at: more than a desk makes in the window. */
const MOST_CALLS = 500;
const NEWEST = Number.MAX_SAFE_INTEGER;

/** Writes the record of the call anew, and its parts, as the claimant's; the sums of its day are added up anew. @returns whether it could be claimed. */
export function claim(
  db: Database<ArchiveSchema>,
  keys: ArchiveKeys,
  writer: ArchiveWriter,
  { organization, call, desk, claimant, since, at }: ClaimWanted,
): boolean {
  const window = { from: since - CLAIM_WINDOW_MS, until: since };
  const filter = {
    extensions: [desk.extension],
    terminal: desk.terminal,
    direction: 'made',
    ...window,
  } as const;
  const from = { through: NEWEST, startedAt: NEWEST, sequence: NEWEST };
  return db.transaction(() => {
    for (const found of find(db, keys, { organization, filter, from, limit: MOST_CALLS })) {
      const record = readRecord(json.read(found.record));
      if (record.id !== call || !isClaimable(record, desk, claimant, since)) continue;
      const { sequence } = found;
      writer.rewrite({ sequence, organization, record: claimedBy(record, claimant, at) });
      return true;
    }
    return false;
  });
}
