/** What is wrong with the disk. */
export type DiskTrouble = 'full' | 'read-only' | 'failing';

/** A change could not be written and has not happened; `cause` is the system's error. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable';
  readonly trouble: DiskTrouble;

  constructor(trouble: DiskTrouble, file: string, cause: unknown) {
    super(`${file} cannot be written: ${SENTENCES[trouble]}`, { cause });
    this.trouble = trouble;
  }

  /** For people who do not know the server's files. */
  get sentence(): string {
    return `Nothing was changed: the server cannot write to its disk, because ${SENTENCES[this.trouble]}.`;
  }
}

const SENTENCES: Readonly<Record<DiskTrouble, string>> = {
  full: 'it is full',
  'read-only': 'it is read-only',
  failing: 'it fails',
};
