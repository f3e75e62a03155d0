import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { outsideAddresses } from '../src/media/ice/addresses.ts';
import { DemoServer } from './support/demo-server.ts';

const [address] = outsideAddresses();

describe.skipIf(address === undefined)('perch demo --lan, on a machine that is on a network', () => {
  let server: DemoServer;
  let base: URL;
  beforeAll(async () => {
    server = await DemoServer.start({}, [`--lan=${address}`]);
    base = new URL(server.organization.url);
  });
  afterAll(() => server.stop());

  /** A handshake as browsers make it, with `trusted` as the only authority. */
  async function handshake(host: string, trusted?: string) {
    const socket = connect({ host, port: Number(base.port), ca: trusted, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate()?.toString();
    const error = socket.authorizationError;
    socket.destroy();
    return { certificate, error };
  }

  test('every link names the address', () => {
    const { url, sip, admin, stations, extensions } = server.organization;
    expect(base.hostname.replace(/^\[(.*)\]$/, '$1')).toBe(address);
    expect(base.protocol).toBe('https:');
    expect(sip.url).toBe(`wss://${base.host}/sip`);
    const links = [
      admin.url,
      ...stations.map((each) => each.stationUrl),
      ...extensions.map((each) => each.phoneUrl),
    ];
    expect(links.filter((link) => !link.startsWith(`${url}/`))).toEqual([]);
  });

  test.for([address ?? '', 'localhost'])('the certificate is good for %s', async (host) => {
    const { certificate } = await handshake(host);
    expect(await handshake(host, certificate)).toEqual({ certificate, error: null });
  });

  test('the certificate is the same after a restart', async () => {
    const { certificate } = await handshake('localhost');
    await server.kill();
    await server.startAgain();
    expect(await handshake('localhost')).toMatchObject({ certificate });
  });

  test('pages of the address and of localhost may use the server, and pages of others may not', async () => {
    const upgrade = async (host: string, origin: string): Promise<number | undefined> => {
      const socket = new WebSocket(`wss://${host}:${base.port}/sip`, ['sip'], {
        origin,
        rejectUnauthorized: false,
      });
      socket.on('error', () => undefined);
      const status = await Promise.race([
        once(socket, 'open').then(() => 101),
        once(socket, 'unexpected-response').then(
          ([, response]) => (response as { statusCode: number }).statusCode,
        ),
      ]);
      socket.terminate();
      return status;
    };
    expect(await upgrade(base.hostname, base.origin)).toBe(101);
    expect(await upgrade('localhost', `https://localhost:${base.port}`)).toBe(101);
    expect(await upgrade(base.hostname, 'https://elsewhere.example')).toBe(403);
  });
});

test('an address of another machine is refused with a sentence', async () => {
  await expect(DemoServer.start({}, ['--lan=203.0.113.9'])).rejects.toThrow(
    'Others do not reach this machine at 203.0.113.9.',
  );
});
