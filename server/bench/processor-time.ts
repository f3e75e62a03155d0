import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Microseconds in a clock tick of `/proc/PID/stat` (USER_HZ is 100). */
const TICK = 10_000;
/** A server that uses less than this share of its core for that long is at rest: it has put nothing off for longer. */
const AT_REST = { share: 0.01, ms: 1_500 };
const LONGEST_REST_MS = 60_000;

/** The processor time of the threads that are alive now, from `/proc`. */
export interface ProcessReading {
  /** Microseconds of each thread, by its id. */
  readonly threads: ReadonlyMap<string, number>;
  /** Microseconds of all threads, those that have ended too, in steps of a clock tick. */
  readonly total: number;
}

/**
 * Sums the time of a process. The scheduler counts each thread in nanoseconds and forgets it when it ends; the kernel's total
 * keeps every thread but is coarse. So each thread counts with its last reading, and what the total has beyond that is the time
 * of threads that were never seen.
 */
export class ThreadSum {
  readonly #seen = new Map<string, number>();
  #unseen = 0;

  /** Microseconds; never less than before. */
  add({ threads, total }: ProcessReading): number {
    for (const [thread, microseconds] of threads) this.#seen.set(thread, microseconds);
    let sum = 0;
    for (const microseconds of this.#seen.values()) sum += microseconds;
    if (total - sum - this.#unseen > TICK) this.#unseen = total - sum;
    return sum + this.#unseen;
  }
}

/** The microseconds in a line of `/proc/PID/task/TID/schedstat`: time on the processor, time waiting, turns. */
export const microsecondsOf = (schedstat: string): number => Number(schedstat.split(' ', 1)[0]) / 1000;

/** The microseconds, user's and system's, in a line of `/proc/PID/stat`. The command's name in it may hold anything. */
export function totalOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** The processor time of a server: all threads of its process and of those that it has forked. */
export class ProcessorTime {
  readonly #pid: number;
  readonly #processes = new Map<number, ThreadSum>();

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Microseconds since the server's start. */
  read(): number {
    let sum = 0;
    for (const pid of [this.#pid, ...childrenOf(this.#pid)]) {
      const threads = this.#processes.get(pid) ?? new ThreadSum();
      this.#processes.set(pid, threads);
      sum += threads.add(readingOf(pid));
    }
    return sum;
  }

  /** Microseconds since the server's start, once it has done what it had put off, such as filing the records of calls. */
  async readAtRest({ share, ms } = AT_REST): Promise<number> {
    let before = this.read();
    for (let waited = 0; waited < LONGEST_REST_MS; waited += ms) {
      await pause(ms);
      const now = this.read();
      if (now - before <= ms * 1000 * share) break;
      before = now;
    }
    return before;
  }
}

function readingOf(pid: number): ProcessReading {
  const folder = `/proc/${String(pid)}`;
  const threads = readdirSync(`${folder}/task`).flatMap((thread): [string, number][] => {
    try {
      return [[thread, microsecondsOf(readFileSync(`${folder}/task/${thread}/schedstat`, 'latin1'))]];
    } catch {
      return []; // It has ended since the folder was read.
    }
  });
  return { threads: new Map(threads), total: totalOf(readFileSync(`${folder}/stat`, 'latin1')) };
}

/** The processes that a process has forked, theirs too. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'latin1')
    .split(' ')
    .filter((child) => child.trim() !== '')
    .map(Number)
    .flatMap((child) => [child, ...childrenOf(child)]);
}
