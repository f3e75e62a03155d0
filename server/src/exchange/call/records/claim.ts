import { type CallRecord, CLAIM_WINDOW_MS, type RecordedParty } from '@perch/shared';

/** Somebody who says that a call was theirs. */
export interface Claimant {
  readonly extension: string;
  readonly number: string;
  readonly name: string;
}

/**
 * May the claimant have made this call, as far as its record says? It was made at that desk, as its own extension and within the window before
 * the stay; nobody has claimed it; it was no call for help; and the claimant had no other part in it. PURE.
 */
export function isClaimable(
  { caller, claimed, emergency, parts, startedAt }: CallRecord,
  desk: Pick<RecordedParty, 'extension' | 'terminal'>,
  claimant: Pick<Claimant, 'extension'>,
  since: number,
): boolean {
  if (caller.extension !== desk.extension || caller.terminal !== desk.terminal) return false;
  if (startedAt >= since || startedAt < since - CLAIM_WINDOW_MS) return false;
  if (claimed !== undefined || emergency) return false;
  if (!parts.some(({ extension, role }) => extension === desk.extension && role === 'caller')) return false;
  return !parts.some(({ extension }) => extension === claimant.extension);
}

/**
 * The record of a call whose caller was the claimant, at the desk: all that counted for the desk's extension as its caller counts for the
 * claimant's, at the same terminal. Nothing of the call's course changes, and who was recorded first stays named. PURE.
 */
export function claimedBy(record: CallRecord, claimant: Claimant, at: number): CallRecord {
  const { caller } = record;
  const { number, name } = claimant;
  const from = { number: caller.number, name: caller.name };
  const desk = { ...from, since: null };
  const own = <Party extends RecordedParty>(party: Party): Party =>
    party.extension === caller.extension && party.terminal === caller.terminal && party.desk === null
      ? { ...party, ...claimant, desk }
      : party;
  const isDesk = (named: { readonly number: string; readonly name: string } | null): boolean =>
    named?.number === from.number && named.name === from.name;
  return {
    ...record,
    caller: own(caller),
    legs: record.legs.map((leg) => (leg.side === 'caller' ? own(leg) : leg)),
    attempts: record.attempts.map((attempt) =>
      isDesk(attempt.by) ? { ...attempt, by: { number, name } } : attempt,
    ),
    parts: record.parts.map((part) =>
      part.extension === caller.extension && part.role === 'caller'
        ? { ...part, ...claimant }
        : { ...part, other: part.other === caller.extension ? claimant.extension : part.other },
    ),
    endedBy: isDesk(record.endedBy) ? { number, name } : record.endedBy,
    claimed: { by: { number, name }, from, at },
  };
}
