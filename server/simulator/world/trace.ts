import { createHash } from 'node:crypto';

/** How many of the last lines are kept for a report. */
const KEPT = 400;

/** Everything that happens in a run, a line each: a digest of all of it, and the last of it, or the whole, as text. */
export class Trace {
  readonly #digest = createHash('sha256');
  readonly #keepsAll: boolean;
  #lines: string[] = [];
  #pending = '';
  count = 0;

  constructor(keepsAll = false) {
    this.#keepsAll = keepsAll;
  }

  note(at: number, who: string, what: string): void {
    const line = `${at.toFixed(3)} ${who} ${what}`;
    this.count += 1;
    this.#pending += `${line}\n`;
    if (this.#pending.length > 65_536) this.#flush();
    this.#lines.push(line);
    if (!this.#keepsAll && this.#lines.length > 2 * KEPT) this.#lines = this.#lines.slice(-KEPT);
  }

  get lines(): readonly string[] {
    return this.#keepsAll ? this.#lines : this.#lines.slice(-KEPT);
  }

  /** SHA-256 of all lines; nothing is noted after that. */
  digest(): string {
    this.#flush();
    return this.#digest.digest('hex');
  }

  #flush(): void {
    this.#digest.update(this.#pending);
    this.#pending = '';
  }
}
