import type { CallId, ExtensionId, TerminalId } from '@perch/shared';
import { ReleasingMap } from '../../collections/releasing-map.ts';
import type { Happened } from '../happenings.ts';
import type { Call } from './call.ts';
import type { Party } from './ports.ts';

/** What is visible of a call from outside, as it was last announced. */
interface Look {
  readonly call: Call;
  readonly phase: Call['phase'];
  readonly isHeld: boolean;
  readonly away: Call['away'];
  readonly caller: Party;
  readonly callee: Party;
  readonly invited: Call['invited'];
  readonly terminals: readonly TerminalId[];
  readonly busy: readonly Party[];
}

/** Which calls are at which terminal, and who is busy, and announces what has changed. Every call passes through it, so it has to be fast. */
export class Placements {
  readonly #happened: Happened;
  readonly #looks = new ReleasingMap<CallId, Look>();
  readonly #byTerminal = new ReleasingMap<TerminalId, Call[]>();
  readonly #busy = new Map<ExtensionId, number>();

  constructor(happened: Happened) {
    this.#happened = happened;
  }

  /** How many calls there are. */
  get size(): number {
    return this.#looks.size;
  }

  all(): Iterable<Call> {
    return Array.from(this.#looks.values(), ({ call }) => call);
  }

  find(id: CallId): Call | undefined {
    return this.#looks.get(id)?.call;
  }

  at(terminal: TerminalId): readonly Call[] {
    return this.#byTerminal.get(terminal) ?? NO_CALLS;
  }

  isBusy(extension: ExtensionId): boolean {
    return this.#busy.has(extension);
  }

  /** Notes what a call looks like now: new, changed, or ended. */
  place(call: Call): void {
    const before = this.#looks.get(call.id);
    if (before !== undefined && isUnchanged(call, before)) return;
    const terminals = call.terminals;
    const busy = call.busy;
    if (terminals.length === 0) this.#looks.delete(call.id);
    else this.#looks.set(call.id, lookOf(call, terminals, busy));
    const left = before?.terminals ?? NO_TERMINALS;
    for (const terminal of terminals) if (!left.includes(terminal)) this.#enter(terminal, call);
    for (const terminal of left) if (!terminals.includes(terminal)) this.#leave(terminal, call);
    for (const party of busy) this.#count(party.extension, 1);
    for (const party of before?.busy ?? NOBODY) this.#count(party.extension, -1);
    for (const terminal of terminals) this.#happened({ kind: 'calls-changed', terminal });
    for (const terminal of left) {
      if (!terminals.includes(terminal)) this.#happened({ kind: 'calls-changed', terminal });
    }
  }

  #enter(terminal: TerminalId, call: Call): void {
    const calls = this.#byTerminal.get(terminal);
    if (calls === undefined) this.#byTerminal.set(terminal, [call]);
    else calls.push(call);
  }

  #leave(terminal: TerminalId, call: Call): void {
    const calls = this.#byTerminal.get(terminal);
    if (calls === undefined) return;
    if (calls.length === 1) this.#byTerminal.delete(terminal);
    else calls.splice(calls.indexOf(call), 1);
  }

  #count(extension: ExtensionId, change: 1 | -1): void {
    const was = this.#busy.get(extension) ?? 0;
    const now = was + change;
    if (now === 0) this.#busy.delete(extension);
    else this.#busy.set(extension, now);
    if (was === 0 || now === 0) this.#happened({ kind: 'busy-changed', extension });
  }
}

const NO_CALLS: readonly Call[] = [];
const NO_TERMINALS: readonly TerminalId[] = [];
const NOBODY: readonly Party[] = [];

function lookOf(call: Call, terminals: readonly TerminalId[], busy: readonly Party[]): Look {
  const { phase, isHeld, away, caller, callee, invited } = call;
  return { call, phase, isHeld, away, caller, callee, invited, terminals, busy };
}

const isUnchanged = (call: Call, look: Look): boolean =>
  call.phase === look.phase &&
  call.isHeld === look.isHeld &&
  call.away === look.away &&
  call.caller === look.caller &&
  call.callee === look.callee &&
  call.invited === look.invited &&
  call.state.kind !== 'over';
