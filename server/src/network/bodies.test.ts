import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { HeldWork } from '../collections/support/held-work.ts';
import { readInTurns, readRestInTurns } from './bodies.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

test('the pieces of a body are read one after the other, each in its turn', async () => {
  const later = new HeldWork();
  const body = Readable.from(['one', 'two', 'three']);
  const read: unknown[] = [];
  readInTurns(body, later);
  body.on('data', (piece) => read.push(piece));
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  expect([read, later.pieces.length]).toEqual([['one'], 1]);
  later.finish();
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  expect(read).toEqual(['one', 'two']);
  for (let turn = 0; turn < 5; turn++) {
    later.finish();
    await nextTurn();
  }
  expect(read).toEqual(['one', 'two', 'three']);
  expect(body.readableEnded).toBe(true);
});

const MB = 1024 * 1024;

test('what is left of a body whose request is refused is read in turns, and the answer arrives meanwhile', async () => {
  const later = new HeldWork();
  const read: (() => number)[] = [];
  const server = createServer((request, response) => {
    read.push(() => request.socket.bytesRead);
    readRestInTurns(request, response, later);
    response.writeHead(429).end('Too many');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  cleanups.push(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const head = `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${String(4 * MB)}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(4 * MB)]));
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 429 /);
  for (let turn = 0; turn < 50; turn++) await nextTurn();
  expect(read[0]?.()).toBeLessThan(MB);
  // It is read to its end, so that the next request on the connection is heard.
  socket.write('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  const next = once(socket, 'data');
  while (read.length === 1) {
    later.finish();
    await nextTurn();
  }
  expect(String((await next)[0])).toMatch(/^HTTP\/1\.1 429 /);
});

test('a request without a body costs no listener', async () => {
  const listeners: number[][] = [];
  const server = createServer((request, response) => {
    setImmediate(() => {
      const before = response.listenerCount('finish');
      readRestInTurns(request, response, new HeldWork());
      listeners.push([before, response.listenerCount('finish')]);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  cleanups.push(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  expect(listeners).toEqual([[expect.any(Number), listeners[0]?.[0]]]);
});
