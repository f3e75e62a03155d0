import type { ExtensionId, TerminalId } from '@perch/shared';

/** The extension of a person, of today or of once. */
export interface PersonalExtension {
  readonly id: ExtensionId;
  readonly terminal: TerminalId;
  readonly number: string;
  readonly name: string;
  readonly createdAt: number;
  /** `null` while it exists. Its number may be somebody else's afterwards. */
  readonly deletedAt: number | null;
}

/** Whose data it is: an extension with the accounts to which it belongs, or an account alone. */
export interface Person {
  /** The id of the extension; without one, that of the account. */
  readonly id: string;
  readonly extension: PersonalExtension | null;
  readonly accounts: readonly { readonly id: string; readonly email: string }[];
  /** The name of the extension, and those that it had at desks. */
  readonly names: readonly string[];
}

/** What stands where a name was. Numbers and addresses are left empty. */
export const ERASED = 'Erased person';

/** What is noted of a creation or a deletion is of about that instant (milliseconds). */
const ABOUT_MS = 1_000;

/** As long as the number is theirs. PURE. */
export const timeOf = ({ createdAt, deletedAt }: PersonalExtension) => ({
  from: createdAt - ABOUT_MS,
  until: deletedAt === null ? Number.MAX_SAFE_INTEGER : deletedAt + ABOUT_MS,
});

/** Was the number theirs at that instant? PURE. */
export const isTheirNumber = (
  { extension }: Pick<Person, 'extension'>,
  number: string,
  at: number,
): boolean => {
  if (number !== extension?.number) return false;
  const { from, until } = timeOf(extension);
  return at >= from && at <= until;
};

/** The same, dialled as it is or after a feature code. PURE. */
export const isTheirDialling = (person: Pick<Person, 'extension'>, dialled: string, at: number): boolean =>
  isTheirNumber(person, dialled.replace(/^\*\d\d/, ''), at);

/** What was dialled, without their number. PURE. */
export const withoutNumber = (dialled: string): string => /^\*\d\d/.exec(dialled)?.[0] ?? '';

/** A text without their addresses, and without their names where it is one of them: in a longer text, a name may be somebody else's. PURE. */
export function withoutNames(person: Pick<Person, 'names' | 'accounts'>, text: string): string {
  if (person.names.includes(text)) return ERASED;
  return withoutWords(
    person.accounts.map(({ email }) => email),
    text,
  );
}

/** A text that is theirs alone, without their names and addresses wherever they stand as words. PURE. */
export const withoutAnyName = (
  { names, accounts }: Pick<Person, 'names' | 'accounts'>,
  text: string,
): string => withoutWords([...accounts.map(({ email }) => email), ...names], text);

const withoutWords = (words: readonly string[], text: string): string =>
  words
    .filter((word) => word !== '' && word !== ERASED)
    .reduce((rest, word) => rest.replaceAll(asWord(word), ERASED), text);

const asWord = (word: string): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])${word.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`)}(?![\\p{L}\\p{N}])`,
    'gu',
  );
