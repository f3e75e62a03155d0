import { Dice } from '../simulator/world/dice.ts';
import type { Coverage } from './coverage.ts';
import { mutated } from './mutate.ts';
import { reduced } from './reduce.ts';
import { checked, mostWork, type Target } from './target.ts';
import { endsIn } from './watchdog.ts';

/** An input of which something does not hold. */
export interface Finding {
  readonly input: Buffer;
  readonly what: string;
}

interface Options {
  readonly seed: string;
  readonly coverage: Coverage;
  /** Milliseconds; what takes far too long is a finding too, where the time is to be looked at. */
  readonly now?: () => number;
}

/** Searches and patterns are no branches, so that their work is not counted: they have to be fast. */
const SLOW = { everMs: 20, octetMs: 0.005 };
/** What is slow once is tried again so often: a busy machine is not slow each time. */
const TRIES = 20;
/** After this time, steps hang: they take a thousandth of it. */
const HANGS_MS = 60_000;

/**
 * Changes inputs and keeps those that reach what none did before, and so on: what it does is the same each time for the same inputs, seed and
 * product.
 */
export class Fuzzer {
  readonly #target: Target;
  readonly #coverage: Coverage;
  readonly #now: (() => number) | undefined;
  readonly #dice: Dice;
  readonly #findings = new Map<string, Finding>();
  #current: Buffer = Buffer.alloc(0);
  /** The inputs that reached something new, in the order in which they did. */
  readonly corpus: Buffer[] = [];
  executions = 0;

  constructor(target: Target, { seed, coverage, now }: Options) {
    this.#target = target;
    this.#coverage = coverage;
    this.#now = now;
    this.#dice = new Dice(seed);
  }

  get findings(): readonly Finding[] {
    return [...this.#findings.values()];
  }

  /** Inputs as they are. */
  take(inputs: readonly Buffer[]): void {
    this.#watched(() => {
      for (const input of inputs) this.#take(input);
    });
  }

  /** So many more inputs; `false` once one of them has hung. */
  step(count: number): boolean {
    return this.#watched(() => {
      for (let left = count; left > 0; left--) this.#take(this.#next());
    });
  }

  #watched(subject: () => void): boolean {
    const ended = endsIn(HANGS_MS, subject);
    if (!ended) this.#findings.set('hangs', { input: this.#current, what: 'it does not come to an end' });
    return ended;
  }

  #next(): Buffer {
    const dice = this.#dice;
    const { dictionary, mend } = this.#target;
    const changed = mutated(this.#any(), dice, { dictionary, other: () => this.#any() });
    return mend !== undefined && !dice.onceIn(4) ? mend(changed) : changed;
  }

  /** New inputs as often as old ones: they lead on. */
  #any(): Buffer {
    const { corpus } = this;
    const from = this.#dice.onceIn(2) ? Math.floor(corpus.length * 0.8) : 0;
    return corpus[from + this.#dice.below(corpus.length - from)] ?? Buffer.alloc(0);
  }

  #take(input: Buffer): void {
    this.executions += 1;
    const fault = this.#faultOf(input);
    if (fault === undefined) {
      if (this.#coverage.isNew()) this.corpus.push(input);
      return;
    }
    const kind = kindOf(fault);
    if (this.#findings.has(kind)) return;
    const shortest = reduced(input, (other) => kindOf(this.#faultOf(other) ?? '') === kind);
    this.#findings.set(kind, { input: shortest, what: this.#faultOf(shortest) ?? fault });
  }

  /** What does not hold of an input, in a line; `undefined` where all does. */
  #faultOf(input: Buffer): string | undefined {
    this.#current = input;
    try {
      const begin = this.#now?.() ?? 0;
      const work = this.#coverage.run(() => checked(this.#target, input));
      const end = this.#now?.() ?? 0;
      if (work > mostWork(this.#target, input.length))
        return `too much work: ${work} branches for ${input.length} octets`;
      return end - begin > slow(input) && this.#isSlow(input)
        ? `too slow: ${input.length} octets`
        : undefined;
    } catch (error) {
      return errorLine(error);
    }
  }

  #isSlow(input: Buffer): boolean {
    for (let left = TRIES; left > 0; left--) {
      const begin = this.#now?.() ?? 0;
      checked(this.#target, input);
      if ((this.#now?.() ?? 0) - begin <= slow(input)) return false;
    }
    return true;
  }
}

const slow = ({ length }: Buffer): number => SLOW.everMs + SLOW.octetMs * length;

/** Numbers differ from one input to the next that shows the same. */
const kindOf = (fault: string): string => fault.replaceAll(/\d+/g, 'N');

/** An error's message, and where in the product it was thrown. */
function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return `what was thrown is no error: ${String(error)}`;
  const [place = ''] = /server\/(src|fuzz)\/[^\s:]+\.ts:\d+/.exec(error.stack ?? '') ?? [];
  return `${error.name}: ${error.message.split('\n')[0] ?? ''} (${place})`;
}
