import { type CallRecord, type NamedThen, type RecordedParty, WITHHELD } from '@perch/shared';

/** The record as that extension may read it: of others who withheld their number nothing is left that says who they are. PURE. */
export function withoutWithheld(record: CallRecord, reader: string | null): CallRecord {
  const { caller, callee, legs, attempts, parts, endedBy } = record;
  const hidden = [caller, ...legs, ...attempts].filter(
    ({ withheld, extension }) => withheld === true && extension !== reader,
  );
  if (hidden.length === 0) return record;
  const extensions = new Set(hidden.map(({ extension }) => extension));
  const numbers = new Set(hidden.map(({ number }) => number));
  const isHidden = ({ number }: NamedThen): boolean => numbers.has(number);
  const named = <Named extends NamedThen | null>(one: Named): Named =>
    one !== null && isHidden(one) ? { ...one, ...WITHHELD } : one;
  const party = <Of extends RecordedParty>(one: Of): Of =>
    isHidden(one) ? { ...one, ...WITHHELD, ...NOWHERE } : { ...one, desk: named(one.desk) };
  const { claimed, ...rest } = record;
  return {
    ...rest,
    caller: party(caller),
    callee: callee && party(callee),
    legs: legs.map(party),
    attempts: attempts.map((one) => ({
      ...party(one),
      ...{ by: named(one.by), occupant: named(one.occupant) },
      ...(one.forwarded !== undefined && numbers.has(one.forwarded) && { forwarded: WITHHELD.number }),
    })),
    parts: parts
      .filter(({ extension }) => !extensions.has(extension))
      .map((part) => ({
        ...part,
        station: named(part.station),
        other: extensions.has(part.other) ? null : part.other,
      })),
    endedBy: named(endedBy),
    // The desk at which a caller has said later that the call was theirs is where they were.
    ...(claimed &&
      !extensions.has(caller.extension) && {
        claimed: { ...claimed, by: named(claimed.by), from: named(claimed.from) },
      }),
  };
}

/** Ids and a desk would say who it is, too. */
const NOWHERE = { extension: null, terminal: null, desk: null } as const;
