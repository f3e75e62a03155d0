import { connect } from 'node:net';
import { once } from 'node:events';
import { api } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  token = (await server.enrol('101')).token;
});
afterEach(() => server.close());

const MESSAGE = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const ONE = `/api/terminal/voicemail/messages/${MESSAGE}`;
const WAVE = Buffer.from('RIFF and so on');
const MOST = api.replaceGreeting.upload.most;

const bearer = (body?: unknown, shown = token) => ({ body, headers: { authorization: `Bearer ${shown}` } });
const sound = (body: Buffer, type = 'audio/wav') => ({
  body,
  headers: { authorization: `Bearer ${token}`, 'content-type': type },
});
const mailboxes = () => server.exchanges.only.mailboxes;

function receive(from = { number: '102', name: 'Ben' }): void {
  const at = Date.UTC(2026, 1, 3, 4, 5, 6);
  const message = { id: MESSAGE, from, at, durationMs: 4_000, reason: 'no-answer', heard: false } as const;
  mailboxes().receive(message, Buffer.from('OggS'));
}

const VOICEMAIL = Object.values(api)
  .filter(({ path }) => path.startsWith('/api/terminal/voicemail'))
  .map((endpoint) => ({
    request: `${endpoint.method} ${endpoint.path.replace(':message', MESSAGE)}`,
    message: endpoint.path.includes(':message'),
  }));

test.for(VOICEMAIL)('$request is for enrolled browsers only, administrators or not', async ({ request }) => {
  for (const authorization of ['', 'Bearer', 'Bearer guess', 'Basic Ym9zczpib3Nz'])
    expect(await server.refusal(request, { body: { nonsense: true }, headers: { authorization } })).toBe(
      '401 terminal-unknown',
    );
});

test.for(VOICEMAIL)('$request is refused to a suspended extension', async ({ request }) => {
  await server.call('PATCH /api/extensions/101', { body: { suspended: true } });
  expect(await server.refusal(request, bearer({ nonsense: true }))).toBe('403 extension-suspended');
});

test.for(VOICEMAIL.filter(({ request }) => !request.startsWith('GET')))(
  '$request is not for pages of others',
  async ({ request }) => {
    const headers = { ...bearer().headers, origin: 'https://evil.test' };
    expect(await server.refusal(request, { headers })).toBe('403 cross-origin');
  },
);

test.for(VOICEMAIL.filter(({ message }) => message))(
  '$request is not found with a malformed id',
  async ({ request }) => {
    for (const id of ['1', '..%2f..%2fperch.db', `${MESSAGE}x`, '%00', '__proto__']) {
      const answered = await server.refusal(request.replace(MESSAGE, id), bearer({ heard: true }));
      expect([id, answered]).toEqual([id, '404 not-found']);
    }
  },
);

test('the token of a phone cannot manage anything', async () => {
  server.signedOut();
  const path = 'PUT /api/extensions/101/voicemail-pin';
  expect(await server.refusal(path, bearer({ pin: '4711' }))).toBe('401 not-signed-in');
});

/** The requests that show or change a mailbox, each with a valid body. */
const USES = [
  [`GET ${ONE}/recording`, undefined],
  [`PATCH ${ONE}`, { heard: true }],
  [`DELETE ${ONE}`, undefined],
  [`POST ${ONE}/restore`, undefined],
  ['GET /api/terminal/voicemail/greeting', undefined],
  ['DELETE /api/terminal/voicemail/greeting', undefined],
] as const;

test.for(USES)(
  '%s needs the PIN, an open phone, and an existing message or greeting',
  async ([request, body]) => {
    const given = bearer(body);
    expect(await server.refusal(request, given)).toBe('404 not-found');
    mailboxes().pin = '4711';
    receive();
    expect(await server.refusal(request, given)).toBe('403 pin-needed');
    mailboxes().locked = true;
    expect(await server.refusal(request, given)).toBe('409 phone-locked');
  },
);

test('one browser cannot keep the disk busy, and the others of its phone go on', async () => {
  receive();
  const other = (await server.enrol('101')).token;
  const mark = (shown: string) => server.call(`PATCH ${ONE}`, bearer({ heard: true }, shown));
  const flood = await Promise.all(Array.from({ length: 310 }, () => mark(token)));
  expect(flood.filter(({ status }) => status === 204)).toHaveLength(300);
  expect(flood.filter(({ status }) => status === 429)).toHaveLength(10);
  expect((await mark(other)).status).toBe(204);
});

test('a mailbox opens with the PIN, to this browser only, and the exchange never sees its token', async () => {
  receive();
  mailboxes().pin = '4711';
  const closed = await server.call('GET /api/terminal/voicemail', bearer());
  expect(closed.json).toMatchObject({ access: 'pin-needed', messages: [] });
  expect(closed.headers['cache-control']).toBe('no-store');
  const wrong = await server.refusal('POST /api/terminal/voicemail/unlock', bearer({ pin: '4712' }));
  expect(wrong).toBe('403 wrong-pin');

  const opened = await server.call('POST /api/terminal/voicemail/unlock', bearer({ pin: '4711' }));
  expect(opened.json).toMatchObject({ access: 'open', messages: [{ id: MESSAGE, reason: 'no-answer' }] });
  const other = (await server.enrol('101')).token;
  expect((await server.call('GET /api/terminal/voicemail', bearer(undefined, other))).json).toMatchObject({
    access: 'pin-needed',
  });
  const [browser] = mailboxes().unlocked;
  expect(browser).toMatch(/^[\w-]{43}$/);
  expect(browser).not.toBe(token);
});

test('a locked phone has no mailbox, with or without the PIN', async () => {
  mailboxes().locked = true;
  expect(await server.refusal('GET /api/terminal/voicemail', bearer())).toBe('409 phone-locked');
  expect(await server.refusal('POST /api/terminal/voicemail/unlock', bearer({ pin: '4711' }))).toBe(
    '409 phone-locked',
  );
});

const unlock = (pin: string, shown = token) =>
  server.refusal('POST /api/terminal/voicemail/unlock', bearer({ pin }, shown));

test('a browser with too many wrong PINs waits, and another one does not', async () => {
  mailboxes().pin = '4711';
  const guesses = await Promise.all(Array.from({ length: 9 }, () => unlock('4712')));
  expect(guesses.filter((answer) => answer === '403 wrong-pin')).toHaveLength(5);
  expect(mailboxes().tried).toBe(5);
  expect(await unlock('4711')).toBe('429 too-many-requests');
  // The same token in another spelling counts as the same browser.
  const headers = { authorization: `bearer   ${token}` };
  expect(await server.refusal('POST /api/terminal/voicemail/unlock', { body: { pin: '1' }, headers })).toBe(
    '429 too-many-requests',
  );
  const other = (await server.enrol('101')).token;
  expect(await unlock('4712', other)).toBe('403 wrong-pin');
});

test('many browsers of one address are limited together, and refused tries do not count towards that', async () => {
  mailboxes().pin = '4711';
  for (let count = 0; count < 40; count++) await unlock('4712');
  expect(mailboxes().tried).toBe(5);
  for (let browser = 0; browser < 5; browser++) {
    const other = (await server.enrol('101')).token;
    for (let count = 0; count < 5; count++) expect(await unlock('4712', other)).toBe('403 wrong-pin');
  }
  const last = (await server.enrol('101')).token;
  expect(await unlock('4711', last)).toBe('429 too-many-requests');
  expect(mailboxes().tried).toBe(30);
});

test('right PINs are never counted', async () => {
  mailboxes().pin = '4711';
  for (let count = 0; count < 12; count++)
    expect((await server.call('POST /api/terminal/voicemail/unlock', bearer({ pin: '4711' }))).status).toBe(
      200,
    );
});

test('a recording is an Ogg Opus file that browsers do not cache', async () => {
  receive();
  const { status, headers, text } = await server.call(`GET ${ONE}/recording`, bearer());
  expect([status, text]).toEqual([200, 'OggS']);
  expect(headers).toMatchObject({
    'content-type': 'audio/ogg',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-disposition': expect.stringMatching(
      /^attachment; filename="Voicemail from 102 Ben 2026-02-03 04\.05 UTC\.opus"; /,
    ),
  });
});

test.for(['Eve"\r\nX-Evil: 1', 'Zoë \uD83D', '../../\u202Eevil'])(
  'a caller called %j cannot spoil the answer',
  async (name) => {
    receive({ number: '103', name });
    const { status, headers } = await server.call(`GET ${ONE}/recording`, bearer());
    expect(status).toBe(200);
    expect(headers['x-evil']).toBeUndefined();
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="[ !#-[\]-~]+"; filename\*=UTF-8''[\w.~%!-]+$/,
    );
  },
);

test('a message is marked, deleted and restored', async () => {
  receive();
  const messages = async () =>
    ((await server.call('GET /api/terminal/voicemail', bearer())).json as { messages: object[] }).messages;
  expect((await server.call(`PATCH ${ONE}`, bearer({ heard: true }))).status).toBe(204);
  expect(await messages()).toMatchObject([{ heard: true }]);
  expect((await server.call(`DELETE ${ONE}`, bearer())).status).toBe(204);
  expect(await messages()).toEqual([]);
  expect((await server.call(`POST ${ONE}/restore`, bearer())).status).toBe(204);
  expect(await messages()).toMatchObject([{ id: MESSAGE }]);
  const unknown = ONE.replace(MESSAGE, UNKNOWN);
  expect(await server.refusal(`DELETE ${unknown}`, bearer())).toBe('404 not-found');
  expect(await server.refusal(`PATCH ${ONE}`, bearer({}))).toBe('400 invalid-request');
});

const GREETING = 'PUT /api/terminal/voicemail/greeting';

test.for(['audio/wav', 'audio/mpeg', 'audio/ogg; codecs=opus', 'Audio/X-Wav', 'application/octet-stream'])(
  'a file of type %s becomes the greeting, and can be played',
  async (type) => {
    const { status, json } = await server.call(GREETING, sound(WAVE, type));
    expect([status, json]).toMatchObject([200, { greeting: { durationMs: 20 } }]);
    const heard = await server.call('GET /api/terminal/voicemail/greeting', bearer());
    expect([heard.text, heard.headers['content-type']]).toEqual([WAVE.toString(), 'audio/ogg']);
    expect((await server.call('DELETE /api/terminal/voicemail/greeting', bearer())).status).toBe(204);
    expect((await server.call('GET /api/terminal/voicemail', bearer())).json).toMatchObject({
      greeting: null,
    });
  },
);

test.for([
  ['no sound', '422 unreadable-sound', 'audio/wav', 'MZ'],
  ['nothing', '422 unreadable-sound', 'audio/wav', ''],
  ['what a form sends', '415 wrong-file-type', 'multipart/form-data; boundary=x', 'RIFF'],
  ['text', '415 wrong-file-type', 'text/plain', 'RIFF'],
  ['JSON', '415 wrong-file-type', 'application/json', '{}'],
  ['a film', '415 wrong-file-type', 'video/audio/wav', 'RIFF'],
  ['of no type', '415 wrong-file-type', '', 'RIFF'],
] as const)('a file that is %s: %s', async ([, expected, type, body]) => {
  expect(await server.refusal(GREETING, sound(Buffer.from(body), type))).toBe(expected);
  expect(mailboxes().greetingPackets).toBeUndefined();
});

test('a request without a body has no sound', async () => {
  expect(await server.refusal(GREETING, bearer())).toBe('422 unreadable-sound');
});

test('a file as large as allowed is taken, and one octet more is not', async () => {
  const largest = Buffer.alloc(MOST);
  WAVE.copy(largest);
  expect((await server.call(GREETING, sound(largest))).status).toBe(200);
  expect(server.converted[0]).toHaveLength(MOST);
  expect(await server.refusal(GREETING, sound(Buffer.alloc(MOST + 1)))).toBe('413 file-too-large');
  expect(server.converted).toHaveLength(1);
});

test('sounds are accepted only by the operations that want one', async () => {
  const { status } = await server.call('PUT /api/terminal/voicemail/pin', sound(WAVE));
  expect(status).toBe(400);
});

test('a greeting that is refused is not converted', async () => {
  mailboxes().pin = '4711';
  expect(await server.refusal(GREETING, sound(WAVE))).toBe('403 pin-needed');
  mailboxes().locked = true;
  expect(await server.refusal(GREETING, sound(WAVE))).toBe('409 phone-locked');
  expect(server.converted).toEqual([]);
});

test('a guest who leaves while the file is being read leaves no greeting behind', async () => {
  server.meanwhile.converting = () => mailboxes().stay++;
  expect(await server.refusal(GREETING, sound(WAVE))).toBe('409 phone-locked');
  expect(mailboxes().greetingPackets).toBeUndefined();
});

test('a full disk is reported, and the old greeting stays', async () => {
  mailboxes().greetingPackets = [Buffer.from('before')];
  mailboxes().diskIsFull = true;
  expect(await server.refusal(GREETING, sound(WAVE))).toBe('507 disk-full');
  expect(mailboxes().greetingPackets).toEqual([Buffer.from('before')]);
});

/** The head of an upload over a real connection, and the first part of its body. */
async function beginUpload(port: number, fields: readonly string[], body: string | Buffer) {
  const arrived = once(server.http.app.server, 'request');
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = [
    'PUT /api/terminal/voicemail/greeting HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: audio/wav',
    ...fields,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(body);
  await arrived;
  return socket;
}

const statusOn = async (socket: Awaited<ReturnType<typeof beginUpload>>) => {
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString('latin1').split('\r\n')[0];
};

test('a phone sends one file at a time; a broken connection ends its turn', async () => {
  const port = await server.http.listen();
  const first = await beginUpload(port, ['Content-Length: 1000'], 'RIFF');
  // Requests have their turns in order: once a later one is answered, the upload has been taken.
  await fetch(`http://127.0.0.1:${String(port)}/healthz`);
  await expect.poll(() => server.refusal(GREETING, sound(WAVE))).toBe('429 too-many-requests');
  first.destroy();
  await expect.poll(async () => (await server.call(GREETING, sound(WAVE))).status).toBe(200);
  // The broken upload had no effect, and was not reported as an error of ours.
  expect(server.converted.every((file) => file.equals(WAVE))).toBe(true);
  expect(server.journal.filter((line) => line.startsWith('failed'))).toEqual([]);
});

test('a refused upload ends its turn', async () => {
  const port = await server.http.listen();
  for (let count = 0; count < 3; count++) {
    const socket = await beginUpload(port, [`Content-Length: ${MOST + 1}`], 'RIFF');
    expect(await statusOn(socket)).toBe('HTTP/1.1 413 Payload Too Large');
    socket.destroy();
    await expect.poll(async () => (await server.call(GREETING, sound(WAVE))).status).toBe(200);
  }
});

test('a body of unknown length is refused as soon as it is too long', async () => {
  const port = await server.http.listen();
  const piece = Buffer.alloc(MOST / 4 + 1);
  const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
  const socket = await beginUpload(port, ['Transfer-Encoding: chunked'], Buffer.concat([chunk, chunk]));
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([chunk, chunk]));
  expect(await statusOn(socket)).toBe('HTTP/1.1 413 Payload Too Large');
  expect(server.converted).toEqual([]);
  socket.destroy();
});

test('PIN and mail address are changed on a person’s own phone', async () => {
  const ada = server.extensionOf('101').id;
  const { extensions } = server.management;
  const pin = 'PUT /api/terminal/voicemail/pin';
  const mail = 'PUT /api/terminal/voicemail/mail';
  expect(await server.refusal(pin, bearer({ pin: '1234' }))).toBe('422 weak-code');
  expect((await server.call(pin, bearer({ pin: '4711' }))).status).toBe(204);
  expect(await server.exchanges.only.book.voicemailPins.verify(ada, '4711')).toBe(true);
  expect(await server.refusal(mail, bearer({ mailTo: 'ada' }))).toBe('400 invalid-request');
  expect((await server.call(mail, bearer({ mailTo: 'ada@demo.test' }))).status).toBe(204);
  expect(extensions.byId(ada)).toMatchObject({ voicemailMail: 'ada@demo.test', hasVoicemailPin: true });
  expect((await server.call(mail, bearer({ mailTo: null }))).status).toBe(204);
  expect(extensions.byId(ada)?.voicemailMail).toBeNull();
});

test.for([
  ['PUT /api/terminal/voicemail/pin', { pin: '4711' }],
  ['PUT /api/terminal/voicemail/mail', { mailTo: 'eve@evil.test' }],
] as const)('%s is refused to guests, open mailbox or not, and at stations', async ([request, body]) => {
  const before = server.extensionOf('101');
  mailboxes().pin = '2468';
  await server.call('POST /api/terminal/voicemail/unlock', bearer({ pin: '2468' }));
  expect(await server.refusal(request, bearer(body))).toBe('403 not-own-phone');
  mailboxes().pin = undefined;
  await server.call('POST /api/extensions', { body: { number: '201', name: 'Desk', kind: 'station' } });
  const station = (await server.enrol('201')).token;
  expect(await server.refusal(request, bearer(body, station))).toBe('403 not-own-phone');
  expect(server.extensionOf('101')).toEqual(before);
});

test('a server without mail takes no address', async () => {
  const other = await startTestServer({ canMail: false });
  await other.setUp();
  await other.call('POST /api/extensions', { body: { number: '101', name: 'Ada', kind: 'person' } });
  const given = bearer({ mailTo: 'ada@demo.test' }, (await other.enrol('101')).token);
  expect(await other.refusal('PUT /api/terminal/voicemail/mail', given)).toBe('409 no-mail');
  await other.close();
});
