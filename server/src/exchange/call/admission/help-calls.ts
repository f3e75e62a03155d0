import type { TerminalId } from '@perch/shared';
import type { Party } from '../ports.ts';
import type { HelpCallers } from '../ringing/destination.ts';

/** How long the answer point can call the terminal back at a number of the emergency call (milliseconds; RFC 7090). */
const CALL_BACK_MS = 60 * 60_000;

/** By number. */
type Noted = Map<string, { readonly terminal: TerminalId; readonly at: number }>;

/** The terminals from which help was called, for calling back. Instants are arguments (milliseconds, monotonic). */
export class HelpCalls {
  readonly #own: Noted = new Map();
  readonly #shown: Noted = new Map();

  /** `own` is the number of the terminal itself; the call may have shown another one, which is set for calling back. */
  note({ number, terminal }: Party, own: string, at: number): void {
    for (const calls of [this.#own, this.#shown]) forget(calls, at);
    this.#own.set(own, { terminal, at });
    if (number !== own) this.#shown.set(number, { terminal, at });
  }

  callersOf(number: string, at: number): HelpCallers {
    return { own: terminalOf(this.#own, number, at), shown: terminalOf(this.#shown, number, at) };
  }
}

function forget(calls: Noted, at: number): void {
  for (const [number, call] of calls) if (at - call.at > CALL_BACK_MS) calls.delete(number);
}

function terminalOf(calls: Noted, number: string, at: number): TerminalId | undefined {
  const call = calls.get(number);
  return call === undefined || at - call.at > CALL_BACK_MS ? undefined : call.terminal;
}
