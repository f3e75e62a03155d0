import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import { systemChance } from './system-chance.ts';
import { systemClock } from './system-clock.ts';

/** What no run of a program can repeat by itself. Only this room asks the machine for it; all others are given it. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The machine's own time and chance. */
export const systemWorld: World = { clock: systemClock, chance: systemChance };
