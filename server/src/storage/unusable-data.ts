/** The data folder cannot be used; the message is a sentence for the person who started the process. */
export class UnusableData extends Error {
  override readonly name = 'UnusableData';
}
