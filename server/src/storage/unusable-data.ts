/** The data folder cannot be used; the message is a sentence for the person who started the process. */
export class UnusableData extends Error {
  override readonly name = 'UnusableData';
}

/** A file in it is damaged. */
export class DamagedData extends UnusableData {}
