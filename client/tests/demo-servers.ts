import { DemoServer } from '../../server/tests/demo-server.ts';

/** A fresh server for each test without waiting for it: the next one starts while a test runs. */
export class DemoServers {
  #ready: Promise<DemoServer> = start();

  next(): Promise<DemoServer> {
    const ready = this.#ready;
    this.#ready = start();
    return ready;
  }

  async close(): Promise<void> {
    const unused = await this.#ready.catch(() => undefined);
    await unused?.stop();
  }
}

function start(): Promise<DemoServer> {
  const starting = DemoServer.start();
  // A server that does not start is the failure of the test that it is for, not of the one that runs meanwhile.
  starting.catch(() => undefined);
  return starting;
}
