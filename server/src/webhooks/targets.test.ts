import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../world/system-clock.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { postOver } from './post.ts';
import { mayReach, refusalOf } from './targets.ts';

const inner = (address: string) => address.startsWith('10.');

test.for([
  ['https://hooks.example.org/a', undefined, undefined],
  ['http://hooks.example.org/a', undefined, 'https'],
  ['ftp://hooks.example.org/a', undefined, 'https'],
  ['https://user:secret@hooks.example.org/', undefined, 'password'],
  ['https://127.0.0.1/', undefined, 'inner networks'],
  ['https://0x7f.1/', undefined, 'inner networks'],
  ['https://2130706433/', undefined, 'inner networks'],
  ['https://[::1]/', undefined, 'inner networks'],
  ['https://[::ffff:10.0.0.1]/', undefined, 'inner networks'],
  ['https://10.0.0.1/', inner, undefined],
  ['http://10.0.0.1/', inner, undefined],
  ['https://192.168.0.1/', inner, 'inner networks'],
] as const)('%s, where %o is allowed: %s', ([url, allows, refused]) => {
  const why = refusalOf(new URL(url), allows);
  if (refused === undefined) expect(why).toBeUndefined();
  else expect(why).toContain(refused);
});

test('without encryption messages go to the operator’s networks only', () => {
  const addresses = ['10.0.0.1', '1.1.1.1', '192.168.0.1'];
  expect(addresses.filter(mayReach(inner, false))).toEqual(['10.0.0.1', '1.1.1.1']);
  expect(addresses.filter(mayReach(inner, true))).toEqual(['10.0.0.1']);
  expect(addresses.filter(mayReach(undefined, false))).toEqual(['1.1.1.1']);
});

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: Parameters<typeof createServer>[1]) {
  const server = createServer(answer as never).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
}
const loopback = (address: string) => address.startsWith('127.');
const never = () => new AbortController().signal;

test('a redirect is an answer, and is not followed', async () => {
  let asked = 0;
  const url = await serve((request, response) => {
    asked++;
    request.resume();
    response.writeHead(302, { location: '/elsewhere' }).end('moved');
  });
  const posted = await postOver(loopback, systemClock)(url, {}, '{}', never());
  expect([posted, asked]).toEqual([{ kind: 'answered', status: 302, answer: 'moved' }, 1]);
});

test('of a long answer the beginning is kept, without what cannot be read', async () => {
  const url = await serve((_, response) => response.end(`a\u0000b\n${'x'.repeat(5_000)}`));
  const posted = await postOver(loopback, systemClock)(url, {}, '{}', never());
  expect(posted).toMatchObject({ status: 200, answer: `a b ${'x'.repeat(1_020)}` });
});

test('what does not answer is given up after ten seconds', async () => {
  const clock = new VirtualClock(0);
  const asked = Promise.withResolvers();
  const url = await serve(() => asked.resolve(undefined));
  const posted = postOver(loopback, clock)(url, {}, '{}', never());
  await asked.promise;
  await clock.advance(10_000);
  expect(await posted).toEqual({ kind: 'failed', why: 'There was no answer within 10 seconds.' });
});

test('where nobody has allowed it, nothing goes to this machine, by address or by name', async () => {
  let asked = 0;
  const url = await serve((_, response) => response.end(String(asked++)));
  const post = postOver(undefined, systemClock);
  const plain = await post(url, {}, '{}', never());
  const named = await post(new URL(`https://localhost:${url.port}/`), {}, '{}', never());
  expect([plain.kind, named, asked]).toEqual([
    'failed',
    { kind: 'failed', why: expect.stringContaining('inner networks') },
    0,
  ]);
});
