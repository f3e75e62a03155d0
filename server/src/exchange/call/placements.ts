import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Call } from './call.ts';
import type { CallsListener } from './ports.ts';

interface Placement {
  readonly terminals: readonly TerminalId[];
  readonly busy: readonly ExtensionId[];
  readonly look: string;
}

/** Which calls are at which terminal, and who is busy; tells the listener what changed. */
export class Placements {
  readonly #listener: CallsListener;
  readonly #placements = new Map<Call, Placement>();
  readonly #byTerminal = new Map<TerminalId, Set<Call>>();
  readonly #busy = new Map<ExtensionId, number>();

  constructor(listener: CallsListener) {
    this.#listener = listener;
  }

  /** How many calls there are. */
  get size(): number {
    return this.#placements.size;
  }

  all(): Iterable<Call> {
    return this.#placements.keys();
  }

  at(terminal: TerminalId): ReadonlySet<Call> {
    return this.#byTerminal.get(terminal) ?? NONE;
  }

  isBusy(extension: ExtensionId): boolean {
    return this.#busy.has(extension);
  }

  /** Takes over where a call is now: new, changed, or over. */
  place(call: Call): void {
    const before = this.#placements.get(call);
    const after = placementOf(call);
    if (before?.look === after.look && sameItems(before.terminals, after.terminals)) return;
    if (after.terminals.length === 0) this.#placements.delete(call);
    else this.#placements.set(call, after);
    for (const terminal of after.terminals) this.#enter(terminal, call);
    for (const terminal of before?.terminals ?? []) {
      if (!after.terminals.includes(terminal)) this.#leave(terminal, call);
    }
    for (const terminal of new Set([...after.terminals, ...(before?.terminals ?? [])])) {
      this.#listener.callsChanged(terminal);
    }
    this.#count(before?.busy ?? [], after.busy);
  }

  #enter(terminal: TerminalId, call: Call): void {
    const calls = this.#byTerminal.get(terminal);
    if (calls === undefined) this.#byTerminal.set(terminal, new Set([call]));
    else calls.add(call);
  }

  #leave(terminal: TerminalId, call: Call): void {
    const calls = this.#byTerminal.get(terminal);
    if (calls?.delete(call) === true && calls.size === 0) this.#byTerminal.delete(terminal);
  }

  #count(before: readonly ExtensionId[], after: readonly ExtensionId[]): void {
    for (const extension of after) if (!before.includes(extension)) this.#add(extension, 1);
    for (const extension of before) if (!after.includes(extension)) this.#add(extension, -1);
  }

  #add(extension: ExtensionId, change: 1 | -1): void {
    const was = this.#busy.get(extension) ?? 0;
    if (was + change === 0) this.#busy.delete(extension);
    else this.#busy.set(extension, was + change);
    if (was === 0 || was + change === 0) this.#listener.busyChanged(extension);
  }
}

const NONE: ReadonlySet<Call> = new Set();

/** `look` is all of a view that can change while the terminals stay. */
function placementOf(call: Call): Placement {
  return {
    terminals: call.terminals,
    busy: call.busy.map(({ extension }) => extension),
    look: `${call.id} ${call.phase}${call.isHeld ? ' held' : ''}`,
  };
}

const sameItems = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);
