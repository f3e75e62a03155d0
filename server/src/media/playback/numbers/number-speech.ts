/** How one language speaks numbers. */
export interface SpokenNumbers {
  /** The words that digits and numbers are made of, by the names of their sounds: `digit-0` to `digit-9` among them. */
  readonly words: ReadonlyMap<string, string>;
  /** The sounds of a whole number from 0 to 999 in front of the messages that it counts, in the order of playing. */
  sounds(value: number): string[];
}
