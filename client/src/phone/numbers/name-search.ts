import { dialledText } from '@perch/shared';

/** What a search compares: no case, no accents, no width, nothing invisible. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLocaleLowerCase();

/** Does `text` match: a part of the name, or of number and name as the lists show them, or of the number as it would be dialled? */
export function fits({ number, name }: { number: string; name: string }, text: string): boolean {
  return plain(`${number} ${name}`).includes(plain(text)) || isPartOf(number, dialledText(text));
}

const isPartOf = (number: string, digits: string): boolean => digits !== '' && number.includes(digits);
