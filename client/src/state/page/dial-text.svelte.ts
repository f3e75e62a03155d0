import { type Dialled, read } from '../../phone/numbers/dial-string.ts';
import { after, type Cancel } from '../../world/timers.ts';

/** How long a number that was not reached is offered again (milliseconds). */
const AGAIN_MS = 60_000;

/** The text of the dial field. */
export class DialText {
  value = $state('');
  readonly #emergencyNumbers: () => readonly string[];
  #cancel: Cancel | undefined;
  /** The number that was given back, until a key is pressed. */
  #offered: string | null = null;

  constructor(emergencyNumbers: () => readonly string[]) {
    this.#emergencyNumbers = emergencyNumbers;
  }

  /** What it means. */
  get dialled(): Dialled {
    return read(this.value, this.#emergencyNumbers());
  }

  /** Appends one key, or replaces a number that was only given back. */
  press(key: string): void {
    this.value = this.value === this.#offered ? key : this.value + key;
    this.#offered = null;
  }

  eraseLast(): void {
    this.#offered = null;
    this.value = this.value.slice(0, -1);
  }

  clear(): void {
    this.#cancel?.();
    this.#offered = null;
    this.value = '';
  }

  /** Offers a number that was not reached, to be corrected or called again, unless the field contains something else. */
  giveBack(number: string): void {
    if (this.value !== '') return;
    this.value = this.#offered = number;
    this.#cancel?.();
    this.#cancel = after(AGAIN_MS, () => {
      if (this.value === number) this.value = '';
    });
  }
}
