import { readFileSync } from 'node:fs';
import type { Counts } from './attack.ts';

/** What `/metrics` says, by name and labels. */
export function samplesOf(text: string): Counts {
  const samples: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][^ ]*) ([^ ]+)/.exec(line);
    if (match?.[1] !== undefined) samples[match[1]] = Number(match[2]);
  }
  return samples;
}

/** What a server has at a time, all of which must be gone when those are gone who have caused it; by what it is called in the figures. */
const LEVELS: Readonly<Record<string, string>> = {
  flows: 'perch_flows',
  strangers: 'perch_flows_unproven',
  bindings: 'perch_registrations',
  calls: 'perch_calls',
  sockets: 'nodejs_active_resources{type="TCPSocketWrap"}',
  timers: 'nodejs_active_resources{type="Timeout"}',
};

export interface ServerState {
  readonly levels: Counts;
  readonly heapMB: number;
  readonly rssMB: number;
  /** Mistakes of the server itself, so far. */
  readonly failures: number;
}

const ATTEMPTS = 10;
const MB = 1024 * 1024;
const PAGE = 4_096;

/** Memory of a process that is in the machine's memory now. */
export const rssMB = (pid: number): number =>
  (Number(readFileSync(`/proc/${String(pid)}/statm`, 'latin1').split(' ')[1]) * PAGE) / MB;

/** A server, by its metrics. */
export class ServerCounters {
  readonly #url: string;
  readonly #token: string;
  readonly #pid: number;

  constructor(pid: number, port: number, token: string) {
    this.#pid = pid;
    this.#url = `http://127.0.0.1:${String(port)}/metrics`;
    this.#token = token;
  }

  /** A crowd of connections may push this one out, too: then it is tried again. */
  async read(): Promise<ServerState> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#read();
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #read(): Promise<ServerState> {
    const response = await fetch(this.#url, { headers: { authorization: `Bearer ${this.#token}` } });
    if (!response.ok) throw new Error(`/metrics was answered ${String(response.status)}`);
    return stateOf(samplesOf(await response.text()), rssMB(this.#pid));
  }
}

export function stateOf(samples: Counts, rss: number): ServerState {
  const failures = Object.entries(samples)
    .filter(([name]) => name.startsWith('perch_failures_total'))
    .reduce((sum, [, value]) => sum + value, 0);
  return {
    levels: Object.fromEntries(Object.entries(LEVELS).map(([name, sample]) => [name, samples[sample] ?? 0])),
    heapMB: (samples['nodejs_heap_size_used_bytes'] ?? 0) / MB,
    rssMB: rss,
    failures,
  };
}

/** Sockets and timers that come and go without any attack, such as the measurement's own. */
const OWN = 8;

/** What a server has more of than before, beyond what comes and goes by itself. */
export function leftOver(before: Counts, after: Counts): Counts {
  const left: Record<string, number> = {};
  for (const [name, value] of Object.entries(after)) {
    const more = value - (before[name] ?? 0);
    if (more > (name === 'sockets' || name === 'timers' ? OWN : 0)) left[name] = more;
  }
  return left;
}
