import type {
  Consequence,
  ExtensionId,
  Guessing,
  Party,
  RecentChange,
  StayLimit,
  TerminalId,
} from '@perch/shared';
import type { Happened } from './happenings.ts';
import type { Clock, Directory, Extension, SecretCodes } from './ports.ts';
import { partyOf, type WhoIsWhere } from './pages/terminal-view.ts';
import type { Consequence as BareConsequence } from './virtualization/consequences.ts';
import type { Answer, Event } from './virtualization/event.ts';
import { extensionLockedUntil, terminalLockedUntil, wrongCodesFor } from './virtualization/guessing.ts';
import type { Virtualization, Way } from './virtualization/virtualization.ts';
import type { Home } from './virtualization/policy.ts';
import { ringsAt, speaksAt } from './virtualization/resolve.ts';
import { VirtualizationLedger, type Entry, type Pending } from './virtualization-ledger.ts';
import type { VirtualizationStore } from './virtualization-store.ts';

interface DeskPorts {
  readonly directory: Directory;
  readonly secretCodes: SecretCodes;
  readonly store: VirtualizationStore;
  readonly clock: Clock;
  readonly happened: Happened;
}

/** The answer to a request, once its change is durable and in force. */
export interface Told {
  readonly answer: Answer;
  readonly consequences: readonly Consequence[];
}

/** The answer where the change has to wait: there is an emergency call on a terminal that it would affect. */
export type ToldToWait = Pending<Told>;

/** The virtualization desk of one organization: who is where, and every way to change it. */
export class VirtualizationDesk implements WhoIsWhere {
  readonly #directory: Directory;
  readonly #secretCodes: SecretCodes;
  readonly #clock: Clock;
  readonly #ledger: VirtualizationLedger;

  private constructor({ directory, secretCodes, clock }: DeskPorts, ledger: VirtualizationLedger) {
    this.#directory = directory;
    this.#secretCodes = secretCodes;
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** Starts from the store. Extensions that were suspended or deleted without the desk being told are sent home first. */
  static async open(ports: DeskPorts): Promise<VirtualizationDesk> {
    const stored = await ports.store.load();
    const desk = new VirtualizationDesk(
      ports,
      new VirtualizationLedger(ports.store, stored, ports.directory, ports.happened),
    );
    const involved = stored.virtualizations.flatMap(({ virtual, base }) => [virtual, base]);
    for (const extension of new Set(involved)) {
      const known = ports.directory.byId(extension);
      if (!known) await desk.extensionRemoved(extension, null);
      else if (known.suspended) await desk.extensionSuspended(extension, null);
    }
    return desk;
  }

  /** Resolves when everything asked so far has been answered. */
  settled(): Promise<void> {
    return this.#ledger.settled();
  }

  terminalOf(extension: ExtensionId): TerminalId | undefined {
    const owner = ringsAt(this.#ledger.state.virtualizations, extension);
    return owner && this.#directory.homeOf(owner);
  }

  speaksFor(terminal: TerminalId): ExtensionId | undefined {
    const owner = this.#directory.ownerOf(terminal);
    return owner && speaksAt(this.#ledger.state.virtualizations, owner);
  }

  guestOn(terminal: TerminalId): { readonly extension: ExtensionId; readonly since: number } | undefined {
    const owner = this.#directory.ownerOf(terminal);
    const guest = owner && this.#ledger.state.virtualizations.on(owner);
    return guest && { extension: guest.virtual, since: guest.since };
  }

  baseOf(extension: ExtensionId): { readonly extension: ExtensionId; readonly since: number } | undefined {
    const away = this.#ledger.state.virtualizations.of(extension);
    return away && { extension: away.base, since: away.since };
  }

  /** The guests' stays that go on. */
  stays(): Iterable<Virtualization> {
    return this.#ledger.state.virtualizations;
  }

  /** Where an extension is a guest. */
  stayOf(extension: ExtensionId): Virtualization | undefined {
    return this.#ledger.state.virtualizations.of(extension);
  }

  recentChange(terminal: TerminalId): RecentChange | null {
    const recent = this.#ledger.state.undoable.get(terminal);
    if (!recent || this.#clock.now() >= recent.until) return null;
    return {
      at: recent.at,
      until: recent.until,
      canUndo: recent.canUndo,
      byManagement: recent.who !== null,
      limit: recent.limit,
      consequences: this.#named(recent.consequences),
    };
  }

  guessing({ id, terminal }: Pick<Extension, 'id' | 'terminal'>): Guessing {
    const { guesses } = this.#ledger.state;
    const now = this.#clock.now();
    return {
      wrongAt: [...wrongCodesFor(guesses, id, now)],
      lockedUntil: extensionLockedUntil(guesses, id, now) ?? null,
      terminalLockedUntil: terminalLockedUntil(guesses, terminal, now) ?? null,
    };
  }

  /** `*30<number>` before any code: `code-needed`, or the result where none is needed. */
  requestMove(terminal: TerminalId, number: string): Promise<Told | ToldToWait> {
    return this.#enter(() => ({ kind: 'number-dialled', ...this.#dialled(terminal, number) }));
  }

  /** `*30<number>` with its code: takes the same work whatever the number is, and whether or not it is locked out. */
  async verifyAndMove(terminal: TerminalId, number: string, code: string): Promise<Told | ToldToWait> {
    const verified = this.#directory.byNumber(number)?.id;
    const right = await this.#secretCodes.verify(verified, code);
    return this.#enter(() => {
      const target = this.#directory.byNumber(number);
      const correct = right && target !== undefined && target.id === verified && !target.suspended;
      return { kind: 'code-entered', ...this.#dialled(terminal, number), correct };
    });
  }

  /**
   * An extension's own phone confirms that it moves there: the same as with the right code. `stands` is asked when its turn has come: a
   * confirmation that does not stand any more moves nothing, and is no attempt.
   */
  confirmMove(terminal: TerminalId, number: string, stands: () => boolean): Promise<Told | ToldToWait> {
    return this.#enter(() => {
      const about = { ...this.#dialled(terminal, number), way: 'web' } as const;
      return stands()
        ? { kind: 'code-entered', ...about, correct: true }
        : { kind: 'visit-dropped', ...about };
    });
  }

  /** A visit for `*30<number>` ended without a move. */
  async visitDropped(terminal: TerminalId, number: string): Promise<void> {
    await this.#enter(() => ({ kind: 'visit-dropped', ...this.#dialled(terminal, number) }));
  }

  /** `*30` alone, dialled or by the button that does the same. */
  returnHome(terminal: TerminalId, way: 'dialled' | 'web'): Promise<Told | ToldToWait> {
    return this.#enter(() => ({ kind: 'return-asked', at: this.#clock.now(), ...this.#home(terminal), way }));
  }

  /** *Return to base* on a page. */
  returnToBase(extension: ExtensionId, way: Way, who: string | null): Promise<Told | ToldToWait> {
    return this.#enter(() => ({
      ...{ kind: 'return-to-base', at: this.#clock.now(), extension, way, who },
      left: this.#awayAt(extension),
    }));
  }

  /** Somebody who manages the floor moves an extension to the terminal of another one, if nobody is on that. */
  send(extension: ExtensionId, base: ExtensionId, who: string): Promise<Told | ToldToWait> {
    return this.#enter(() => {
      const [moved, to] = [this.#directory.byId(extension), this.#directory.byId(base)];
      const allowed = moved?.suspended === false && to?.suspended === false && to.allowVirtualization;
      const terminal = this.#directory.homeOf(base);
      if (terminal === undefined) throw new Error(`there is no extension ${base}`);
      return {
        ...{ kind: 'sent', at: this.#clock.now(), extension, who },
        ...{ to: { terminal, owner: base }, allowed, left: this.#awayAt(extension) },
      };
    });
  }

  /** A limit ends a stay, if that goes on and is over when its turn has come: `returned`, or `nothing-to-return`. */
  limitReached(
    { virtual: extension, base, since }: Virtualization,
    limit: StayLimit,
    isOver: () => boolean,
  ): Promise<Told | ToldToWait> {
    return this.#enter(() => ({
      ...{ kind: 'limit-reached', at: this.#clock.now(), extension, since, limit, over: isOver() },
      ...{ left: this.#directory.homeOf(base), home: this.#directory.homeOf(extension) },
    }));
  }

  /** Takes the terminal's last change back: `undone`, or `nothing-to-undo` when it is too late. */
  undo(terminal: TerminalId): Promise<Told | ToldToWait> {
    return this.#enter(() => ({ kind: 'undo-asked', at: this.#clock.now(), ...this.#home(terminal) }));
  }

  /** To be called after the directory has changed, as are the three below; `who` is the administrator. */
  extensionSuspended(extension: ExtensionId, who: string | null): Promise<Told | ToldToWait> {
    return this.#enter(() => ({ kind: 'suspended', at: this.#clock.now(), extension, who }));
  }

  extensionRemoved(extension: ExtensionId, who: string | null): Promise<Told | ToldToWait> {
    const terminal = this.#directory.homeOf(extension);
    return this.#enter(() => ({ kind: 'deleted', at: this.#clock.now(), extension, terminal, who }));
  }

  /** *Allow virtualization* was switched off: a present guest returns, or stays until it leaves by itself. */
  virtualizationDisallowed(
    extension: ExtensionId,
    presentGuest: 'return' | 'stay',
    who: string | null,
  ): Promise<Told | ToldToWait> {
    const at = () => this.#clock.now();
    return this.#enter(() => ({ kind: 'disallowed', at: at(), extension, presentGuest, who }));
  }

  secretCodeReplaced(extension: ExtensionId, who: string | null): Promise<Told | ToldToWait> {
    return this.#enter(() => ({ kind: 'code-replaced', at: this.#clock.now(), extension, who }));
  }

  /** Forgives the wrong codes counted against the extension and its terminal. */
  liftLock(extension: ExtensionId, who: string | null): Promise<Told | ToldToWait> {
    const terminal = this.#directory.homeOf(extension);
    return this.#enter(() => ({ kind: 'lock-lifted', at: this.#clock.now(), extension, terminal, who }));
  }

  /** An emergency call is on the terminal: nothing changes there until the returned function is called. */
  emergencyCallOn(terminal: TerminalId): () => void {
    return this.#ledger.emergencyCallOn(terminal);
  }

  #dialled(terminal: TerminalId, asked: string) {
    const owner = this.#directory.byTerminal(terminal);
    const allowed = owner !== undefined && owner.allowVirtualization && !owner.suspended;
    const target = this.#directory.byNumber(asked)?.id;
    const at = this.#clock.now();
    return { at, ...this.#home(terminal), allowed, asked, target, way: 'dialled' as const };
  }

  /** The terminal where an extension is a guest. */
  #awayAt(extension: ExtensionId): TerminalId | undefined {
    const base = this.#ledger.state.virtualizations.of(extension)?.base;
    return base && this.#directory.homeOf(base);
  }

  #home(terminal: TerminalId): Home {
    const owner = this.#directory.ownerOf(terminal);
    if (owner === undefined) throw new Error(`no extension has the terminal ${terminal}`);
    return { terminal, owner };
  }

  async #enter(making: () => Event): Promise<Told | ToldToWait> {
    const entry = await this.#ledger.enter(making);
    if (!('later' in entry)) return this.#told(entry);
    const later = entry.later.then((late) => this.#told(late));
    later.catch(() => undefined); // a caller that does not wait for it need not handle its failure
    return { ...entry, later };
  }

  #told({ answer, consequences }: Entry): Told {
    return { answer, consequences: this.#named(consequences) };
  }

  /** With today's names; a deleted extension has none, and its consequences are left out. */
  #named(consequences: readonly BareConsequence[]): Consequence[] {
    return consequences.flatMap((one): Consequence[] => {
      const extension = this.#party(one.extension);
      if (!extension) return [];
      if (one.kind === 'moved') {
        const base = this.#party(one.base);
        return base ? [{ kind: one.kind, extension, base }] : [];
      }
      if (one.kind === 'homeless') {
        const guest = this.#party(one.guest);
        return guest ? [{ kind: one.kind, extension, guest }] : [];
      }
      return [{ kind: one.kind, extension }];
    });
  }

  #party(id: ExtensionId): Party | undefined {
    const extension = this.#directory.byId(id);
    return extension && partyOf(extension);
  }
}
