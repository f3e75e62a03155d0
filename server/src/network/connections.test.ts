import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { boundConnections, doorBounds } from './connections.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

interface Serving {
  readonly trustsProxy?: (address: string) => boolean;
  readonly bounded?: boolean;
  readonly onUpgrade?: (socket: Socket) => void;
}

async function serve({ trustsProxy, bounded = true, onUpgrade }: Serving = {}) {
  const server = createServer((_request, response) => response.end('here'));
  if (bounded) boundConnections(server, { most: 4, mostOfNetwork: 2 }, trustsProxy);
  server.on('upgrade', ({ socket }) => {
    onUpgrade?.(socket);
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    cleanups.push(() => socket.destroy());
    const taken = once(server, 'connection');
    await once(socket, 'connect');
    await taken;
    return socket;
  };
}

async function ask(socket: Socket, fields = ''): Promise<string> {
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString().slice(9, 12);
}

test('when one address has too many, the connection silent for longest is dropped', async () => {
  const open = await serve();
  const [first, second] = [await open(), await open()];
  expect(await ask(first)).toBe('200');
  const third = await open();
  await once(second, 'close');
  expect([await ask(first), await ask(third)]).toEqual(['200', '200']);
});

test('a connection that becomes a WebSocket makes room and stays', async () => {
  const open = await serve();
  const first = await open();
  expect(await ask(first, 'Connection: Upgrade\r\nUpgrade: websocket\r\n')).toBe('101');
  const others = [await open(), await open(), await open()] as const;
  await once(others[0], 'close');
  expect(first.destroyed).toBe(false);
});

test('nothing is kept of a connection that becomes a WebSocket, not even a listener for its end', async () => {
  const upgraded: Socket[] = [];
  for (const bounded of [true, false]) {
    const open = await serve({ bounded, onUpgrade: (socket) => upgraded.push(socket) });
    await ask(await open(), 'Connection: Upgrade\r\nUpgrade: websocket\r\n');
  }
  const [ours, plain] = upgraded.map((socket) => socket.listenerCount('close'));
  expect(ours).toBe(plain);
});

test('a trusted proxy stands for many visitors: only the total limit applies', async () => {
  const open = await serve({ trustsProxy: (address) => address === '127.0.0.1' });
  const sockets = [];
  for (let count = 0; count < 5; count += 1) sockets.push(await open());
  await once(sockets[0] as Socket, 'close');
  expect(await ask(sockets[1] as Socket)).toBe('200');
});

test('the limits leave files for known phones, and room for a large site', () => {
  for (const files of [256, 1_024, 65_536]) {
    const { connections, flows, pages } = doorBounds(files);
    expect(connections.most + flows.most + pages.most).toBeLessThanOrEqual(files * 0.75);
  }
  for (const files of [20_000, 65_536, undefined]) {
    const { connections, flows } = doorBounds(files);
    for (const { most, mostOfNetwork } of [connections, flows]) {
      expect(mostOfNetwork).toBeGreaterThanOrEqual(5_000);
      expect(mostOfNetwork).toBeLessThan(most);
    }
  }
});
