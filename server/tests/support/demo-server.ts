import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '../../src/storage/support/scratch-folder.ts';
import { type DemoOrganization, ServedOrganization } from './served-organization.ts';

type Environment = Readonly<Record<string, string>>;

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/**
 * The same tests run once more against organizations that are reached over bytes: see vitest.config.ts and playwright.config.ts. `npm test` has
 * bundled the server (server/scripts/bundle-server.ts).
 */
const demoProgram = (env: NodeJS.ProcessEnv): string =>
  env['PERCH_TEST_BORDER'] === 'bytes' ? supportProgram('perch-over-bytes') : perchCommand();

/** The command `perch`, bundled where the server is. */
export function perchCommand(): string {
  const bundled = process.env['PERCH_TEST_BUNDLE'];
  return join(bundled ?? join(REPOSITORY, 'server/bin'), 'perch.mjs');
}

/** A program of this folder, bundled where the server is. */
function supportProgram(name: string): string {
  const bundled = process.env['PERCH_TEST_BUNDLE'];
  return bundled === undefined ? `server/tests/support/${name}.ts` : join(bundled, `${name}.mjs`);
}

/** A data folder of its own, furnished already where the server is bundled: it starts in two thirds of the processor time. */
function dataFolder(): string {
  const folder = scratchFolder();
  const bundled = process.env['PERCH_TEST_BUNDLE'];
  if (bundled !== undefined) cpSync(join(bundled, 'demo'), folder, { recursive: true });
  return folder;
}
const START_LIMIT_MS = 90_000;
/** Node's compile cache, which saves a third of the cost of a start. */
const COMPILED = join(REPOSITORY, 'node_modules/.cache/perch-tests');

/** The demo's server as a process of its own, with a data folder of its own, at a port of its own. */
export class DemoServer extends ServedOrganization {
  readonly #port: number;
  readonly #folder: string;
  readonly #env: Environment;
  readonly #options: readonly string[];
  readonly #program: string | undefined;
  #printed = '';
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  /** Who waits for a line that it prints. */
  #awaited: ((line: string) => void)[] = [];
  #organization: DemoOrganization | undefined;
  #log = '';

  private constructor(
    port: number,
    folder: string,
    env: Environment,
    options: readonly string[],
    program: string | undefined,
  ) {
    super();
    this.#port = port;
    this.#folder = folder;
    this.#env = env;
    this.#options = options;
    this.#program = program;
  }

  /** `env` may depend on where the server will be reached; `options` are those of `perch demo`; `program` takes the place of `perch`, from the top folder. */
  static async start(
    env: Environment | ((url: string) => Environment) = {},
    options: readonly string[] = [],
    program?: string,
  ): Promise<DemoServer> {
    const folder = dataFolder();
    const port = await unusedPort();
    const variables = typeof env === 'function' ? env(`http://127.0.0.1:${String(port)}`) : env;
    const server = new DemoServer(port, folder, variables, options, program);
    await server.startAgain();
    return server;
  }

  /** One that makes organizations, for tests that share it: see `another`. */
  static startShared(env: Environment): Promise<DemoServer> {
    return DemoServer.start(env, [], supportProgram('demo-organizations'));
  }

  /** One whose clock the test moves on: see `pass`. What waits for a timer goes on waiting. */
  static startLater(): Promise<DemoServer> {
    return DemoServer.start({}, [], supportProgram('perch-later'));
  }

  /** So many minutes pass for a server of `startLater`. */
  async pass(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed++) {
      const told = new Promise<string>((resolve) => this.#awaited.push(resolve));
      process.kill(this.pid, 'SIGUSR2');
      await told;
    }
  }

  override get organization(): DemoOrganization {
    if (this.#organization === undefined) throw new Error('the server has not started');
    return this.#organization;
  }

  /** Its log since it started last: whole lines, each a JSON object. */
  get log(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.#log.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }

  /** Where it keeps its data. */
  get folder(): string {
    return this.#folder;
  }

  /** What it has printed, but for the first line: its log. */
  get printed(): string {
    return this.#printed;
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  get running(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  /** Starts on the same port and data folder as before. Throws with what the server printed where it ends first. */
  async startAgain(): Promise<void> {
    const env = {
      ...process.env,
      NODE_COMPILE_CACHE: COMPILED,
      PERCH_PORT: String(this.#port),
      PERCH_DATA: this.#folder,
      ...this.#env,
    };
    const child = spawn(
      process.execPath,
      [this.#program ?? demoProgram(env), 'demo', '--json', ...this.#options],
      {
        cwd: REPOSITORY,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    this.#log = '';
    createInterface({ input: child.stdout }).on('line', (line) => this.#printedLine(line));
    this.#organization = await new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        child.kill('SIGKILL');
        reject(new Error(`the demo server ${why}\n${this.#log.slice(-8_192)}`));
      };
      const limit = setTimeout(() => fail('did not listen in time'), START_LIMIT_MS);
      child.once('exit', (code) => fail(`ended with ${String(code)}`));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        this.#printed += text;
      });
      this.#awaited = [
        (line) => {
          clearTimeout(limit);
          child.removeAllListeners('exit');
          resolve(JSON.parse(line) as DemoOrganization);
        },
      ];
    });
  }

  #printedLine(line: string): void {
    const awaits = this.#awaited.shift();
    if (awaits) awaits(line);
    else this.#printed += `${line}\n`;
  }

  /** Has the program of `startShared` make one more organization like the demo's. */
  async another(): Promise<ServedOrganization> {
    const child = this.#process;
    const made = new Promise<string>((resolve, reject) => {
      this.#awaited.push(resolve);
      child?.once('exit', () => reject(new Error(`the shared server has ended\n${this.#log.slice(-8_192)}`)));
    });
    child?.stdin.write('\n');
    return new Neighbour(JSON.parse(await made) as DemoOrganization);
  }

  /** `kill -9`: nothing more is written, no one is told. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.running) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

class Neighbour extends ServedOrganization {
  readonly organization: DemoOrganization;

  constructor(organization: DemoOrganization) {
    super();
    this.organization = organization;
  }
}

/** An unused TCP port of this machine. */
export async function unusedPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
