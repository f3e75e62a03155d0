import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { smtpDelivery } from './smtp.ts';
import type { Patience, ReadyMail } from './smtp.ts';
import { startSmtpServer } from './support/smtp-server.ts';
import type { SmtpOptions } from './support/smtp-server.ts';
import { systemClock } from '../world/system-clock.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const from = { name: 'Perch, the phone', address: 'voicemail@example.org' };
const never = new AbortController().signal;
const octets = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));

const ready = (changes: Partial<ReadyMail> = {}): ReadyMail => ({
  to: 'ada@example.org',
  id: 'm1',
  letter: {
    subject: 'Message from Ben (102)',
    text: 'Ben called.\n',
  },
  recording: {
    fileName: 'Message from Ben (102).opus',
    content: Readable.from([octets.subarray(0, 30_000), octets.subarray(30_000)]),
  },
  ...changes,
});

async function start(options: SmtpOptions = {}) {
  const server = await startSmtpServer(options);
  closers.push(server.close);
  return server;
}

/** The octets of the attachment in a mail's source. */
function attachmentIn(source: string): Buffer {
  const [, base64 = ''] = /Content-Disposition: attachment[^]*?\r\n\r\n([^]*?)\r\n--/.exec(source) ?? [];
  return Buffer.from(base64, 'base64');
}

test('a mail arrives whole, with the recording as a file', async () => {
  const server = await start();
  expect(await smtpDelivery({ server: server.address, from }, systemClock)(ready(), never)).toEqual({
    kind: 'accepted',
  });
  const [mail] = server.received;
  expect(mail).toMatchObject({ from: 'voicemail@example.org', to: ['ada@example.org'] });
  expect(mail?.source).toMatch(/^From: "Perch, the phone" <voicemail@example\.org>\r$/m);
  expect(mail?.source).toMatch(/^To: ada@example\.org\r$/m);
  expect(mail?.source).toMatch(/^Subject: Message from Ben \(102\)\r$/m);
  expect(mail?.source).toMatch(/^Message-ID: <m1@example\.org>\r$/m);
  expect(mail?.source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(mail?.source).toMatch(/^Content-Type: audio\/ogg; name="Message from Ben \(102\)\.opus"\r$/m);
  expect(mail?.source).toContain('Ben called.');
  expect(attachmentIn(mail?.source ?? '')).toEqual(octets);
});

test.for([
  ['a recipient with a second header', { to: 'ada@example.org\r\nBcc: eve@example.org' }],
  ['two recipients in one', { to: 'ada@example.org, eve@example.org' }],
  ['a recipient with a command', { to: 'ada@example.org>\r\nRCPT TO:<eve@example.org' }],
] as const)('%s reaches no one else', async ([, changes]) => {
  const server = await start({ recipient: (address) => (address === 'ada@example.org' ? undefined : 550) });
  const delivery = await smtpDelivery({ server: server.address, from }, systemClock)(ready(changes), never);
  expect(delivery.kind).toBe('refused');
  expect(server.received).toEqual([]);
});

test.for([
  ['subject', { subject: 'Hello\r\nBcc: eve@example.org' }],
  ['file name', { fileName: 'a"\r\nBcc: eve@example.org\r\n\r\n.opus' }],
] as const)('a %s makes no header of its own', async ([, changes]) => {
  const server = await start();
  const { letter } = ready();
  await smtpDelivery({ server: server.address, from }, systemClock)(
    ready({ letter: { ...letter, ...changes } }),
    never,
  );
  expect(server.received[0]?.to).toEqual(['ada@example.org']);
  expect(server.received[0]?.source).not.toMatch(/^Bcc:/m);
});

test.for<[string, SmtpOptions, string]>([
  ['a recipient who is greylisted', { recipient: () => 450 }, 'put-off'],
  ['a recipient who is unknown', { recipient: () => 550 }, 'refused'],
  ['a mailbox that is full for now', { recipient: () => 452 }, 'put-off'],
  ['a mail that is to be sent again', { data: () => 451 }, 'put-off'],
  ['a mail that is too large', { data: () => 552 }, 'refused'],
  // For us to fix: the recipient may still get it.
  ['a sender who may not', { sender: () => 550 }, 'put-off'],
])('%s', async ([, options, kind]) => {
  const server = await start(options);
  const mail = ready();
  const delivery = await smtpDelivery({ server: server.address, from }, systemClock)(mail, never);
  expect(delivery).toEqual({ kind, error: expect.any(Error) });
  expect(mail.recording?.content.destroyed).toBe(true);
});

test('with an account, its password opens the server; a wrong one says nothing about the mail', async () => {
  const server = await start({ password: 'right' });
  const account = { user: 'perch', password: 'right' };
  const deliver = smtpDelivery({ server: { ...server.address, account }, from }, systemClock);
  expect((await deliver(ready(), never)).kind).toBe('accepted');
  const wrong = smtpDelivery(
    {
      server: { ...server.address, account: { ...account, password: 'wrong' } },
      from,
    },
    systemClock,
  );
  expect((await wrong(ready(), never)).kind).toBe('unreachable');
  expect(server.logins).toEqual(['perch:right', 'perch:wrong']);
});

test('a password is not sent in the clear to another machine', async () => {
  const server = await start({ password: 'right' });
  // This machine, by an address that could be another's.
  const address = { ...server.address, host: '0.0.0.0', account: { user: 'perch', password: 'right' } };
  expect((await smtpDelivery({ server: address, from }, systemClock)(ready(), never)).kind).toBe(
    'unreachable',
  );
  expect(server.connections).toBe(1);
  expect(server.logins).toEqual([]);
});

const impatient: Patience = { connectMs: 100, silenceMs: 100, wholeMs: 10_000 };

/** A server of another kind: each connection is for `talk`. */
async function listen(talk: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    closers.push(() => socket.destroy());
    talk(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, secure: false, account: undefined };
}

test('no server listens', async () => {
  const server = await startSmtpServer();
  await server.close();
  const mail = ready();
  expect((await smtpDelivery({ server: server.address, from }, systemClock)(mail, never)).kind).toBe(
    'unreachable',
  );
  expect(mail.recording?.content.destroyed).toBe(true);
});

test.for<[string, (socket: Socket) => void]>([
  ['says nothing', () => undefined],
  ['falls silent', (socket) => void socket.write('220 hello\r\n')],
  ['hangs up', (socket) => socket.destroy()],
  ['is no mail server', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
])('a server that %s is not waited for', async ([, talk]) => {
  const server = await listen(talk);
  expect((await smtpDelivery({ server, from }, systemClock, impatient)(ready(), never)).kind).toBe(
    'unreachable',
  );
});

test('a server that only drips data is not waited for either', async () => {
  const server = await listen((socket) => {
    socket.write('220 hello\r\n');
    const drip = setInterval(() => socket.write('250-and another thing\r\n'), 20);
    closers.push(() => clearInterval(drip));
  });
  const deliver = smtpDelivery({ server, from }, systemClock, { ...impatient, wholeMs: 300 });
  expect((await deliver(ready(), never)).kind).toBe('unreachable');
});

test('a delivery can be aborted', async () => {
  const stop = new AbortController();
  const server = await listen((socket) => {
    socket.write('220 hello\r\n');
    stop.abort();
  });
  const mail = ready();
  expect((await smtpDelivery({ server, from }, systemClock)(mail, stop.signal)).kind).toBe('unreachable');
  expect(mail.recording?.content.destroyed).toBe(true);
});

test('a recording that cannot be read to its end is not half a mail', async () => {
  const server = await start();
  const content = Readable.from(
    (async function* () {
      yield octets;
      throw new Error('EIO');
    })(),
  );
  const delivery = await smtpDelivery({ server: server.address, from }, systemClock)(
    ready({ recording: { fileName: 'Message.opus', content } }),
    never,
  );
  expect(delivery.kind).not.toBe('accepted');
  expect(server.received).toEqual([]);
});
