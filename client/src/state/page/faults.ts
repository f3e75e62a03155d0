/** What a page of a phone draws or does by itself, and can fail at. */
export type FaultyPart = 'page' | 'bar' | 'stage' | 'list' | 'call' | 'dialog' | 'errand';

/** The faults of this page. Each is told once, however often it comes back. */
export class Faults {
  readonly #told = new Set<string>();

  /** Something of `part` failed in a way that nobody has thought of. */
  readonly report = (part: FaultyPart, error: unknown): void => {
    const fault = `${part}: ${sentenceOf(error)}`;
    if (this.#told.has(fault)) return;
    this.#told.add(fault);
    // For anyone who looks at the browser's console.
    reportError(error);
  };
}

/** The name of an error and what it says, in a line. */
export function sentenceOf(error: unknown): string {
  const [line = ''] = String(error).split('\n', 1);
  return line.slice(0, LONGEST);
}

/** Characters of an error that are told. */
const LONGEST = 200;
