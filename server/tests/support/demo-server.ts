import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '../../src/storage/support/scratch-folder.ts';

/** What `npm run demo -- --json` prints once the server listens. */
export interface DemoOrganization {
  readonly url: string;
  readonly sip: { readonly url: string; readonly domain: string };
  readonly admin: { readonly url: string; readonly email: string; readonly password: string };
  readonly extensions: readonly (DemoExtension & { readonly phoneUrl: string })[];
  readonly stations: readonly (DemoExtension & { readonly stationUrl: string })[];
}

export interface DemoExtension {
  readonly number: string;
  readonly name: string;
  readonly secretCode: string | null;
  readonly voicemailPin: string | null;
  readonly allowVirtualization: boolean;
  readonly sip: { readonly username: string; readonly password: string };
}

type Environment = Readonly<Record<string, string>>;

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/**
 * The same tests run once more against organizations that are reached over bytes: see vitest.config.ts and playwright.config.ts. `npm test` has
 * bundled the server (server/scripts/bundle-server.ts).
 */
function programIn(env: NodeJS.ProcessEnv): string {
  const isOverBytes = env['PERCH_TEST_BORDER'] === 'bytes';
  const bundled = env['PERCH_TEST_BUNDLE'];
  if (bundled !== undefined) return join(bundled, isOverBytes ? 'perch-over-bytes.mjs' : 'perch.mjs');
  return isOverBytes ? 'server/tests/support/perch-over-bytes.ts' : 'server/bin/perch.mjs';
}
const START_LIMIT_MS = 90_000;
/** Node's compile cache, which saves a third of the cost of a start. */
const COMPILED = join(REPOSITORY, 'node_modules/.cache/perch-tests');

/** The demo's server as a process of its own, with a data folder of its own, at a port of its own. */
export class DemoServer {
  readonly #port: number;
  readonly #folder: string;
  readonly #env: Environment;
  readonly #options: readonly string[];
  readonly #program: string | undefined;
  #printed = '';
  #process: ChildProcess | undefined;
  #organization: DemoOrganization | undefined;
  #log = '';

  private constructor(
    port: number,
    folder: string,
    env: Environment,
    options: readonly string[],
    program: string | undefined,
  ) {
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
    const folder = scratchFolder();
    const port = await unusedPort();
    const variables = typeof env === 'function' ? env(`http://127.0.0.1:${String(port)}`) : env;
    const server = new DemoServer(port, folder, variables, options, program);
    await server.startAgain();
    return server;
  }

  get organization(): DemoOrganization {
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

  /** The extension or station of that number. */
  line(number: string): DemoExtension & { readonly url: string } {
    for (const { phoneUrl, ...extension } of this.organization.extensions) {
      if (extension.number === number) return { ...extension, url: phoneUrl };
    }
    for (const { stationUrl, ...station } of this.organization.stations) {
      if (station.number === number) return { ...station, url: stationUrl };
    }
    throw new Error(`the demo has no ${number}`);
  }

  /** One more extension, with credentials for a SIP client, made as an administrator makes it. */
  async addExtension(number: string, name: string): Promise<DemoExtension> {
    const settings = { number, name, kind: 'person', allowVirtualization: false };
    await this.administer('POST', '/api/extensions', settings);
    const credentials = await this.administer('POST', `/api/extensions/${number}/sip-credentials`);
    const sip = (await credentials.json()) as DemoExtension['sip'];
    return { number, name, secretCode: null, voicemailPin: null, allowVirtualization: false, sip };
  }

  /** One request of the administrator's. Throws with the problem where it is refused. */
  async administer(method: 'POST' | 'PATCH', path: string, body?: object): Promise<Response> {
    const { email, password } = this.organization.admin;
    const signedIn = await this.#send('POST', '/api/session', { email, password });
    const cookie = signedIn.headers.getSetCookie().map((set) => set.slice(0, set.indexOf(';')));
    return this.#send(method, path, body, cookie);
  }

  async #send(
    method: string,
    path: string,
    body: object | undefined,
    cookie: readonly string[] = [],
  ): Promise<Response> {
    const response = await fetch(this.organization.url + path, {
      method,
      headers: { cookie: cookie.join('; '), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response;
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
      [this.#program ?? programIn(env), 'demo', '--json', ...this.#options],
      {
        cwd: REPOSITORY,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    this.#log = '';
    this.#organization = await new Promise((resolve, reject) => {
      let output = '';
      const fail = (why: string): void => {
        child.kill('SIGKILL');
        reject(new Error(`the demo server ${why}\n${this.#log.slice(-8_192)}${output}`));
      };
      const limit = setTimeout(() => fail('did not listen in time'), START_LIMIT_MS);
      child.once('exit', (code) => fail(`ended with ${String(code)}`));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        this.#printed += text;
      });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (output.includes('\n')) {
          this.#printed += text;
          return;
        }
        output += text;
        if (!output.includes('\n')) return;
        clearTimeout(limit);
        child.removeAllListeners('exit');
        resolve(JSON.parse(output.slice(0, output.indexOf('\n'))) as DemoOrganization);
      });
    });
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

/** An unused TCP port of this machine. */
export async function unusedPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
