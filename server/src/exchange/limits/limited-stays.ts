import type { ExtensionId, StayEnd, StayEnded, TerminalId } from '@perch/shared';
import type { Calls } from '../call/calls.ts';
import type { Happened } from '../happenings.ts';
import type { Clock, Directory } from '../ports.ts';
import type { Virtualization } from '../virtualization/virtualization.ts';
import type { VirtualizationDesk } from '../virtualization-desk.ts';
import { limitsAt, type StayRules } from './limits-at.ts';
import { NEW_TERM, type StayEvent, type Standing, step, type StayTerm } from './machines/stay-end.ts';
import type { StayTermStore } from './stay-term-store.ts';

/** Every stay is looked at this often at least (milliseconds): the clock on the wall may be set, and a machine may sleep. */
const LOOKED_AT_EVERY_MS = 10 * 60_000;

interface LimitedRooms {
  readonly directory: Pick<Directory, 'byId' | 'homeOf'>;
  readonly where: Pick<VirtualizationDesk, 'stayOf' | 'stays' | 'limitReached' | 'settled'>;
  readonly calls: Pick<Calls, 'views'>;
  readonly store: StayTermStore;
  readonly clock: Clock;
  readonly happened: Happened;
}

/** A guest's stay while it goes on. */
interface Stay {
  readonly virtualization: Virtualization;
  readonly terminal: TerminalId;
  term: StayTerm;
  standing: Standing;
  /** When a call was last seen there. */
  usedAt: number;
  cancel: () => void;
  /** The desk has been asked to end it. */
  isEnding: boolean;
  /** The guest has asked to stay on, and that is not durable yet: nothing ends the stay before it is. */
  extending: Promise<'done' | 'nothing-to-do'> | undefined;
}

/** The stays of one organization, each with the end that limits set it: warns guests, lets them extend, and sends them home. */
export class LimitedStays {
  readonly #rooms: LimitedRooms;
  readonly #stays = new Map<ExtensionId, Stay>();
  readonly #byTerminal = new Map<TerminalId, Stay>();
  readonly #ended = new Map<TerminalId, StayEnded>();
  /** Until they are known, every stay remains as it was stored. */
  #rules: StayRules | undefined;

  private constructor(rooms: LimitedRooms) {
    this.#rooms = rooms;
  }

  /** Goes on with the stays that are stored; nothing ends before the rules are known. */
  static async open(rooms: LimitedRooms): Promise<LimitedStays> {
    const limited = new LimitedStays(rooms);
    const terms = new Map((await rooms.store.load()).map((term) => [term.virtual, term]));
    for (const virtualization of rooms.where.stays()) {
      const stay = limited.#begin(virtualization);
      if (stay === undefined) continue;
      const { virtual, since } = virtualization;
      const kept = terms.get(virtual);
      if (kept?.since === since) stay.term = { warnedAt: kept.warnedAt, extendedUntil: kept.extendedUntil };
      stay.usedAt = (await rooms.store.lastCallEnd(virtual, stay.terminal, since)) ?? since;
    }
    return limited;
  }

  /** From now on these rules hold, also for stays that have begun. */
  follow(rules: StayRules): void {
    this.#rules = rules;
    for (const stay of [...this.#stays.values()]) this.#look(stay);
  }

  /** These extensions may have come to a desk, or have left one. */
  moved(extensions: Iterable<ExtensionId>): void {
    for (const extension of extensions) {
      const now = this.#rooms.where.stayOf(extension);
      const known = this.#stays.get(extension);
      if (known !== undefined && known.virtualization !== now) this.#forget(known);
      if (now === undefined || known?.virtualization === now) continue;
      const stay = this.#begin(now);
      if (stay !== undefined) this.#look(stay);
    }
  }

  /** The settings of that extension's desk may have changed. */
  extensionChanged(extension: ExtensionId): void {
    const terminal = this.#rooms.directory.homeOf(extension);
    const stay = terminal && this.#byTerminal.get(terminal);
    if (stay) this.#look(stay);
  }

  callsChanged(terminal: TerminalId): void {
    const stay = this.#byTerminal.get(terminal);
    if (stay === undefined) return;
    stay.usedAt = this.#rooms.clock.now();
    this.#look(stay);
  }

  /** The guest at that terminal stays on, once, unless their stay is being ended already. Resolves when that is durable. */
  async extend(terminal: TerminalId): Promise<'done' | 'nothing-to-do'> {
    const stay = this.#byTerminal.get(terminal);
    if (stay === undefined || stay.term.extendedUntil !== null) return 'nothing-to-do';
    return (stay.extending ??= this.#extend(stay).finally(() => {
      stay.extending = undefined;
      if (this.#goesOn(stay)) this.#look(stay);
    }));
  }

  /** The end of which the guest at that terminal is warned. */
  endAt(terminal: TerminalId): StayEnd | null {
    const stay = this.#byTerminal.get(terminal);
    const standing = stay?.standing;
    if (standing?.kind !== 'warned' && standing?.kind !== 'in-call') return null;
    const { limit, endsAt: at, kind } = standing;
    return { limit, at, canExtend: stay?.term.extendedUntil === null, waitsForCall: kind === 'in-call' };
  }

  /** How the last stay at that terminal was ended by a limit, while nobody has come since. */
  endedAt(terminal: TerminalId): StayEnded | null {
    return this.#ended.get(terminal) ?? null;
  }

  close(): void {
    for (const stay of [...this.#stays.values()]) this.#forget(stay);
  }

  #begin(virtualization: Virtualization): Stay | undefined {
    const { virtual, base, since } = virtualization;
    const terminal = this.#rooms.directory.homeOf(base);
    if (terminal === undefined) return undefined;
    const stay: Stay = {
      ...{ virtualization, terminal, term: NEW_TERM, standing: { kind: 'unlimited' } },
      ...{ usedAt: since, cancel: () => undefined, isEnding: false, extending: undefined },
    };
    this.#stays.set(virtual, stay);
    this.#byTerminal.set(terminal, stay);
    this.#ended.delete(terminal);
    return stay;
  }

  #forget(stay: Stay): void {
    stay.cancel();
    this.#stays.delete(stay.virtualization.virtual);
    if (this.#byTerminal.get(stay.terminal) === stay) this.#byTerminal.delete(stay.terminal);
  }

  #goesOn(stay: Stay): boolean {
    return this.#stays.get(stay.virtualization.virtual) === stay;
  }

  #look(stay: Stay): void {
    if (stay.extending !== undefined) return;
    const before = stay.term;
    const [term, standing] = this.#next(stay, { kind: 'look' });
    this.#stand(stay, term, standing);
    if (term !== before)
      this.#keep(stay, term).catch((error: unknown) => this.#rooms.happened({ kind: 'failed', error }));
  }

  /** It is stored before it is in force: a guest who was told that they may stay on does. */
  async #extend(stay: Stay): Promise<'done' | 'nothing-to-do'> {
    const [term, standing] = this.#next(stay, { kind: 'extend' });
    if (term.extendedUntil === null) return 'nothing-to-do';
    // An end that has been decided comes first.
    await this.#rooms.where.settled();
    if (!this.#goesOn(stay)) return 'nothing-to-do';
    await this.#keep(stay, term);
    if (this.#goesOn(stay)) this.#stand(stay, term, standing);
    return 'done';
  }

  #keep({ virtualization: { virtual, since } }: Stay, term: StayTerm): Promise<void> {
    return this.#rooms.store.keep({ virtual, since, ...term });
  }

  #stand(stay: Stay, term: StayTerm, standing: Standing): void {
    const { clock, happened } = this.#rooms;
    const shown = JSON.stringify(this.endAt(stay.terminal));
    stay.term = term;
    stay.standing = standing;
    stay.cancel();
    if (standing.kind !== 'unlimited') {
      const ms = 'nextAt' in standing ? standing.nextAt - clock.now() : LOOKED_AT_EVERY_MS;
      stay.cancel = clock.after(Math.min(ms, LOOKED_AT_EVERY_MS), () => this.#look(stay));
    }
    if (JSON.stringify(this.endAt(stay.terminal)) !== shown)
      happened({ kind: 'stay-end-changed', terminal: stay.terminal });
    if (standing.kind === 'over') this.#end(stay, standing);
  }

  /** The desk may let it wait, for a call for help at a phone that it would change. */
  #end(stay: Stay, { limit }: Extract<Standing, { readonly kind: 'over' }>): void {
    if (stay.isEnding) return;
    const { where, clock, happened } = this.#rooms;
    stay.isEnding = true;
    const isOver = () =>
      stay.extending === undefined && this.#next(stay, { kind: 'look' })[1].kind === 'over';
    where
      .limitReached(stay.virtualization, limit, isOver)
      .then(async (told) => {
        const { answer } = 'later' in told ? await told.later : told;
        if (answer.kind !== 'returned') return;
        this.#ended.set(stay.terminal, { limit, at: clock.now() });
        happened({ kind: 'stay-end-changed', terminal: stay.terminal });
      })
      .catch((error: unknown) => happened({ kind: 'failed', error }))
      .finally(() => (stay.isEnding = false));
  }

  #next(stay: Stay, event: StayEvent): readonly [StayTerm, Standing] {
    const rules = this.#rules;
    if (rules === undefined) return [stay.term, stay.standing];
    const { directory, calls, clock } = this.#rooms;
    const { terminal, usedAt } = stay;
    const { base, since } = stay.virtualization;
    const own = directory.byId(base)?.stayLimits ?? null;
    const inCall = calls.views(terminal).some(({ here }) => here === 'here' || here === 'away');
    const facts = { ...limitsAt(rules, own, since), since, usedAt, inCall };
    return step(stay.term, event, facts, clock.now());
  }
}
