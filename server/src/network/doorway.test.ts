import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Piece, PortionedWork } from '../collections/portioned-work.ts';
import { letInOneByOne } from './doorway.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Work that is done when the test says so. */
class HeldWork extends PortionedWork {
  readonly pieces: Piece[] = [];

  constructor() {
    super(
      () => 0,
      () => undefined,
    );
  }

  override add(piece: Piece): void {
    this.pieces.push(piece);
  }
}

async function serve() {
  const later = new HeldWork();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('here');
  });
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
    const taken = once(server, 'connection');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await taken;
    return socket;
  };
  return { later, asked, ask, server };
}

test('a connection is read once it was let in, and what it has said before is not lost', async () => {
  const { later, asked, ask } = await serve();
  const [first, second] = [await ask('/first'), await ask('/second')];
  expect(later.pieces).toHaveLength(2);
  expect(later.pieces[1]?.()).toBe(false);
  const [answer] = (await once(second, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
  expect(asked).toEqual(['/second']);
  later.pieces[0]?.();
  await once(first, 'data');
  expect(asked).toEqual(['/second', '/first']);
});

test('a connection that waits when the server closes is ended, and does not keep it open', async () => {
  const { later, ask, server } = await serve();
  const socket = await ask('/late');
  const closed = once(server, 'close');
  const gone = once(socket, 'close');
  server.close();
  later.pieces[0]?.();
  await Promise.all([closed, gone]);
});
