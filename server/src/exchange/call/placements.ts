import type { CallId, ExtensionId, TerminalId } from '@perch/shared';
import { ReleasingMap } from '../../collections/releasing-map.ts';
import type { Happened } from '../happenings.ts';
import type { Call } from './call.ts';
import type { End, Party } from './ports.ts';
import { names } from './records/account.ts';
import type { ServiceCall } from './services/service-call.ts';

/** A call between phones, or of a phone with a service of the server. */
export type PlacedCall = Call | ServiceCall;

/** What is visible of a call from outside, as it was last announced. */
interface Look {
  readonly call: PlacedCall;
  readonly phase: PlacedCall['phase'];
  readonly holding: PlacedCall['holding'];
  readonly away: PlacedCall['away'];
  readonly caller: End;
  readonly callee: PlacedCall['callee'];
  readonly invited: PlacedCall['invited'];
  readonly terminals: readonly TerminalId[];
  readonly busy: readonly Party[];
}

/** Which calls are at which terminal, and who is busy, and announces what has changed. Every call passes through it, so it has to be fast. */
export class Placements {
  readonly #happened: Happened;
  readonly #looks = new ReleasingMap<CallId, Look>();
  readonly #byTerminal = new ReleasingMap<TerminalId, PlacedCall[]>();
  readonly #busy = new Map<ExtensionId, number>();

  constructor(happened: Happened) {
    this.#happened = happened;
  }

  /** How many calls there are. */
  get size(): number {
    return this.#looks.size;
  }

  /** All calls between phones. */
  *all(): Iterable<Call> {
    for (const { call } of [...this.#looks.values()]) if (isBetweenPhones(call)) yield call;
  }

  /** The call between phones with that id. */
  find(id: CallId): Call | undefined {
    const call = this.#looks.get(id)?.call;
    return call !== undefined && isBetweenPhones(call) ? call : undefined;
  }

  at(terminal: TerminalId): readonly PlacedCall[] {
    return this.#byTerminal.get(terminal) ?? NO_CALLS;
  }

  /** Those at a terminal that are between phones: a copy, safe to loop over while calls end. */
  betweenPhonesAt(terminal: TerminalId): readonly Call[] {
    return this.at(terminal).filter(isBetweenPhones);
  }

  /** The calls in which that extension talks at other terminals than this one, where it speaks now; and at which. */
  elsewhere(extension: ExtensionId, terminal: TerminalId): readonly (readonly [Call, TerminalId])[] {
    let others = this.#busy.get(extension) ?? 0;
    if (others === 0) return NONE;
    const isElsewhere = (party: Party): boolean =>
      party.extension === extension && party.terminal !== terminal;
    for (const call of this.at(terminal))
      for (const party of call.busy) if (party.extension === extension && !isElsewhere(party)) others--;
    // Nearly always: people talk where they are.
    if (others === 0) return NONE;
    return [...this.all()].flatMap((call) => {
      const party = call.phase === 'talking' && !call.isEmergency ? call.busy.find(isElsewhere) : undefined;
      return party === undefined ? [] : [[call, party.terminal] as const];
    });
  }

  /** Will the record of one of them name the extension? */
  name(extension: ExtensionId, number: string, until: number): boolean {
    return [...this.#looks.values()].some(({ call }) =>
      isBetweenPhones(call)
        ? names(call.account, extension, number, until)
        : call.caller.extension === extension,
    );
  }

  isBusy(extension: ExtensionId): boolean {
    return this.#busy.has(extension);
  }

  /**
   * Notes what a call looks like now: new, changed, or ended. A call that nobody answered goes on under its id with a service: that one
   * takes its place, and its end no longer counts. @returns whether it looks different.
   */
  place(call: PlacedCall): boolean {
    const before = this.#looks.get(call.id);
    if (before !== undefined && (before.call === call ? isUnchanged(call, before) : call.isOver))
      return false;
    const terminals = call.terminals;
    const busy = call.busy;
    if (terminals.length === 0) this.#looks.delete(call.id);
    else this.#looks.set(call.id, lookOf(call, terminals, busy));
    const left = before?.terminals ?? NO_TERMINALS;
    const isSame = before === undefined || before.call === call;
    for (const terminal of terminals) if (!isSame || !left.includes(terminal)) this.#enter(terminal, call);
    for (const terminal of left)
      if (!isSame || !terminals.includes(terminal)) this.#leave(terminal, before?.call ?? call);
    for (const party of busy) this.#count(party.extension, 1);
    for (const party of before?.busy ?? NOBODY) this.#count(party.extension, -1);
    for (const terminal of terminals) this.#happened({ kind: 'calls-changed', terminal });
    for (const terminal of left) {
      if (!terminals.includes(terminal)) this.#happened({ kind: 'calls-changed', terminal });
    }
    return true;
  }

  #enter(terminal: TerminalId, call: PlacedCall): void {
    const calls = this.#byTerminal.get(terminal);
    if (calls === undefined) this.#byTerminal.set(terminal, [call]);
    else calls.push(call);
  }

  #leave(terminal: TerminalId, call: PlacedCall): void {
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

const isBetweenPhones = (call: PlacedCall): call is Call => call.farEnd === 'phone';

const NONE: readonly (readonly [Call, TerminalId])[] = [];
const NO_CALLS: readonly PlacedCall[] = [];
const NO_TERMINALS: readonly TerminalId[] = [];
const NOBODY: readonly Party[] = [];

function lookOf(call: PlacedCall, terminals: readonly TerminalId[], busy: readonly Party[]): Look {
  const { phase, holding, away, caller, callee, invited } = call;
  return { call, phase, holding, away, caller, callee, invited, terminals, busy };
}

const isUnchanged = (call: PlacedCall, look: Look): boolean =>
  call.phase === look.phase &&
  call.holding === look.holding &&
  call.away === look.away &&
  call.caller === look.caller &&
  call.callee === look.callee &&
  call.invited === look.invited &&
  !call.isOver;
