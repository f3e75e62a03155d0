/** The most characters of a name in a sentence: the rest of the sentence is to be read too, and the number says who it is. */
const LONGEST = 32;

/**
 * A name between FSI and PDI (UAX #9 §2.2), for sentences: whatever direction it is written in, the words and numbers around it
 * stay in their order. A long one is cut. Markup has `<bdi>` for it.
 */
export function isolated(name: string): string {
  if (name === '') return '';
  const characters = [...name];
  const said =
    characters.length > LONGEST
      ? `${characters
          .slice(0, LONGEST - 1)
          .join('')
          .trimEnd()}…`
      : name;
  return `\u2068${said}\u2069`;
}
