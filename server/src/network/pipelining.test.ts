import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { HeldWork } from '../collections/support/held-work.ts';
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
  const later = new HeldWork();
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
  return { asked, server, socket, later };
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test.for([9, 1_000])('a connection that asks %i times without an answer is closed', async (count) => {
  const { asked, socket, later } = await serve();
  socket.write(REQUEST.repeat(count));
  await once(socket, 'close');
  later.finish();
  expect(asked).toEqual([]);
});

test('of a thousand requests that come together without waiting for an answer, those beyond the ninth are not even parsed', async () => {
  const { server, socket } = await serve();
  let parsed = 0;
  server.on('request', () => parsed++);
  socket.write(REQUEST.repeat(1_000));
  await once(socket, 'close');
  expect(parsed).toBe(9);
});

test('of one that asks eight times without an answer, each request is heard in its turn', async () => {
  const { asked, socket, later } = await serve();
  socket.write(REQUEST.repeat(8));
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(8);
  expect(asked).toEqual([]);
  later.finish();
  expect(asked).toHaveLength(8);
});

test('one that takes its answers may ask for ever', async () => {
  const { asked, socket, later } = await serve((response) => response.end('here'));
  for (let count = 1; count <= 50; count++) {
    socket.write(REQUEST);
    await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(1);
    later.finish();
    await once(socket, 'data');
  }
  expect(asked).toHaveLength(50);
});

test('what is left of a body whose request is refused is read in turns', async () => {
  const { asked, socket, later } = await serve((response) => response.writeHead(429).end('Too many'));
  const octets = 4 * 1024 * 1024;
  const head = `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${String(octets)}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(octets)]));
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(1);
  later.pieces.shift()?.();
  await once(socket, 'data');
  for (let turn = 0; turn < 50; turn++) await nextTurn();
  expect(asked[0]?.req.socket.bytesRead).toBeLessThan(octets / 4);
});
