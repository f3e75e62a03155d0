/** What a search compares: no case, no accents, no width, nothing invisible. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLocaleLowerCase();

/** Does `text` match: a part of the name, or of number and name as the lists show them? */
export function fits({ number, name }: { number: string; name: string }, text: string): boolean {
  return plain(`${number} ${name}`).includes(plain(text));
}
