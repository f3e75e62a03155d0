import { NUMBERS } from './town/organizations.ts';
import { Dice } from './world/dice.ts';

/** What somebody at a phone does. */
export const ACTS = [
  'call',
  'hold',
  'hang up',
  'cancel',
  'send on',
  'ask first',
  'confer',
  'park',
  'pick up',
  'take back',
  'bring here',
  'move',
  'return',
  'echo',
  'mailbox',
  'reload',
  'change network',
  'sleep',
  'vanish',
  'undo',
] as const;
export type Act = (typeof ACTS)[number];

/** What happens to the machine, or to the network of a phone. */
export const MISHAPS = [
  'cut',
  'stall',
  'silence',
  'kill',
  'kill at a deed',
  'slow disk',
  'failing disk',
  'full disk',
  'clock jumps',
  'sent by management',
  'returned by management',
  'suspended',
] as const;
export type Mishap = (typeof MISHAPS)[number];

/** One thing that happens. All else follows from it and from the numbers that go with it. */
export interface Step {
  /** Milliseconds from the beginning. */
  readonly at: number;
  /** Which of the phones. */
  readonly phone: number;
  readonly what: Act | Mishap;
  /** For what is left open: other phones, how long, how many. From 0 up to, not including, 1. */
  readonly dice: readonly [number, number, number];
}

/** How often each is done, in relation to the others. */
const WEIGHTS: Readonly<Record<Act | Mishap, number>> = {
  call: 40,
  hold: 16,
  'hang up': 8,
  cancel: 6,
  'send on': 10,
  'ask first': 8,
  confer: 6,
  park: 6,
  'pick up': 6,
  'take back': 3,
  'bring here': 6,
  move: 16,
  return: 8,
  echo: 2,
  mailbox: 3,
  reload: 8,
  'change network': 5,
  sleep: 3,
  vanish: 3,
  undo: 3,
  cut: 8,
  stall: 6,
  silence: 4,
  kill: 1,
  'kill at a deed': 3,
  'slow disk': 2,
  'failing disk': 1,
  'full disk': 1,
  'clock jumps': 1,
  'sent by management': 2,
  'returned by management': 2,
  suspended: 1,
};

/** Things that happen in an hour to one phone. */
const AN_HOUR = 45;
/** They come in bursts: after one, the next follows within this time, half of the time (milliseconds). */
const BURST_MS = 6_000;

/** Phones of each organization: one at each terminal, and a second one at the first. */
export const PHONES_OF_ONE = NUMBERS.length + 1;

/** What happens in a run of so many hours: the same for the same seed. */
export function scriptOf(seed: number, hours: number, phones: number): readonly Step[] {
  const dice = new Dice(`script ${String(seed)}`);
  const kinds = [...ACTS, ...MISHAPS];
  const total = kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
  const pick = (): Act | Mishap => {
    let left = dice.fraction() * total;
    for (const kind of kinds) {
      left -= WEIGHTS[kind];
      if (left < 0) return kind;
    }
    return 'call';
  };
  const steps: Step[] = [];
  const end = hours * 3_600_000;
  const mean = 3_600_000 / (AN_HOUR * phones);
  for (let at = 5_000; at < end;) {
    const what = pick();
    steps.push({
      at,
      phone: dice.below(phones),
      what,
      dice: [dice.fraction(), dice.fraction(), dice.fraction()],
    });
    at += dice.onceIn(2)
      ? dice.fraction() * Math.min(BURST_MS, mean)
      : -2 * mean * Math.log(1 - dice.fraction());
  }
  return steps;
}
