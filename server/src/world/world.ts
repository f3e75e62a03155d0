import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import { systemChance } from './system-chance.ts';
import { systemClock } from './system-clock.ts';

/** The parts of the machine that differ between runs. Only this folder asks for them; all other code is given them. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The machine's own time and chance. */
export const systemWorld: World = { clock: systemClock, chance: systemChance };
