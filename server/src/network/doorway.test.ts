import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { HeldWork } from '../collections/support/held-work.ts';
import { letInOneByOne } from './doorway.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve() {
  const later = new HeldWork();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('here');
  });
  const taken: Socket[] = [];
  server.on('connection', (socket) => taken.push(socket));
  letInOneByOne(server, later);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Connects and asks at once. */
  const ask = async (path: string) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    cleanups.push(() => socket.destroy());
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const [ours] = await accepted;
    return { socket, ours };
  };
  return { later, asked, ask, server, taken };
}

test('a connection is read once it was let in, and what it has said before is not lost', async () => {
  const { later, asked, ask } = await serve();
  const [{ socket: first }, { socket: second }] = [await ask('/first'), await ask('/second')];
  expect(later.pieces).toHaveLength(2);
  expect(later.pieces[1]?.()).toBe(false);
  const [answer] = (await once(second, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
  expect(asked).toEqual(['/second']);
  later.pieces[0]?.();
  await once(first, 'data');
  expect(asked).toEqual(['/second', '/first']);
});

test('nothing is read of a connection that waits, however long', async () => {
  const { later, ask } = await serve();
  const { socket, ours } = await ask('/first');
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  expect(ours.bytesRead).toBe(0);
  later.finish();
  await once(socket, 'data');
  expect(ours.bytesRead).toBeGreaterThan(0);
});

test('a connection that waits when the server closes is ended and handed to nobody, and does not keep it open', async () => {
  const { later, ask, server, taken } = await serve();
  const { socket } = await ask('/late');
  const closed = once(server, 'close');
  const gone = once(socket, 'close');
  server.close();
  later.finish();
  await Promise.all([closed, gone]);
  expect(taken).toEqual([]);
});
