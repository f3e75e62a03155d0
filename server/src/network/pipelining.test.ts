import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { PortionedWork } from '../collections/portioned-work.ts';
import { boundPipelining } from './pipelining.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(answer: (response: ServerResponse) => void = () => undefined) {
  const asked: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    asked.push(response);
    answer(response);
  });
  const later = new PortionedWork(
    () => 0,
    () => undefined,
  );
  boundPipelining(server, later);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  cleanups.push(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { asked, socket };
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a connection that asks more and more without an answer is closed', async () => {
  const { asked, socket } = await serve();
  socket.write(REQUEST.repeat(1_000));
  await once(socket, 'close');
  expect(asked.length).toBeLessThanOrEqual(8);
});

test('one that takes its answers may ask for ever', async () => {
  const { asked, socket } = await serve((response) => response.end('here'));
  for (let count = 1; count <= 50; count++) {
    socket.write(REQUEST);
    await once(socket, 'data');
  }
  expect(asked).toHaveLength(50);
});
