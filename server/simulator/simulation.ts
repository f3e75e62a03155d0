import { Rules } from './rules/rules.ts';
import { PHONES_OF_ONE, scriptOf, type Step } from './script.ts';
import { carryOut, reinstateAll } from './town/acts.ts';
import { Town } from './town/town.ts';
import { runUntil } from './world/life.ts';
import { SimulatedClock } from './world/simulated-clock.ts';
import { Trace } from './world/trace.ts';

/** 2026-01-01 00:00 UTC. */
const BEGINNING = Date.UTC(2026, 0, 1);
export const PHONES = 2 * PHONES_OF_ONE;

/** What happens in a run where no other script is given. */
export const scriptFor = (seed: number, hours: number): readonly Step[] => scriptOf(seed, hours, PHONES);
/** The server is up before anybody comes. */
const OPENING_MS = 2_000;
/** After the last step, until everything that it caused is over, and again after everybody has hung up, and after all phones have gone. */
const CALM_MS = 150_000;
const RESTARTED_MS = 30_000;
const FAREWELL_MS = 60_000;
const GONE_MS = 900_000;

/** Things that happen in one instant. */
const MOST_AT_ONCE = 20_000;

export interface Run {
  readonly seed: number;
  readonly hours: number;
  /** Instead of the script of the seed. */
  readonly script?: readonly Step[];
  readonly keepsTrace?: boolean;
}

export interface Outcome {
  readonly seed: number;
  /** What is broken; empty where all rules hold. */
  readonly faults: readonly string[];
  /** SHA-256 of everything that happened. */
  readonly digest: string;
  readonly lines: number;
  readonly reached: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
}

/** One run: the same for the same seed, octet by octet. It ends early where a rule is broken. */
export async function simulate({ seed, hours, script, keepsTrace }: Run): Promise<Outcome> {
  const clock = new SimulatedClock(BEGINNING);
  const trace = new Trace(keepsTrace);
  const rules = new Rules();
  const town = new Town(String(seed), clock, trace, rules);
  rules.watch(town);
  const broken = (): boolean => rules.faults.length > 0;
  let steps = 0;
  let instant = 0;
  const run = async (ms: number): Promise<void> => {
    if (broken()) return;
    await runUntil(clock, clock.monotonic() + ms, () => {
      rules.check();
      steps = clock.monotonic() === instant ? steps + 1 : 0;
      instant = clock.monotonic();
      if (steps > MOST_AT_ONCE) rules.fault('it goes round in circles, and time stands still');
      return broken();
    });
  };

  void town.start();
  await run(OPENING_MS);
  const timers = town.life?.timers ?? 0;
  for (const { phone } of town.places) phone.line.on();
  for (const step of script ?? scriptFor(seed, hours)) clock.after(step.at, () => carryOut(town, step));
  await run(hours * 3_600_000);
  town.disk.condition = 'sound';
  for (const { phone } of town.places) {
    phone.line.wake();
    phone.line.on();
  }
  // The server may have to start first.
  clock.after(RESTARTED_MS, () => reinstateAll(town));
  await run(CALM_MS);
  if (!broken()) await rules.quiet();
  for (const { phone } of town.places) for (const session of phone.sessions.values()) phone.leave(session);
  await run(FAREWELL_MS);
  if (!broken()) rules.over();
  town.places.forEach(({ phone }, at) => phone.line.retire(at % 2 === 0));
  await run(GONE_MS);
  if (!broken()) await rules.empty(timers);
  return {
    seed,
    faults: rules.faults,
    digest: trace.digest(),
    lines: trace.count,
    reached: rules.reached,
    trace: trace.lines,
  };
}
