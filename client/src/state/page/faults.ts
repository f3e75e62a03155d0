import { type PageFault, type PagePart, terminalApi } from '@perch/shared';
import { request } from '../../api/request.ts';

/** Characters of an error that are told. */
const LONGEST = 200;

/** The faults of this page, told to the server: each once, however often it comes back. */
export class Faults {
  readonly #token: string;
  readonly #told = new Set<string>();

  constructor(token: string) {
    this.#token = token;
  }

  /** Something of `part` failed in a way that nobody has thought of. */
  readonly report = (part: PagePart, error: unknown): void => {
    const fault = { part, error: lineOf(error) };
    const key = `${part}: ${fault.error}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    // For anyone who looks at the browser's console.
    reportError(error);
    void this.#tell(fault);
  };

  async #tell(fault: PageFault): Promise<void> {
    // Without a server, nobody is told; what can be drawn again is, all the same.
    await request(terminalApi.reportFault, { token: this.#token, body: fault }).catch(() => undefined);
  }
}

/** The name of an error and what it says, in a line. */
const lineOf = (error: unknown): string => (String(error).split('\n', 1)[0] ?? '').slice(0, LONGEST);
