import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { HeldWork } from '../collections/support/held-work.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { letInOneByOne } from './doorway.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Also where it breaks. */
const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

const SILENCE_MS = 10_000;

async function serve() {
  const later = new HeldWork();
  const clock = new VirtualClock();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('here');
  });
  const taken: Socket[] = [];
  server.on('connection', (socket) => taken.push(socket));
  const doorway = letInOneByOne(server, { later, clock, silenceMs: SILENCE_MS });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    doorway.close();
    server.closeAllConnections();
    server.close();
  });
  const call = async () => {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    cleanups.push(() => socket.destroy());
    const [ours] = await accepted;
    return { socket, ours };
  };
  /** Connects and asks; resolves once that waits. */
  const ask = async (path: string) => {
    const waiting = later.pieces.length;
    const { socket, ours } = await call();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(waiting + 1);
    return { socket, ours };
  };
  return { later, clock, asked, call, ask, server, doorway, taken };
}

test('a connection is let in in its turn, and what it has said before is not lost', async () => {
  const { later, asked, ask } = await serve();
  const [{ socket: first }, { socket: second }] = [await ask('/first'), await ask('/second')];
  expect(later.pieces[1]?.()).toBe(false);
  const [answer] = (await once(second, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
  expect(asked).toEqual(['/second']);
  later.pieces[0]?.();
  await once(first, 'data');
  expect(asked).toEqual(['/second', '/first']);
});

test('a request that comes in pieces is read whole, whichever of them have come before its connection was let in', async () => {
  const { later, asked, call } = await serve();
  const { socket } = await call();
  socket.write('GET /pie');
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(1);
  socket.write('ces HTTP/1.1\r\nHost: a\r\n');
  await nextTurn();
  later.finish();
  socket.write('\r\n');
  await once(socket, 'data');
  expect(asked).toEqual(['/pieces']);
});

test('a hundred connections that speak at once are let in one piece of work after the other', async () => {
  const { later, taken, call } = await serve();
  for (let count = 0; count < 100; count++) {
    const { socket } = await call();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  }
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(100);
  expect(taken).toEqual([]);
  for (const piece of later.pieces.slice(0, 3)) piece();
  expect(taken).toHaveLength(3);
});

test('one that says nothing is handed to nobody, and costs no turn', async () => {
  const { later, taken, call } = await serve();
  await call();
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  expect([later.pieces, taken]).toEqual([[], []]);
});

test('one that says nothing for too long is ended; one that has spoken waits for its turn', async () => {
  const { later, clock, asked, call, ask } = await serve();
  const { socket: silent, ours } = await call();
  const { socket: polite } = await ask('/polite');
  await clock.advance(SILENCE_MS - 1);
  expect(ours.destroyed).toBe(false);
  const ended = once(silent, 'close');
  await clock.advance(1_000);
  await ended;
  later.finish();
  await once(polite, 'data');
  expect(asked).toEqual(['/polite']);
});

test('one that is let in has no timer and no listener that is left of its waiting, and may say that it will say nothing more', async () => {
  const { later, ask, taken } = await serve();
  const { socket, ours } = await ask('/');
  const listeners = () => ['error', 'end', 'close', 'data'].flatMap((event) => ours.listeners(event));
  const ofAnySocket = new Set(['error', 'end', 'close'].flatMap((event) => new Socket().listeners(event)));
  const ofWaiting = listeners().filter((listener) => !ofAnySocket.has(listener));
  expect(ofWaiting).toHaveLength(3);
  later.finish();
  expect(taken.map(({ timeout }) => timeout)).toEqual([undefined]);
  expect(listeners().filter((listener) => ofWaiting.includes(listener))).toEqual([]);
  socket.end();
  await once(ours, 'end');
  expect(ours.destroyed).toBe(false);
});

test('one that has gone before it said anything is not ended again', async () => {
  const { call, clock } = await serve();
  const { socket, ours } = await call();
  socket.resetAndDestroy();
  await closed(ours);
  let ended = 0;
  ours.destroy = () => {
    ended += 1;
    return ours;
  };
  await clock.advance(2 * SILENCE_MS);
  expect(ended).toBe(0);
});

test('one that breaks, or says that it will say nothing, is forgotten', async () => {
  const { call, taken, ask, later } = await serve();
  const { socket, ours } = await call();
  socket.resetAndDestroy();
  await closed(ours);
  const { socket: mute } = await call();
  mute.end();
  await once(mute, 'close');
  const { socket: gone, ours: left } = await ask('/gone');
  gone.resetAndDestroy();
  left.destroy();
  await closed(left);
  // It takes nobody's turn.
  expect(later.pieces.map((piece) => piece())).toEqual([undefined]);
  expect(taken).toEqual([]);
});

test('connections that wait when the server closes are ended and handed to nobody, and do not keep it open', async () => {
  const { later, clock, ask, call, server, doorway, taken } = await serve();
  const [{ socket: late }, { socket: silent }] = [await ask('/late'), await call()];
  const serverClosed = once(server, 'close');
  const gone = [once(late, 'close'), once(silent, 'close')];
  doorway.close();
  const { socket: latest } = await call();
  gone.push(once(latest, 'close'));
  server.close();
  later.finish();
  await Promise.all([serverClosed, ...gone]);
  expect(taken).toEqual([]);
  expect(clock.pending).toBe(0);
});
