import { createServer, type IncomingMessage } from 'node:http';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { afterEach, expect, test } from 'vitest';
import { PortionedWork } from '../../collections/portioned-work.ts';
import { HeldWork } from '../../collections/support/held-work.ts';
import type { Flow, FlowListener, OwnedFlow } from './flow.ts';
import { createEar, createMailbox, holdsFlowContract } from './support/flow.contract.ts';
import type { Connect } from './support/flow.contract.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { createWebSocketTransport } from './websocket.ts';

type TransportOptions = Partial<Parameters<typeof createWebSocketTransport>[0]>;

const cleanups: (() => void)[] = [];
function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0)) cleanup();
  return Promise.resolve();
}
afterEach(cleanUp);

async function serve(listener: FlowListener, options: TransportOptions = {}) {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const later = new PortionedWork(
    () => clock.monotonic(),
    (error) => failures.push(error),
  );
  const arrivalOf = ({ headers }: IncomingMessage) =>
    ({ visitor: '127.0.0.1', scheme: 'http', origin: `http://${headers.host ?? ''}` }) as const;
  const transport = createWebSocketTransport({ listener, clock, later, arrivalOf, ...options });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    transport.handleUpgrade(request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    transport.close();
    server.close();
    server.closeAllConnections();
  });
  const url = `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/sip`;
  return { clock, server, transport, url, failures };
}

function dial(url: string, options: { protocols?: string[]; origin?: string; autoPong?: boolean } = {}) {
  const { protocols = ['sip'], ...rest } = options;
  const socket = new WebSocket(url, protocols, rest);
  cleanups.push(() => {
    socket.terminate();
  });
  return socket;
}

/** The status with which a handshake was refused. */
async function refusal(socket: WebSocket): Promise<number | undefined> {
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }];
  return response.statusCode;
}

async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}

const connect: Connect = async (listener) => {
  const opened = createMailbox<Parameters<FlowListener['opened']>[0]>();
  const { url } = await serve({
    ...listener,
    opened: (flow) => {
      listener.opened(flow);
      opened.put(flow);
    },
  });
  const socket = dial(url);
  const messages = createMailbox<string>();
  socket.on('message', (data: Buffer) => {
    messages.put(data.toString('latin1'));
  });
  const closed = closing(socket);
  await once(socket, 'open');
  const peer = {
    send: (frame: string) => {
      socket.send(Buffer.from(frame, 'latin1'), { binary: false });
    },
    hangUp: () => {
      socket.terminate();
    },
    next: messages.take,
    closed,
  };
  return { flow: await opened.take(), peer };
};

holdsFlowContract('WebSocket', connect, cleanUp);

test('the subprotocol is echoed (RFC 7118 §4.1)', async () => {
  const { url } = await serve(createEar());
  const socket = dial(url, { protocols: ['chat', 'SIP', 'sip'] });
  await once(socket, 'open');
  expect(socket.protocol).toBe('sip');
});

test('a flow knows at which host and port its peer reached us', async () => {
  const heard = createEar();
  const { url } = await serve(heard);
  await once(dial(url), 'open');
  expect(heard.flows[0]?.authority).toBe(new URL(url).host);
});

test.for([[[] as string[]], [['chat']], [['SIP']], [['Sip', 'chat']]])(
  'without the subprotocol "sip", offered %j: 400',
  async ([protocols]) => {
    const { url } = await serve(createEar());
    expect(await refusal(dial(url, { protocols: protocols ?? [] }))).toBe(400);
  },
);

test('a page of a foreign origin is refused with 403, one of ours is not', async () => {
  const { url } = await serve(createEar(), { allowsOrigin: (origin) => origin === 'https://perch.example' });
  expect(await refusal(dial(url, { origin: 'https://evil.example' }))).toBe(403);
  await once(dial(url, { origin: 'https://perch.example' }), 'open');
});

test('a binary frame is a message too', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  await once(socket, 'open');
  socket.send(Buffer.from([0xff, 0x00, 0x41]));
  expect(await heard.frame()).toBe('\xff\x00A');
});

test('octets that are not UTF-8 go to a browser in a binary frame, all else as text', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  const frames = createMailbox<boolean>();
  socket.on('message', (_data, isBinary) => {
    frames.put(isBinary);
  });
  await once(socket, 'open');
  const [flow] = heard.flows;
  flow?.send('caf\xe9');
  flow?.send('caf\xc3\xa9');
  flow?.send('x'.repeat(70_000));
  expect([await frames.take(), await frames.take(), await frames.take()]).toEqual([true, false, false]);
});

test.for([[125], [126], [65_535], [65_536], [70_000]])(
  'a message of %i octets arrives whole',
  async ([length]) => {
    const heard = createEar();
    const socket = dial((await serve(heard)).url);
    await once(socket, 'open');
    heard.flows[0]?.send('x'.repeat(length ?? 0));
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.length).toBe(length);
  },
);

test('more than 64 KiB in a message closes the flow with 1009 and a reason', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  await once(socket, 'open');
  socket.send('x'.repeat(64 * 1024 + 1));
  expect(await closing(socket)).toEqual({ code: 1009, reason: 'Message too large' });
  await heard.end();
  expect(heard.frames).toEqual([]);
});

test('a message in more than 16 fragments closes the flow', async () => {
  const socket = dial((await serve(createEar())).url);
  await once(socket, 'open');
  for (let sent = 0; sent < 20; sent += 1) socket.send('x', { fin: false });
  expect(await closing(socket)).toEqual({ code: 1008, reason: 'Too many fragments' });
});

test('a message in fragments, with a ping between them, arrives whole, and those after it too', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  await once(socket, 'open');
  socket.send('one ', { fin: false });
  socket.ping();
  socket.send('message');
  socket.send('another');
  await once(socket, 'pong');
  expect([await heard.frame(), await heard.frame()]).toEqual(['one message', 'another']);
});

test('a frame without a mask closes the flow with 1002, however much follows', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  await once(socket, 'open');
  for (let sent = 0; sent < 20; sent += 1) socket.send('x', { mask: false });
  expect(await closing(socket)).toEqual({ code: 1002, reason: 'Protocol error' });
  await heard.end();
  expect(heard.frames).toEqual([]);
});

test('a peer that asks and closes at once still gets the answer', async () => {
  const heard = createEar();
  const { url } = await serve({
    ...heard,
    received: (flow, frame) => {
      flow.send(`answer to ${frame}`);
    },
  });
  const socket = dial(url);
  const said: string[] = [];
  socket.on('message', (data: Buffer) => said.push(data.toString()));
  const opening = once(socket, 'upgrade') as Promise<[{ socket: Socket }]>;
  await once(socket, 'open');
  const [response] = await opening;
  response.socket.cork();
  socket.send('a question');
  socket.close(1000);
  response.socket.uncork();
  expect((await closing(socket)).code).toBe(1000);
  expect(said).toEqual(['answer to a question']);
});

test('what is sent to many flows in one turn reaches each of them', async () => {
  const heard = createEar();
  const { url } = await serve(heard);
  const sockets = Array.from({ length: 40 }, () => dial(url));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const said = Promise.all(sockets.map((socket) => once(socket, 'message')));
  for (const flow of heard.flows) flow.send(`to ${String(flow.id)}`);
  const messages = (await said).map(([data]) => String(data));
  expect(messages.sort()).toEqual(heard.flows.map(({ id }) => `to ${String(id)}`).sort());
});

test('what was sent before closing arrives before the close', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  const said: string[] = [];
  socket.on('message', (data: Buffer) => said.push(data.toString()));
  await once(socket, 'open');
  const closed = closing(socket);
  heard.flows[0]?.send('last words');
  heard.flows[0]?.close(4403, 'Bye');
  expect(await closed).toEqual({ code: 4403, reason: 'Bye' });
  expect(said).toEqual(['last words']);
});

test('a peer that misses a ping is dropped by the next one, one that answers stays', async () => {
  const heard = createEar();
  const { clock, transport, url } = await serve(heard);
  const mute = dial(url, { autoPong: false });
  const alive = dial(url);
  await Promise.all([once(mute, 'open'), once(alive, 'open')]);
  const pinged = Promise.all([once(mute, 'ping'), once(alive, 'ping')]);
  await clock.advance(25_000);
  await pinged;
  // Whatever the living peer sends counts as an answer, its pong too.
  alive.send('hello');
  await heard.frame();
  await clock.advance(25_000);
  await heard.end();
  expect(heard.reasons).toEqual(['The peer does not answer']);
  expect(transport.size).toBe(1);
});

/** A phone without a WebSocket implementation: octets after a handshake that is done. */
async function dialRaw(url: string, head = Buffer.alloc(0)): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const socket = connectTcp({ port: Number(port), host: hostname, allowHalfOpen: true });
  cleanups.push(() => {
    socket.destroy();
  });
  socket.write(
    'GET /sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n',
  );
  socket.write(head);
  await once(socket, 'data');
  return socket;
}

/** Masked with zeros. */
const clientFrame = (first: number, text: string) =>
  Buffer.from(`${String.fromCharCode(first, 0x80 | text.length)}\0\0\0\0${text}`, 'latin1');

test('a pong alone is an answer to a ping', async () => {
  const { clock, server, transport, url } = await serve(createEar());
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = await dialRaw(url);
  const [ours] = await accepted;
  for (let round = 0; round < 3; round++) {
    const pinged = once(socket, 'data') as Promise<[Buffer]>;
    await clock.advance(25_000);
    expect([...(await pinged)[0]]).toEqual([0x89, 0]);
    const pong = clientFrame(0x8a, '');
    const read = ours.bytesRead + pong.length;
    socket.write(pong);
    while (ours.bytesRead < read) await new Promise(setImmediate);
  }
  expect(transport.size).toBe(1);
});

test('what came together with the handshake is read', async () => {
  const heard = createEar();
  await dialRaw((await serve(heard)).url, clientFrame(0x81, 'early'));
  expect(await heard.frame()).toBe('early');
});

test('a peer that only stops sending is gone, and its connection with it', async () => {
  const heard = createEar();
  const socket = await dialRaw((await serve(heard)).url);
  socket.end(clientFrame(0x81, 'last'));
  expect(await heard.frame()).toBe('last');
  await Promise.all([once(socket, 'end'), heard.end()]);
  expect(heard.flows[0]?.open).toBe(false);
});

test('nothing can be sent to a peer that has stopped sending, and what it does not read keeps no connection open', async () => {
  const heard = createEar();
  const { clock, server, url } = await serve(heard);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = await dialRaw(url);
  const [ours] = await accepted;
  socket.pause();
  const [flow] = heard.flows;
  const message = 'x'.repeat(60_000);
  while (ours.writableLength < 500_000) {
    flow?.send(message);
    await new Promise(setImmediate);
  }
  socket.end();
  await once(ours, 'end');
  await new Promise(setImmediate);
  expect(heard.reasons).toEqual([]);
  expect([flow?.open, flow?.send('Are you there?')]).toEqual([false, false]);
  await clock.advance(50_000);
  await heard.end();
  expect(heard.reasons).toEqual(['The peer does not answer']);
});

test('a connection that breaks says why', async () => {
  const heard = createEar();
  const socket = await dialRaw((await serve(heard)).url);
  socket.resetAndDestroy();
  await heard.end();
  expect(heard.reasons).toEqual(['read ECONNRESET']);
});

test('a peer that does not read is dropped once 1 MiB waits for it', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  await once(socket, 'open');
  socket.pause();
  const [flow] = heard.flows;
  const message = 'x'.repeat(60_000);
  for (let sent = 0; sent < 1_000 && flow?.send(message); sent += 1);
  expect(flow?.open).toBe(false);
  await heard.end();
  expect(heard.reasons).toEqual(['The peer reads too slowly']);
});

test('a reason too long for a close frame is cut, between two characters', async () => {
  const heard = createEar();
  const socket = dial((await serve(heard)).url);
  await once(socket, 'open');
  const closed = closing(socket);
  heard.flows[0]?.close(4403, 'é'.repeat(100));
  expect(await closed).toEqual({ code: 4403, reason: 'é'.repeat(61) });
});

test('a refused handshake leaves no connection open, though the peer closes nothing', async () => {
  const { server, url } = await serve(createEar());
  const accepted = once(server, 'connection');
  const peer = connectTcp({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  peer.on('error', () => undefined);
  cleanups.push(() => {
    peer.destroy();
  });
  peer.write('GET /sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const [socket] = (await accepted) as [Socket];
  await once(socket, 'close');
});

test('on stopping, flows are closed with 1001 and new ones refused with 503', async () => {
  const heard = createEar();
  const { transport, url, clock } = await serve(heard);
  const socket = dial(url);
  await once(socket, 'open');
  const closed = closing(socket);
  transport.close();
  transport.close();
  expect(await closed).toEqual({ code: 1001, reason: 'The server is stopping' });
  expect(await refusal(dial(url))).toBe(503);
  expect(clock.pending).toBe(0);
});

test('a peer that is to rest is not read meanwhile, and nothing that it has sent is lost', async () => {
  const heard = createEar();
  const { clock, url } = await serve({
    ...heard,
    received(flow, message) {
      heard.received(flow, message);
      if (message === '3') flow.rest(1_000);
    },
  });
  const socket = dial(url);
  await once(socket, 'open');
  const messages = Array.from({ length: 40 }, (_, at) => String(at));
  for (const message of messages) socket.send(message);
  for (const message of messages.slice(0, 4)) expect(await heard.frame()).toBe(message);
  // As long as another peer takes for a question and its answer.
  const other = dial(url);
  await once(other, 'open');
  other.send('other');
  expect(await heard.frame()).toBe('other');
  expect(heard.frames).toEqual([]);
  await clock.advance(1_000);
  for (const message of messages.slice(4)) expect(await heard.frame()).toBe(message);
  socket.send('after');
  expect(await heard.frame()).toBe('after');
});

test('of a peer that is sending two megabytes, little is in memory while its frames wait for their turn', async () => {
  const heard = createEar();
  const later = new HeldWork();
  const { server, url } = await serve(heard, { later });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = await dialRaw(url);
  const [ours] = await accepted;
  const frames = Buffer.concat(Array<Buffer>(16 * 1024).fill(clientFrame(0x81, 'x'.repeat(122))));
  socket.write(frames);
  // Until nothing more is read, however often there could be.
  let read = 0;
  for (let turns = 0; turns < 50; turns++) {
    await new Promise(setImmediate);
    if (read === 0 || ours.bytesRead > read) [read, turns] = [ours.bytesRead, 0];
  }
  expect(read).toBeLessThan(frames.length / 4);
});

test('what strangers say waits for its turn, also a single message; of a peer that is known it is heard at once', async () => {
  const heard = createEar();
  const later = new HeldWork();
  const flows: OwnedFlow[] = [];
  const { url } = await serve({ ...heard, opened: (flow) => void flows.push(flow) }, { later });
  const [stranger, known] = [await dialRaw(url), await dialRaw(url)];
  flows[1]?.takesTurns(false);
  stranger.write(clientFrame(0x81, 'Who am I?'));
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(1);
  known.write(clientFrame(0x81, 'It is me'));
  expect(await heard.frame()).toBe('It is me');
  later.finish();
  expect(await heard.frame()).toBe('Who am I?');
});

test('what is said to phones is sent before anything that can wait', async () => {
  const heard = createEar();
  let flow: OwnedFlow | undefined;
  let unsent: boolean | undefined;
  const later = new PortionedWork(
    () => 0,
    () => undefined,
  );
  const { server, url } = await serve({ ...heard, opened: (opened) => void (flow = opened) }, { later });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = await dialRaw(url);
  const [ours] = await accepted;
  const before = ours.bytesWritten;
  await new Promise<void>((resolve) => {
    later.add(() => {
      unsent = ours.bytesWritten === before;
      resolve();
      return false;
    });
    flow?.send('Hello');
  });
  expect([flow !== undefined, unsent]).toEqual([true, false]);
  socket.destroy();
});

test('what strangers send after they were told to go waits for its turn, too', async () => {
  const heard = createEar();
  const later = new HeldWork();
  let isClosed = false;
  const { url } = await serve(
    {
      ...heard,
      opened: (flow) => flow.close(1013, 'Too many'),
      closed(flow, reason) {
        isClosed = true;
        heard.closed(flow, reason);
      },
    },
    { later },
  );
  const socket = await dialRaw(url);
  socket.write(Buffer.concat([clientFrame(0x89, 'ping'), clientFrame(0x88, '')]));
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(1);
  expect(isClosed).toBe(false);
  later.finish();
  await expect.poll(() => isClosed).toBe(true);
});

test('a peer that is known may be told to take turns again: what has come with its message waits, too', async () => {
  const heard = createEar();
  const later = new HeldWork();
  const { url } = await serve(
    {
      ...heard,
      opened: (flow) => flow.takesTurns(false),
      received(flow, message) {
        flow.takesTurns(true);
        heard.received(flow, message);
      },
    },
    { later },
  );
  const socket = await dialRaw(url);
  socket.write(Buffer.concat([clientFrame(0x81, 'one'), clientFrame(0x81, 'two')]));
  expect(await heard.frame()).toBe('one');
  expect(later.pieces).toHaveLength(1);
  later.finish();
  expect(await heard.frame()).toBe('two');
  socket.write(clientFrame(0x81, 'three'));
  await expect.poll(() => later.pieces.length, { interval: 1 }).toBe(1);
  later.finish();
  expect(await heard.frame()).toBe('three');
});

test('while a message of a stranger waits for its turn, the next ones are taken, as far as they are few, and heard after it', async () => {
  const heard = createEar();
  const later = new HeldWork();
  const { server, url } = await serve(heard, { later });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = await dialRaw(url);
  const [ours] = await accepted;
  for (const message of ['one', 'two', 'three']) {
    const before = ours.bytesRead;
    socket.write(clientFrame(0x81, message));
    await expect.poll(() => ours.bytesRead, { interval: 1 }).toBeGreaterThan(before);
  }
  expect([later.pieces.length, ours.isPaused()]).toEqual([1, false]);
  socket.write(Buffer.concat(Array<Buffer>(50).fill(clientFrame(0x81, 'x'.repeat(100)))));
  await expect.poll(() => ours.isPaused(), { interval: 1 }).toBe(true);
  later.finish();
  expect(ours.isPaused()).toBe(false);
  for (const message of ['one', 'two', 'three']) expect(await heard.frame()).toBe(message);
});

test('a message of a stranger that comes in a hundred pieces is looked at a few times', async () => {
  const heard = createEar();
  const later = new HeldWork();
  const { server, url } = await serve(heard, { later });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = await dialRaw(url);
  const [ours] = await accepted;
  const octets = clientFrame(0x81, 'x'.repeat(100));
  const before = ours.bytesRead;
  let looks = 0;
  for (const [at, octet] of octets.entries()) {
    socket.write(Buffer.of(octet));
    await expect.poll(() => ours.bytesRead - before, { interval: 1 }).toBe(at + 1);
    looks += later.pieces.length;
    later.finish();
  }
  expect(await heard.frame()).toBe('x'.repeat(100));
  expect(looks).toBeLessThan(8);
});

test('pings, pongs, fragments and keep-alives are told of as work, with the octets that they take', async () => {
  const heard = createEar();
  const stirred: number[] = [];
  const { url } = await serve({ ...heard, stirred: (_, octets) => void stirred.push(octets) });
  const socket = await dialRaw(url);
  const [ping, pong, text, fin] = [0x89, 0x8a, 0x01, 0x80];
  for (const first of [ping, pong, text, fin]) socket.write(clientFrame(first, 'hello'));
  expect(await heard.frame()).toBe('hellohello');
  socket.write(clientFrame(0x81, '\r\n\r\n'));
  socket.write(clientFrame(0x81, 'after'));
  expect(await heard.frame()).toBe('after');
  const frame = clientFrame(ping, 'hello').length;
  expect(stirred).toEqual([frame, frame, frame, frame, 4]);
});

test('a peer that was told to go, and pings on, has no answers', async () => {
  const heard = createEar();
  const { url } = await serve(heard);
  const socket = await dialRaw(url);
  heard.flows[0]?.close(1008, 'Bye');
  const answers: Buffer[] = [];
  socket.on('data', (octets: Buffer) => answers.push(octets));
  for (let count = 0; count < 20; count++) socket.write(clientFrame(0x89, 'hello'));
  socket.write(clientFrame(0x88, '\x03\xf0'));
  await heard.end();
  expect(Buffer.concat(answers).toString('latin1')).toBe('\x88\x05\x03\xf0Bye');
});

test('a peer whose frames wait for their turn is there', async () => {
  const heard = createEar();
  const later = new HeldWork();
  const { clock, url } = await serve(heard, { later });
  const socket = await dialRaw(url);
  socket.write(Buffer.concat(Array<Buffer>(30).fill(clientFrame(0x81, 'x'))));
  await expect.poll(() => later.pieces.length).toBe(1);
  await clock.advance(25_000);
  later.pieces[0]?.();
  await clock.advance(25_000);
  expect(heard.flows[0]?.open).toBe(true);
});

test('a flow that rests already, or that we have closed, is not to rest once more', async () => {
  const heard = createEar();
  const flows: OwnedFlow[] = [];
  const { clock, url } = await serve({ ...heard, opened: (flow) => void flows.push(flow) });
  const [resting, closing] = [dial(url), dial(url)];
  await Promise.all([once(resting, 'open'), once(closing, 'open')]);
  const timers = clock.pending;
  for (const ms of [1_000, 500]) flows[0]?.rest(ms);
  flows[1]?.close(4403, 'Bye');
  flows[1]?.rest(1_000);
  expect(clock.pending).toBe(timers + 1);
  await heard.end();
});

test('of many messages that come together, some are read before those of another peer, and the rest after them', async () => {
  const heard = createEar();
  const seen: string[] = [];
  const all = createMailbox<undefined>();
  const { url } = await serve({
    ...heard,
    received(flow, message) {
      seen.push(message);
      if (seen.length === 202) all.put(undefined);
      heard.received(flow, message);
    },
  });
  const [flood, other] = [dial(url), dial(url)];
  await Promise.all([once(flood, 'open'), once(other, 'open')]);
  const raw = (flood as unknown as { _socket: Socket })._socket;
  raw.cork();
  for (let at = 0; at < 200; at++) flood.send('flood');
  raw.uncork();
  other.send('other');
  flood.send('after');
  await all.take();
  expect(seen.filter((message) => message === 'flood')).toHaveLength(200);
  expect(seen.indexOf('other')).toBeLessThan(100);
  expect(seen.indexOf('after')).toBeGreaterThan(199);
});

test.for<[how: string, tellToGo: (flow: Flow, raw: Socket) => void]>([
  ['was told to go', (flow) => flow.close(1008, 'Too much')],
  ['has broken the protocol', (_, raw) => raw.write(Buffer.from([0x83, 0x80, 0, 0, 0, 0]))],
])('a peer that goes on sending after it %s is cut off', async ([, tellToGo]) => {
  const flows = createMailbox<Flow>();
  const { server, url } = await serve({ ...createEar(), opened: (flow) => flows.put(flow) });
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const socket = dial(url);
  await once(socket, 'open');
  const [[itsEnd], raw] = [await connected, (socket as unknown as { _socket: Socket })._socket];
  // What it is told does not reach it, so that it does not close.
  raw.pause();
  raw.on('error', () => undefined);
  const gone = once(itsEnd, 'close');
  tellToGo(await flows.take(), raw);
  const frame = Buffer.concat([Buffer.from([0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0]), Buffer.alloc(65_535)]);
  for (let sent = 0; sent < 64; sent++) raw.write(frame);
  await gone;
  expect(itsEnd.bytesRead).toBeLessThan(4 * frame.length);
});

/** A masked frame without a payload. */
const emptyFrame = (opcode: number): Buffer => Buffer.from([0x80 | opcode, 0x80, 0, 0, 0, 0]);
const [CLOSE, PING, PONG] = [8, 9, 10];

test.for<[how: string, end: (socket: WebSocket, raw: Socket) => void]>([
  ['ends the connection', (_, raw) => raw.end()],
  ['says that it closes, and ends the connection', (_, raw) => raw.end(emptyFrame(CLOSE))],
  ['is gone', (_, raw) => raw.destroySoon()],
])(
  'of a peer that sends a hundred messages and %s, each is heard before its flow is over',
  async ([, end]) => {
    const heard: string[] = [];
    const over = createMailbox<readonly string[]>();
    const { url } = await serve({
      opened: () => undefined,
      received: (_, message) => heard.push(message),
      closed: () => over.put([...heard]),
    });
    const socket = dial(url);
    await once(socket, 'open');
    const raw = (socket as unknown as { _socket: Socket })._socket;
    raw.cork();
    for (let at = 0; at < 100; at++) socket.send(String(at));
    end(socket, raw);
    raw.uncork();
    expect(await over.take()).toEqual(Array.from({ length: 100 }, (_, at) => String(at)));
  },
);

test('what is left of a peer that has gone in the middle of a flood ends nothing of others', async () => {
  const heard = createEar();
  const { url, failures } = await serve(heard);
  const flood = dial(url, { autoPong: false });
  await once(flood, 'open');
  const raw = (flood as unknown as { _socket: Socket })._socket;
  // From its first ping on, `ws` has the socket.
  raw.write(emptyFrame(PING));
  await once(flood, 'pong');
  raw.end(Buffer.concat([...Array<Buffer>(2_000).fill(emptyFrame(PONG)), emptyFrame(PING)]));
  await once(flood, 'close');
  const other = dial(url);
  await once(other, 'open');
  raw.destroy();
  for (let at = 0; at < 20; at++) other.send(String(at));
  for (let at = 0; at < 20; at++) expect(await heard.frame()).toBe(String(at));
  expect(failures).toEqual([]);
});
