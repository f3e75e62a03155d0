import { afterAll, beforeAll } from 'vitest';
import { DemoServer } from './demo-server.ts';
import { SipClient } from './sip-client.ts';

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

interface Stage {
  readonly server: DemoServer;
  /** An unregistered flow of that extension; closed when the file's tests are done. */
  connect(number: string, instance?: string): Promise<SipClient>;
  /** A registered one. */
  register(number: string, instance?: string): Promise<SipClient>;
}

/** One running server for a file's tests, and phones on it. */
export function stage(env: Readonly<Record<string, string>> = {}): Stage {
  let running: DemoServer | undefined;
  const clients: SipClient[] = [];
  const server = (): DemoServer => {
    if (running === undefined) throw new Error('the server runs only while tests do');
    return running;
  };
  beforeAll(async () => {
    running = await DemoServer.start(env);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await running?.stop();
  });
  const keep = async (opening: Promise<SipClient>): Promise<SipClient> => {
    const client = await opening;
    clients.push(client);
    return client;
  };
  return {
    get server() {
      return server();
    },
    connect: (number, instance) =>
      keep(SipClient.connect(server().organization, server().line(number), instance)),
    register: (number, instance) =>
      keep(SipClient.registered(server().organization, server().line(number), instance)),
  };
}
