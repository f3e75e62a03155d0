import { type Dialled, read } from '../phone/dial-string.ts';

/** How long the number of somebody who was not reached waits to be called again (milliseconds). */
const AGAIN_MS = 60_000;

/** What stands in the dial field. */
export class DialText {
  value = $state('');
  readonly #emergencyNumbers: () => readonly string[];
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(emergencyNumbers: () => readonly string[]) {
    this.#emergencyNumbers = emergencyNumbers;
  }

  /** What it means. */
  get dialled(): Dialled {
    return read(this.value, this.#emergencyNumbers());
  }

  eraseLast(): void {
    this.value = this.value.slice(0, -1);
  }

  clear(): void {
    clearTimeout(this.#again);
    this.value = '';
  }

  /** A number that was not reached stands here again, to be corrected or called again, unless something else does. */
  giveBack(number: string): void {
    if (this.value !== '') return;
    this.value = number;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.value === number) this.value = '';
    }, AGAIN_MS);
  }
}
