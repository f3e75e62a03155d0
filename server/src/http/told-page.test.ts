import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { PageEvent } from '@perch/shared';
import { WebSocket } from 'ws';
import { expect, test } from 'vitest';
import { tell, type ToldPage } from './told-page.ts';

/** A page, and how many frames went out to it together each time. */
function openPage() {
  const writes: number[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => {
      writes.push(1);
      done();
    },
    writev: (chunks, done) => {
      writes.push(chunks.length);
      done();
    },
  });
  const page = { readyState: WebSocket.OPEN } as WebSocket;
  return { writes, told: { page, socket, longest: 0 } satisfies ToldPage };
}

const pulse = (at: number): PageEvent => ({ kind: 'pulse', at, registered: true });

test('what a page is told in one turn goes out in one write, at the end of that turn', async () => {
  const [one, other] = [openPage(), openPage()];
  for (const at of [1, 2, 3]) tell(one.told, pulse(at));
  tell(other.told, pulse(4));
  expect([one.writes, other.writes]).toEqual([[], []]);
  await turn();
  expect([one.writes, other.writes]).toEqual([[3], [1]]);
  tell(one.told, pulse(5));
  await turn();
  expect(one.writes).toEqual([3, 1]);
});
