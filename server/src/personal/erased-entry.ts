import type { AuditEntry, Facts } from '@perch/shared';
import { ERASED, isTheirNumber, type Person, withoutAnyName, withoutNames } from './person.ts';

/** Facts of an extension or an account that say who somebody is. */
const PERSONAL_FACTS = new Set([
  'name',
  'place',
  'plan',
  'callBack',
  'forwards',
  'voicemailMail',
  'extension',
]);

/**
 * An entry of the audit that no longer names the person; the same entry where it never did. What was done, when and with what result stays,
 * and so does its seal, which the entries after it depend on. PURE.
 */
export function entryWithout(entry: AuditEntry, person: Person): AuditEntry {
  const isThem = (text: string) =>
    isTheirNumber(person, text, entry.at) ||
    person.accounts.some(
      ({ id, email }) => text === email || text === id || text.startsWith(`${email} (token “`),
    );
  const isByThem = isThem(entry.who);
  const isAboutThem = entry.about !== null && isThem(entry.about);
  const without = isByThem || isAboutThem ? withoutAnyName : withoutNames;
  const words = (text: string) => (isThem(text) ? ERASED : without(person, text));
  const forwards = (value: Facts[string]) =>
    typeof value === 'string' && isTheirNumber(person, person.extension?.number ?? '', entry.at)
      ? value.replaceAll(forwardTo(person), ERASED)
      : value;
  const facts = (all: Facts | null): Facts | null =>
    all &&
    Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        name,
        isAboutThem && PERSONAL_FACTS.has(name)
          ? value && ERASED
          : fact(name === 'forwards' ? forwards(value) : value, words),
      ]),
    );
  const erased: AuditEntry = {
    ...entry,
    who: words(entry.who),
    address: isByThem ? null : entry.address,
    about: entry.about === null ? null : words(entry.about),
    before: facts(entry.before),
    after: facts(entry.after),
  };
  return JSON.stringify(erased) === JSON.stringify(entry) ? entry : erased;
}

/** Their number where calls go on to it, such as in `always 101, unanswered 101 15`: never the seconds after a number. */
const forwardTo = ({ extension }: Person): RegExp =>
  new RegExp(`(?<=[a-z] )${extension?.number ?? ''}(?!\\d)`, 'g');

const fact = (value: Facts[string], words: (text: string) => string): Facts[string] =>
  typeof value === 'string' ? words(value) : Array.isArray(value) ? value.map(words) : value;
