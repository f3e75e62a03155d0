import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Attacked, AttackOrder } from './attack/attacker.ts';
import type { Order, Outcomes } from './load.ts';
import { childrenOf } from './processor-time.ts';

/** The server under load has the first core for itself, the generator the second. */
const SERVER_CORE = '0';
export const GENERATOR_CORE = '1';

/** The generator's own garbage collections must not count as the server's latency: keeps them rare and without helper threads. */
const ON_ONE_CORE = ['--single-threaded-gc', '--max-semi-space-size=128'];

/** Starts a server on its core. What it prints is kept, to be shown when it fails. */
export function startServer(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Server {
  return new Server(
    spawn('taskset', ['-c', SERVER_CORE, command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

export class Server {
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(child: ChildProcess) {
    this.#child = child;
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    this.#ended = new Promise((resolve) =>
      child.once('close', () => {
        process.off('exit', kill);
        resolve();
      }),
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.output = (this.output + text).slice(-2_048)));
    }
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`the server could not be started\n${this.output}`);
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(): Promise<void> {
    if (this.running) this.#child.kill('SIGTERM');
    const hard = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(hard);
  }
}

/** Memory of a process and of those that it has forked, in KiB; what they share is counted once (proportional set size). */
export const memoryKiB = (server: number): number =>
  [server, ...childrenOf(server)].reduce((sum, pid) => {
    const total = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'));
    return sum + Number(total?.[1]);
  }, 0);

/** A process on the core beside the server's, so that its work is never the server's. It carries out one order at a time. */
class BesideServer {
  readonly #child: ChildProcess;

  /** `before`: a command that starts it. */
  constructor(file: string, before: readonly string[] = []) {
    const [command, ...args] = [...before, 'taskset', '-c', GENERATOR_CORE, process.execPath];
    this.#child = fork(new URL(file, import.meta.url), {
      execPath: command,
      execArgv: [...args, ...ON_ONE_CORE],
      serialization: 'advanced', // JSON has no Infinity
    });
  }

  protected ask<Outcome>(order: { readonly kind: string }): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error(`the process that was to ${order.kind} has ended`));
      this.#child.once('exit', gone);
      this.#child.once('message', (answer: { outcome: Outcome } | { failure: string }) => {
        this.#child.off('exit', gone);
        if ('failure' in answer) reject(new Error(`${order.kind}: ${answer.failure}`));
        else resolve(answer.outcome);
      });
      this.#child.send(order, (error) => error && reject(error));
    });
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

/** The load generator. */
export class Generator extends BesideServer {
  constructor() {
    super('generator/main.ts');
  }

  order<Kind extends Order['kind']>(order: Order & { readonly kind: Kind }): Promise<Outcomes[Kind]> {
    return this.ask(order);
  }
}

/** Attacks the server beside the load generator, with what that leaves of their core: it never waits for the attacker. */
export class Attacker extends BesideServer {
  constructor() {
    super('attack/attacker.ts', ['chrt', '--idle', '0']);
  }

  begin(order: Extract<AttackOrder, { readonly kind: 'begin' }>): Promise<null> {
    return this.ask(order);
  }

  /** Ends the attack; resolves once nothing of it is open. */
  stop(): Promise<Attacked> {
    return this.ask({ kind: 'end' });
  }
}

export function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until the server takes connections. Throws with what it printed when it ends first, or after 30 s. */
export async function listening(server: Server, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300 && server.running; attempt++) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await server.end();
  throw new Error(`the server does not listen\n${server.output}`);
}
