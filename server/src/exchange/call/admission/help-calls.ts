import type { TerminalId } from '@perch/shared';
import type { Happened } from '../../happenings.ts';
import type { Clock } from '../../ports.ts';
import type { Party } from '../ports.ts';
import type { HelpCallers } from '../ringing/destination.ts';
import type { HelpCallStore, StoredHelpCall } from './help-call-store.ts';

/** How long the answer point can call the terminal back at a number of the emergency call (milliseconds; RFC 7090). */
const CALL_BACK_MS = 60 * 60_000;

interface HelpCallsPorts {
  readonly store: HelpCallStore;
  readonly clock: Clock;
  readonly happened: Happened;
}

/** By number; `at` is monotonic (milliseconds). */
type Noted = Map<string, { readonly terminal: TerminalId; readonly at: number }>;

/** The terminals from which help was called, for calling back, also after a restart. */
export class HelpCalls {
  readonly #own: Noted = new Map();
  readonly #shown: Noted = new Map();
  readonly #ports: HelpCallsPorts;
  /** What ends the waiting until something is forgotten, while there is anything. */
  #stopWaiting: (() => void) | undefined;

  /** `kept`: what was stored before a restart. Where the clock was set back meanwhile, it counts for an hour from now at most. */
  constructor(ports: HelpCallsPorts, kept: readonly StoredHelpCall[] = []) {
    this.#ports = ports;
    const { clock } = ports;
    for (const { number, terminal, isOwn, at } of kept) {
      const age = Math.max(0, clock.now() - at);
      (isOwn ? this.#own : this.#shown).set(number, { terminal, at: clock.monotonic() - age });
    }
    this.#forgetInTime();
  }

  static async open(ports: HelpCallsPorts): Promise<HelpCalls> {
    return new HelpCalls(ports, await ports.store.load());
  }

  /**
   * `own` is the number of the terminal itself; the call may have shown another one, which is set for calling back. The call does not wait
   * until this is stored.
   */
  note({ number, terminal }: Party, own: string): void {
    const { clock } = this.#ports;
    const [at, now] = [clock.monotonic(), clock.now()];
    this.#own.set(own, { terminal, at });
    if (number !== own) this.#shown.set(number, { terminal, at });
    const noted = [{ number: own, terminal, isOwn: true, at: now }];
    if (number !== own) noted.push({ number, terminal, isOwn: false, at: now });
    this.#keep(noted);
    this.#forgetInTime();
  }

  callersOf(number: string): HelpCallers {
    const at = this.#ports.clock.monotonic();
    return { own: terminalOf(this.#own, number, at), shown: terminalOf(this.#shown, number, at) };
  }

  close(): void {
    this.#stopWaiting?.();
  }

  /** Nothing is kept for more than an hour longer than it counts, here or in the store, also where nobody calls for help again. */
  #forgetInTime(): void {
    const { clock } = this.#ports;
    if (this.#own.size + this.#shown.size === 0) return;
    this.#stopWaiting ??= clock.after(CALL_BACK_MS, () => {
      this.#stopWaiting = undefined;
      const at = clock.monotonic();
      for (const calls of [this.#own, this.#shown]) forget(calls, at);
      this.#keep([]);
      this.#forgetInTime();
    });
  }

  #keep(noted: readonly StoredHelpCall[]): void {
    const { store, clock, happened } = this.#ports;
    store.keep(noted, clock.now() - CALL_BACK_MS).catch((error: unknown) => {
      happened({ kind: 'failed', error });
    });
  }
}

function forget(calls: Noted, at: number): void {
  for (const [number, call] of calls) if (at - call.at > CALL_BACK_MS) calls.delete(number);
}

function terminalOf(calls: Noted, number: string, at: number): TerminalId | undefined {
  const call = calls.get(number);
  return call === undefined || at - call.at > CALL_BACK_MS ? undefined : call.terminal;
}
