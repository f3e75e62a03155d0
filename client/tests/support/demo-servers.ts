import { DemoServer } from '../../../server/tests/support/demo-server.ts';

type Environment = Readonly<Record<string, string>>;

/** A fresh server for each test without waiting for it: the next one starts and the last one stops while a test runs. */
export class DemoServers {
  readonly #env: Environment;
  readonly #stopping: Promise<void>[] = [];
  #ready: Promise<DemoServer>;

  constructor(env: Environment) {
    this.#env = env;
    this.#ready = start(env);
  }

  next(): Promise<DemoServer> {
    const ready = this.#ready;
    this.#ready = start(this.#env);
    return ready;
  }

  /** Stops a server whose test is over. */
  end(server: DemoServer): void {
    this.#stopping.push(server.stop());
  }

  /** Throws where a server could not be stopped. */
  async close(): Promise<void> {
    const unused = await this.#ready.catch(() => undefined);
    await Promise.all([unused?.stop(), ...this.#stopping]);
  }
}

function start(env: Environment): Promise<DemoServer> {
  const starting = DemoServer.start(env);
  // A server that does not start is the failure of the test that it is for, not of the one that runs meanwhile.
  starting.catch(() => undefined);
  return starting;
}
