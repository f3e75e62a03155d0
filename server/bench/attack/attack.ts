import type { Account, Target } from '../load.ts';

/** What an attacker has, besides a network. */
export interface Battle {
  readonly target: Target;
  /** Accounts of the organization that is attacked, none of which anyone else uses. */
  readonly accounts: readonly Account[];
  /** Of browsers that are phones of some of these accounts. */
  readonly tokens: readonly string[];
  /** Where the server takes sound. */
  readonly mediaPort: number;
  readonly tally: Tally;
  /** Aborted when the attack is to end. */
  readonly over: AbortSignal;
}

/** One way to attack a server. */
export interface Attack {
  readonly name: string;
  /** What is done, for people who read the figures. */
  readonly what: string;
  /** How long it takes until it has what it is to hold against the server; others are measured from then on (milliseconds). */
  readonly onsetMs?: number;
  /** It has a server of its own: bindings of its phones stay for 90 s when these vanish, or the server remembers whom it has refused. */
  readonly alone?: boolean;
  /** Attacks until it is over, and has no connection left then. */
  run(battle: Battle): Promise<void>;
}

/** How often each thing happened. */
export type Counts = Readonly<Record<string, number>>;

/** What an attacker has sent, and what came of it. */
export class Tally {
  readonly #sent = new Map<string, number>();
  readonly #got = new Map<string, number>();

  sent(what: string, count = 1): void {
    this.#sent.set(what, (this.#sent.get(what) ?? 0) + count);
  }

  got(what: string, count = 1): void {
    this.#got.set(what, (this.#got.get(what) ?? 0) + count);
  }

  get counts(): { readonly sent: Counts; readonly got: Counts } {
    return { sent: Object.fromEntries(this.#sent), got: Object.fromEntries(this.#got) };
  }
}

/** How many octets may wait in an attacker's own memory before it waits for the server to read. */
const MOST_UNSENT = 256 * 1024;

export const goesOn = ({ over }: Battle): boolean => !over.aborted;

/** The next turn of the event loop, so that what has come is read. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits while a connection takes nothing more. */
export async function drained(
  connection: { readonly unsent: number; readonly connected: boolean },
  battle: Battle,
): Promise<void> {
  do await nextTurn();
  while (connection.unsent > MOST_UNSENT && connection.connected && goesOn(battle));
}

/** Does the same with each of them at once. */
export const together = <Value>(
  values: readonly Value[],
  work: (value: Value) => Promise<void>,
): Promise<unknown> => Promise.all(values.map(work));
