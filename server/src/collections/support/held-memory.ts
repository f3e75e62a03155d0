import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
export const collectGarbage = runInNewContext('gc') as () => void;

const FRAMES = 100;
const OCTETS = 64 * 1024;

/** How many more octets of the heap are in use after `work` than before. */
export function octetsHeldAfter(work: () => void): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  collectGarbage();
  return process.memoryUsage().heapUsed - before;
}

/** Does whatever `keep` stores of the largest frames hold on to whole frames in memory? */
export function holdsFrames(keep: (frame: string) => void): boolean {
  const held = octetsHeldAfter(() => {
    for (let at = 0; at < FRAMES; at++)
      keep(Buffer.alloc(OCTETS, `${String(at)}-and-what-follows-it `).toString('latin1'));
  });
  return held > (FRAMES * OCTETS) / 10;
}
