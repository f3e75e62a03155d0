import type { ExtensionId, TerminalId } from '@perch/shared';
import { Turns } from '../collections/turns.ts';
import type { Happened, Moved } from './happenings.ts';
import type { Directory } from './ports.ts';
import type { Consequence } from './virtualization/consequences.ts';
import type { Answer, Effect, Event } from './virtualization/event.ts';
import { noGuesses, withBuckets } from './virtualization/guessing.ts';
import { initialState, type State } from './virtualization/state.ts';
import { step } from './virtualization/transition.ts';
import { touchedBy, Virtualizations } from './virtualization/virtualizations.ts';
import { type Change } from './virtualization/virtualization.ts';
import type { StoredVirtualizations, VirtualizationStore } from './virtualization-store.ts';

/** How an event was answered, once its change is durable and in force. */
export interface Entry {
  readonly answer: Answer;
  readonly consequences: readonly Consequence[];
}

/** There is an emergency call on a terminal that would change: the event is decided anew when that call has ended. */
export interface Pending<Result> {
  readonly answer: { readonly kind: 'waiting' };
  readonly later: Promise<Result>;
  /** Takes the request back; `later` then never settles. */
  readonly withdraw: () => void;
}

/** Which terminal is whose home. */
type Homes = Pick<Directory, 'homeOf' | 'ownerOf'>;

/** Makes the event when its turn has come, from the state at that time. */
type Making = () => Event;

/**
 * The virtualization state of one organization, and the one place where it changes: one event at a time, which is first made
 * durable, then in force, then announced. Where the store fails, the promise rejects and everything is as it was.
 */
export class VirtualizationLedger {
  readonly #store: VirtualizationStore;
  readonly #homes: Homes;
  readonly #happened: Happened;
  /** The emergency calls under way, by terminal. */
  readonly #emergencyCalls = new Map<TerminalId, number>();
  /** What waits for an emergency call to end, in the order in which it came. */
  readonly #waiting = new Set<() => void>();
  readonly #turns = new Turns();
  #state: State;

  constructor(
    store: VirtualizationStore,
    { virtualizations, buckets }: StoredVirtualizations,
    homes: Homes,
    happened: Happened,
  ) {
    this.#happened = happened;
    this.#store = store;
    this.#homes = homes;
    this.#state = {
      ...initialState,
      virtualizations: Virtualizations.from(virtualizations),
      guesses: withBuckets(noGuesses, buckets),
    };
  }

  get state(): State {
    return this.#state;
  }

  /** Resolves when everything entered so far has been answered. */
  settled(): Promise<void> {
    return this.#turns.settled();
  }

  enter(making: Making): Promise<Entry | Pending<Entry>> {
    return this.#turns.take<Entry | Pending<Entry>>(() => {
      const decided = this.#decide(making);
      return decided ? this.#carryOut(...decided) : this.#park(making);
    });
  }

  /** An emergency call is on the terminal: nothing changes there until the returned function is called. */
  emergencyCallOn(terminal: TerminalId): () => void {
    this.#emergencyCalls.set(terminal, (this.#emergencyCalls.get(terminal) ?? 0) + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.#emergencyCalls.get(terminal) ?? 0) - 1;
      if (left > 0) this.#emergencyCalls.set(terminal, left);
      else this.#emergencyCalls.delete(terminal);
      for (const retry of this.#waiting) retry();
    };
  }

  /** `undefined` where it must wait. */
  #decide(making: Making): readonly [State, readonly Effect[]] | undefined {
    const emergencies = new Set<ExtensionId>();
    for (const terminal of this.#emergencyCalls.keys()) {
      const owner = this.#homes.ownerOf(terminal);
      if (owner !== undefined) emergencies.add(owner);
    }
    const decided = step(this.#state, making(), emergencies);
    return decided[1].some((effect) => effect.kind === 'wait') ? undefined : decided;
  }

  async #carryOut(next: State, effects: readonly Effect[]): Promise<Entry> {
    for (const effect of effects) if (effect.kind === 'store') await this.#store.commit(effect.stored);
    const before = this.#state;
    this.#state = next;
    const changed = effects.find((effect) => effect.kind === 'changed');
    const moved = this.#movedBy(before, next, changed?.change ?? { ended: [], begun: [] });
    if (moved.terminals.size > 0) this.#happened(moved);
    const guessed = new Set(
      effects.flatMap((effect) => (effect.kind === 'store' ? this.#guessedBy(effect) : [])),
    );
    if (guessed.size > 0) this.#happened({ kind: 'guesses-changed', extensions: guessed });
    const answered = effects.find((effect) => effect.kind === 'answer');
    if (!answered) throw new Error('an event was not answered');
    return { answer: answered.answer, consequences: changed?.consequences ?? [] };
  }

  #park(making: Making): Pending<Entry> {
    const { promise, resolve, reject } = Promise.withResolvers<Entry>();
    promise.catch(() => undefined); // a caller that does not wait for it need not handle its failure
    const retry = () => {
      this.#turns
        .take(() => {
          const decided = this.#waiting.has(retry) ? this.#decide(making) : undefined;
          if (!decided) return;
          this.#waiting.delete(retry);
          return this.#carryOut(...decided).then(resolve, reject);
        })
        .catch(reject);
    };
    this.#waiting.add(retry);
    return {
      answer: { kind: 'waiting' },
      later: promise,
      withdraw: () => void this.#waiting.delete(retry),
    };
  }

  /** The extensions whose wrong codes, or those at whose terminal, are counted anew. */
  #guessedBy({ stored }: Extract<Effect, { readonly kind: 'store' }>): readonly ExtensionId[] {
    return stored.buckets.flatMap((bucket) =>
      bucket.of === 'extension' ? bucket.id : (this.#homes.ownerOf(bucket.id) ?? []),
    );
  }

  /** What a step affected: what its change touched, and the terminals where undo became or ceased to be possible. */
  #movedBy(before: State, after: State, change: Change): Moved {
    const extensions = touchedBy(change);
    const terminals = new Set<TerminalId>();
    for (const extension of extensions) {
      const home = this.#homes.homeOf(extension);
      if (home !== undefined) terminals.add(home);
    }
    if (before.undoable === after.undoable) return { kind: 'moved', extensions, terminals };
    for (const terminal of [...before.undoable.keys(), ...after.undoable.keys()])
      if (before.undoable.get(terminal) !== after.undoable.get(terminal)) terminals.add(terminal);
    return { kind: 'moved', extensions, terminals };
  }
}
