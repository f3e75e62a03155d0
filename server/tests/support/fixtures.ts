import { afterAll, afterEach, beforeAll } from 'vitest';
import { DemoServer } from './demo-server.ts';
import { type Identity, SipClient } from './sip-client.ts';

export interface Stage {
  readonly server: DemoServer;
  /** An unregistered flow of that extension, for this test. */
  connect(number: string, identity?: Identity): Promise<SipClient>;
  /** A registered one, for this test. */
  register(number: string, identity?: Identity): Promise<SipClient>;
}

const START_LIMIT_MS = 40_000;

/** One running server for a file's tests, and phones on it. `program` takes the place of `perch`. */
export function stage(env: Readonly<Record<string, string>> = {}, program?: string): Stage {
  let running: DemoServer | undefined;
  const clients = new Set<SipClient>();
  const server = (): DemoServer => {
    if (running === undefined) throw new Error('the server runs only while tests do');
    return running;
  };
  beforeAll(async () => {
    running = await DemoServer.start(env, [], program);
  }, START_LIMIT_MS);
  afterEach(async () => {
    for (const client of clients) await client.leave();
    clients.clear();
  });
  afterAll(() => running?.stop());
  const keep = async (opening: Promise<SipClient>): Promise<SipClient> => {
    const client = await opening;
    clients.add(client);
    return client;
  };
  return {
    get server() {
      return server();
    },
    connect: (number, identity) =>
      keep(SipClient.connect(server().organization, server().line(number), identity)),
    register: (number, identity) =>
      keep(SipClient.registered(server().organization, server().line(number), identity)),
  };
}
