import type { CallRecord } from '@perch/shared';
import { ERASED, isTheirDialling, type Person, withoutAnyName, withoutNumber } from './person.ts';

/**
 * A call record that no longer names the person, for anyone who took part. Their extension's id stays, which means nothing to anybody: so
 * every figure is what it was. PURE.
 */
export function withoutPerson(record: CallRecord, person: Person): CallRecord {
  const { startedAt, dialled, reason } = record;
  const erased = named(record, person, startedAt) as CallRecord;
  return {
    ...erased,
    dialled: isTheirDialling(person, dialled, startedAt) ? withoutNumber(dialled) : dialled,
    reason: reason?.text === undefined ? reason : { ...reason, text: withoutAnyName(person, reason.text) },
  };
}

/** The same value, in which each number with a name is replaced where it is theirs. */
function named(value: unknown, person: Person, at: number): unknown {
  if (Array.isArray(value)) return value.map((each) => named(each, person, at));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each, person, at)]));
  return {
    ...copy,
    ...(isTheirs(value, person, at) && withoutName(value.number)),
    ...goneOn(value, person, at),
  };
}

interface Named {
  readonly number: string;
  readonly extension?: string | null;
}

/** By the extension, where the record says which it was; else by the number that was theirs then. */
function isTheirs(value: object, person: Person, at: number): value is Named {
  const { number, extension } = value as Partial<Named>;
  if (typeof number !== 'string' || person.extension === null) return false;
  if (typeof extension === 'string') return extension === person.extension.id;
  return isTheirDialling(person, number, at);
}

/** Where an attempt went on to their number. */
function goneOn(value: object, person: Person, at: number): { readonly forwarded?: string } {
  const { forwarded } = value as { readonly forwarded?: unknown };
  return typeof forwarded === 'string' && isTheirDialling(person, forwarded, at) ? { forwarded: '' } : {};
}

/** A service that was dialled with their number has no name of its own. */
const withoutName = (number: string): { readonly number: string; readonly name: string } =>
  number.startsWith('*') ? { number: withoutNumber(number), name: '' } : { number: '', name: ERASED };

/** Can the text of a record name them? If not, it need not be read. PURE. */
export const mayName = ({ extension, names, accounts }: Person, text: string): boolean =>
  (extension !== null && (text.includes(extension.id) || text.includes(extension.number))) ||
  [...names, ...accounts.map(({ email }) => email)].some((word) =>
    text.includes(JSON.stringify(word).slice(1, -1)),
  );
