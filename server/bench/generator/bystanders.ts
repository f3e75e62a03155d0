import { performance } from 'node:perf_hooks';
import type { Account, Bystanders as Order, Seen, Target } from '../load.ts';
import { AnsweringPhone, completeCall } from './call.ts';
import { Phone } from './phone.ts';
import { Registration } from './registration.ts';

/** A second, whatever happens to the server (an open loop). */
const CALLS = 200;
const REGISTRATIONS = 20;
/** How long calls last, in milliseconds. */
const TALK_MS = 100;
/** Nobody waits longer for a call or a registration. */
const PATIENCE_MS = 10_000;

/** One phone that calls, and the one that answers. */
interface Pair {
  readonly caller: Phone;
  readonly phone: Phone;
  readonly callee: AnsweringPhone;
}

/** Ordinary phones that register and call each other, and note how long it takes. */
export class Bystanders {
  readonly #pairs: Pair[];
  readonly #comers: Phone[];

  private constructor(pairs: Pair[], comers: Phone[]) {
    this.#pairs = pairs;
    this.#comers = comers;
  }

  static async connect({ target, callers, comers }: Order): Promise<Bystanders> {
    const pairs: Pair[] = [];
    for (let index = 0; index + 1 < callers.length; index += 2) {
      const [caller, phone] = await Promise.all([
        registered(callers[index], target),
        registered(callers[index + 1], target),
      ]);
      pairs.push({ caller, phone, callee: new AnsweringPhone(phone) });
    }
    return new Bystanders(
      pairs,
      comers.map((account) => new Phone(account, target)),
    );
  }

  /** Calls and registers at a fixed rate for so long, and until the last has come about or has failed. */
  async watch(seconds: number): Promise<Seen> {
    const failures = new Set<string>();
    const [setups, registrations] = await Promise.all([
      openLoop(CALLS, seconds, this.#pairs, (pair) => setUp(pair), failures),
      openLoop(REGISTRATIONS, seconds, this.#comers, (phone) => come(phone), failures),
    ]);
    return { setups, registrations, failures: [...failures].slice(0, 5) };
  }
}

/**
 * Does something so often a second, each time with one who is free. Where everybody is busy, because the server has fallen behind, that
 * counts as failed.
 */
async function openLoop<Who>(
  rate: number,
  seconds: number,
  free: Who[],
  deed: (who: Who) => Promise<number>,
  failures: Set<string>,
): Promise<readonly number[]> {
  const attempt = async (): Promise<number> => {
    const who = free.shift();
    if (who === undefined) {
      failures.add('all are still waiting');
      return Infinity;
    }
    try {
      return await deed(who);
    } catch (error) {
      failures.add(String(error).split('\n', 1).join());
      return Infinity;
    } finally {
      free.push(who);
    }
  };
  const attempts: Promise<number>[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    const due = Math.floor(((performance.now() - start) / 1000) * rate);
    while (attempts.length < due) attempts.push(attempt());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Promise.all(attempts);
}

/** One call. Resolves with the milliseconds from its INVITE until both sides were up. */
async function setUp({ caller, phone, callee }: Pair): Promise<number> {
  for (const each of [caller, phone]) if (!each.connected) await register(each);
  const start = performance.now();
  try {
    const { callerAnsweredAt } = await inTime(completeCall(caller, callee, phone.account.user, TALK_MS));
    return Math.max(callerAnsweredAt, callee.acknowledgedAt) - start;
  } catch (error) {
    // What is left of the call ends with its connections.
    caller.cut();
    phone.cut();
    throw error;
  }
}

/** A phone comes, and goes. Resolves with the milliseconds until it was registered. */
async function come(phone: Phone): Promise<number> {
  const start = performance.now();
  try {
    await inTime(register(phone));
    return performance.now() - start;
  } finally {
    phone.cut();
  }
}

async function registered(account: Account | undefined, target: Target): Promise<Phone> {
  if (account === undefined) throw new Error('a phone without an account');
  const phone = new Phone(account, target);
  await register(phone);
  return phone;
}

async function register(phone: Phone): Promise<void> {
  await phone.connect();
  await new Registration(phone).first();
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in 10 s')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
