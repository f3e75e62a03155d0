import type { TerminalId } from '@perch/shared';
import type { Party } from '../ports.ts';

/** How long the answer point can call the terminal back at the number of the emergency call (milliseconds; RFC 7090). */
const CALL_BACK_MS = 60 * 60_000;

/** The terminals from which help was called, for calling back. Instants are arguments (milliseconds, monotonic). */
export class HelpCalls {
  readonly #calls = new Map<string, { readonly terminal: TerminalId; readonly at: number }>();

  note({ number, terminal }: Party, at: number): void {
    for (const [other, call] of this.#calls) if (at - call.at > CALL_BACK_MS) this.#calls.delete(other);
    this.#calls.set(number, { terminal, at });
  }

  terminalOf(number: string, at: number): TerminalId | undefined {
    const call = this.#calls.get(number);
    return call === undefined || at - call.at > CALL_BACK_MS ? undefined : call.terminal;
  }
}
