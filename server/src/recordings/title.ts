import { isWithheld, type Party } from '@perch/shared';

/** A longer name is cut. */
const LONGEST_NAME = 100;

/** Any text as one line: no line ends, no control characters, limited length. */
export const oneLine = (text: string): string =>
  [
    ...text
      .toWellFormed()
      .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, LONGEST_NAME)
    .join('');

/** `Ben (102)`, or the part that is known. */
export function nameOf(party: Party): string {
  if (isWithheld(party)) return 'a withheld number';
  const { name, number } = party;
  const [who, digits] = [oneLine(name), oneLine(number)];
  if (who === '' || who === digits) return digits === '' ? 'unknown' : digits;
  return digits === '' ? who : `${who} (${digits})`;
}

/** What a message is called, in players and in mail. */
export const titleOf = (from: Party): string => `Message from ${nameOf(from)}`;
