import { DemoServer } from '../../../server/tests/support/demo-server.ts';
import type { ServedOrganization } from '../../../server/tests/support/served-organization.ts';

type Environment = Readonly<Record<string, string>>;

/** What the tests of a worker call: an organization for each of them, on one server, the next one being made while a test runs; or a server of its own. */
export class DemoServers {
  readonly #env: Environment;
  readonly #stopping: Promise<void>[] = [];
  #shared: Promise<DemoServer> | undefined;
  #next: Promise<ServedOrganization> | undefined;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Nobody has called anyone there. */
  async organization(): Promise<ServedOrganization> {
    this.#shared ??= DemoServer.startShared(this.#env);
    const shared = await this.#shared;
    const next = this.#next ?? shared.another();
    this.#next = shared.another();
    // Where it cannot be made, the test that it is for says so.
    this.#next.catch(() => undefined);
    return next;
  }

  /** For a test that ends it, or is about what belongs to the whole server. */
  server(): Promise<DemoServer> {
    return DemoServer.start(this.#env);
  }

  /** Stops a server whose test is over. */
  end(server: DemoServer): void {
    this.#stopping.push(server.stop());
  }

  /** Throws where a server has ended by itself, or could not be stopped. */
  async close(): Promise<void> {
    const shared = await this.#shared;
    await this.#next?.catch(() => undefined);
    const hasEnded = shared?.running === false;
    await Promise.all([shared?.stop(), ...this.#stopping]);
    if (hasEnded) throw new Error(`the server ended\n${shared.printed.slice(-8_192)}`);
  }
}
