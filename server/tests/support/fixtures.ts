import { afterAll, afterEach, beforeAll } from 'vitest';
import { DemoServer } from './demo-server.ts';
import { type Identity, SipClient } from './sip-client.ts';

/** An audio offer or answer; the server relays it without looking inside. */
export const sdp = (session: string): string =>
  [
    'v=0',
    `o=- ${session} 1 IN IP4 192.0.2.1`,
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 110',
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:Kx2u',
    'a=ice-pwd:0a1b2c3d4e5f60718293a4b5',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:110 telephone-event/48000',
    '',
  ].join('\r\n');

export interface Stage {
  readonly server: DemoServer;
  /** An unregistered flow of that extension, for this test. */
  connect(number: string, identity?: Identity): Promise<SipClient>;
  /** A registered one, for this test. */
  register(number: string, identity?: Identity): Promise<SipClient>;
}

const START_LIMIT_MS = 40_000;

/** One running server for a file's tests, and phones on it. */
export function stage(env: Readonly<Record<string, string>> = {}): Stage {
  let running: DemoServer | undefined;
  const clients = new Set<SipClient>();
  const server = (): DemoServer => {
    if (running === undefined) throw new Error('the server runs only while tests do');
    return running;
  };
  beforeAll(async () => {
    running = await DemoServer.start(env);
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
