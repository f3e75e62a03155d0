import { setTimeout as pause } from 'node:timers/promises';
import { memoryKiB, type Server } from '../pinned-process.ts';

/** Memory is looked at once for each of so many parts of the file, while its reader waits. */
const PARTS = 10;
/** So long the reader waits (milliseconds): a server that does not would have made many rows by then. */
const WAIT_MS = 1_500;

/** How the file of all calls came. */
export interface FileFigures {
  readonly rows: number;
  /** Without the times for which the reader waited. */
  readonly seconds: number;
  /** By how much memory was above that of before (MiB), as it stands; the most at any time. */
  readonly mostMiB: number;
  /** The same once garbage was collected: in the first and in the last part of the file. Flat is where they are alike. */
  readonly firstMiB: number;
  readonly lastMiB: number;
}

/** Reads the file as a slow reader does. `rows`: how many it should have. */
export async function measureFile(answer: Response, rows: number, server: Server): Promise<FileFigures> {
  const collected = async (): Promise<number> => {
    server.signal('SIGUSR2');
    await pause(WAIT_MS);
    return memoryKiB(server.pid) / 1_024;
  };
  const before = await collected();
  const held: number[] = [];
  let [most, lines, waited] = [before, 0, 0];
  const watch = setInterval(() => (most = Math.max(most, memoryKiB(server.pid) / 1_024)), 250);
  const begun = performance.now();
  for await (const octets of answer.body ?? []) {
    for (const octet of octets as Uint8Array) if (octet === 10) lines += 1;
    if (lines <= ((held.length + 0.5) * rows) / PARTS) continue;
    const since = performance.now();
    held.push(await collected());
    waited += performance.now() - since;
  }
  clearInterval(watch);
  const seconds = (performance.now() - begun - waited) / 1_000;
  const [first = Number.NaN, last = Number.NaN] = [held[0], held.at(-1)];
  // The first line names the columns.
  return {
    ...{ rows: lines - 1, seconds, mostMiB: most - before },
    ...{ firstMiB: first - before, lastMiB: last - before },
  };
}
