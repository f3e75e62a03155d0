import { isWithheld, type Party } from '@perch/shared';

/** More of a name than this helps nobody. */
const LONGEST_NAME = 100;

/** Of a text from anywhere, what stands in one line: no line ends, no control characters, not endless. */
export const oneLine = (text: string): string =>
  [
    ...text
      .toWellFormed()
      .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, LONGEST_NAME)
    .join('');

/** `Ben (102)`, or what there is of it. */
export function nameOf(party: Party): string {
  if (isWithheld(party)) return 'a withheld number';
  const { name, number } = party;
  const [who, digits] = [oneLine(name), oneLine(number)];
  if (who === '' || who === digits) return digits === '' ? 'unknown' : digits;
  return digits === '' ? who : `${who} (${digits})`;
}

/** What a message is called, in players and in mail. */
export const titleOf = (from: Party): string => `Message from ${nameOf(from)}`;
