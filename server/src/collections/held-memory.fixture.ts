import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const FRAMES = 100;
const OCTETS = 64 * 1024;

/** Does whatever `keep` stores of the largest frames hold on to whole frames in memory? */
export function holdsFrames(keep: (frame: string) => void): boolean {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < FRAMES; at++)
    keep(Buffer.alloc(OCTETS, `${String(at)}-and-what-follows-it `).toString('latin1'));
  collectGarbage();
  return process.memoryUsage().heapUsed - before > (FRAMES * OCTETS) / 10;
}
