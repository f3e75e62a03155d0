import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { boundPipelining } from './pipelining.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve() {
  const asked: ServerResponse[] = [];
  const server = createServer((_request, response) => asked.push(response));
  boundPipelining(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  cleanups.push(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { asked, server, socket };
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a connection that asks more and more without an answer is closed', async () => {
  const { asked, socket } = await serve();
  socket.write(REQUEST.repeat(1_000));
  await once(socket, 'close');
  expect(asked).toHaveLength(8);
});

test('one that takes its answers may ask for ever', async () => {
  const { asked, server, socket } = await serve();
  for (let count = 1; count <= 50; count++) {
    const taken = once(server, 'request');
    socket.write(REQUEST);
    await taken;
    asked.at(-1)?.end('here');
    await once(socket, 'data');
  }
  expect(asked).toHaveLength(50);
});
