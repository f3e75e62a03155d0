/** What a search compares: no case, no accents, no width, nothing invisible. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLocaleLowerCase();

/** Is this what somebody means who writes `text`: a part of the name, or the number and the name as the lists show them? */
export function fits({ number, name }: { number: string; name: string }, text: string): boolean {
  return plain(`${number} ${name}`).includes(plain(text));
}
