import { callId, type CallId, type ExtensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { SipMessage } from '../../sip/message/message.ts';
import { parseMessage } from '../../sip/message/parse.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { demoDirectory, idOf, terminalAt } from '../call/support/call-house.ts';
import { LadderDesk } from './ladder-desk.ts';
import { KEPT_MS, LadderShelf } from './ladder-shelf.ts';
import { Ladders } from './ladders.ts';
import { LeftOut } from './left-out.ts';

const [CALL, OTHER] = ['call-1', 'call-2'].map(callId) as [CallId, CallId];

interface Written {
  readonly callId?: string;
  readonly cseq?: string;
  readonly from?: string;
  readonly to?: string;
  readonly fields?: readonly string[];
  readonly body?: string;
}

function frame(
  start: string,
  { callId: id = 'a', cseq, from, to, fields = [], body = '' }: Written = {},
): string {
  const method = start.startsWith('SIP/2.0') ? 'INVITE' : start.slice(0, start.indexOf(' '));
  return [
    start,
    'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1',
    `From: <sip:${from ?? '101'}@example.org>;tag=1`,
    `To: <sip:${to ?? '102'}@example.org>`,
    `Call-ID: ${id}`,
    `CSeq: ${cseq ?? `1 ${method}`}`,
    ...fields,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

function message(text: string): SipMessage {
  const parsed = parseMessage(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.message;
}

const sdp = (direction = 'sendrecv'): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=ice-pwd:hush\r\na=${direction}\r\n`;

function house({ octets, live = [] }: { readonly octets?: number; readonly live?: readonly string[] } = {}) {
  const clock = new VirtualClock();
  const directory = demoDirectory();
  const shelf = new LadderShelf(octets);
  const board = shelf.board();
  const where = {
    // 101 is on 201's terminal.
    speaksFor: (terminal: string): ExtensionId | undefined =>
      idOf(terminal === terminalAt('201') ? '101' : terminal.slice('phone-'.length)),
  };
  const ladders = new Ladders({ clock, directory, where, board });
  ladders.restored();
  const desk = new LadderDesk({ ladders, directory, userAgent: { callIds: () => new Set(live) } });
  return {
    ...{ clock, directory, shelf, board, ladders, desk },
    hears: (number: string, start: string, written?: Written) =>
      ladders.heard(terminalAt(number), message(frame(start, written))),
    sends: (number: string, start: string, written?: Written) =>
      ladders.sent(terminalAt(number), frame(start, written)),
  };
}

const INVITE = 'INVITE sip:102@example.org SIP/2.0';

test('the messages of both legs, in their order, with what each has to say of the sound', async () => {
  const { clock, ladders, desk, hears, sends } = house({ live: ['b'] });
  hears('201', INVITE, { body: sdp() });
  ladders.joined('a', CALL);
  ladders.joined('b', CALL);
  sends('102', 'INVITE sip:102@phone.invalid SIP/2.0', { callId: 'b', body: sdp() });
  await clock.advance(40);
  hears('102', 'SIP/2.0 200 OK', { callId: 'b', body: sdp() });
  sends('102', 'ACK sip:102@phone.invalid SIP/2.0', { callId: 'b' });
  sends('201', 'SIP/2.0 200 OK', { body: sdp() });
  hears('201', 'ACK sip:perch@example.org SIP/2.0');
  await clock.advance(960);
  hears('201', INVITE, { cseq: '2 INVITE', body: sdp('sendonly') });
  sends('201', 'SIP/2.0 200 OK', { cseq: '2 INVITE', body: sdp('recvonly') });
  hears('201', INVITE, { cseq: '3 INVITE', body: sdp('inactive') });
  sends('201', 'SIP/2.0 491 Request Pending', { cseq: '3 INVITE' });
  hears('201', INVITE, { cseq: '4 INVITE', body: sdp() });
  // Offered without a description: the answer has the offer, and the ACK the answer.
  sends('102', INVITE, { callId: 'b', cseq: '2 INVITE' });
  hears('102', 'SIP/2.0 200 OK', { callId: 'b', cseq: '2 INVITE', body: sdp() });
  sends('102', 'ACK sip:102@phone.invalid SIP/2.0', { callId: 'b', cseq: '2 ACK', body: sdp() });

  const ladder = desk.ladder(CALL, null);
  if (ladder === null || typeof ladder === 'string') throw new Error('there is no ladder');
  const { legs, messages, startedAt, ...rest } = ladder;
  expect(rest).toEqual({ id: CALL, live: true, dialled: '102' });
  expect(legs).toEqual([
    {
      ...{ calls: true, callId: 'a', left: 0 },
      party: { number: '101', name: 'Ada', desk: { number: '201', name: 'Front desk' } },
    },
    { calls: false, callId: 'b', left: 0, party: { number: '102', name: 'Ben', desk: null } },
  ]);
  const told = messages.map(({ at, leg, sent, method, status, sdp: kind, hold }) =>
    [at - startedAt, `${sent ? 'to' : 'from'} ${leg}`, status ?? method, kind, hold].filter(
      (one) => one !== null,
    ),
  );
  expect(told).toEqual([
    [0, 'from 0', 'INVITE', 'offer'],
    [0, 'to 1', 'INVITE', 'offer'],
    [40, 'from 1', 200, 'answer'],
    [40, 'to 1', 'ACK'],
    [40, 'to 0', 200, 'answer'],
    [40, 'from 0', 'ACK'],
    [1_000, 'from 0', 'INVITE', 'offer', 'held'],
    [1_000, 'to 0', 200, 'answer'],
    [1_000, 'from 0', 'INVITE', 'offer'],
    [1_000, 'to 0', 491],
    [1_000, 'from 0', 'INVITE', 'offer', 'resumed'],
    [1_000, 'to 1', 'INVITE'],
    [1_000, 'from 1', 200, 'offer'],
    [1_000, 'to 1', 'ACK', 'answer'],
  ]);
  expect(messages.every(({ text }) => !text.includes('hush'))).toBe(true);
});

test('a leg that goes from one call to another is in both', () => {
  const { ladders, desk, hears } = house();
  hears('101', INVITE);
  ladders.joined('a', CALL);
  ladders.joined('a', OTHER);
  ladders.joined('a', OTHER);
  for (const id of [CALL, OTHER]) expect(desk.ladder(id, null)).toMatchObject({ legs: [{ callId: 'a' }] });
});

test('what has nothing to do with a call is not kept, nor is what another phone sends with the same Call-ID', () => {
  const { ladders, desk, shelf, hears, sends } = house();
  hears('101', 'REGISTER sip:example.org SIP/2.0', { callId: 'r' });
  sends('101', 'SIP/2.0 200 OK', { callId: 'r', cseq: '1 REGISTER' });
  hears('101', 'OPTIONS sip:example.org SIP/2.0', { callId: 'o' });
  expect([desk.list(null).ladders, shelf.size]).toEqual([[], 0]);
  hears('101', INVITE);
  hears('102', 'BYE sip:101@example.org SIP/2.0');
  ladders.joined('a', CALL);
  expect(desk.ladder(CALL, null)).toMatchObject({ messages: [{ method: 'INVITE' }] });
});

test('an answer has the Call-ID as the phone has written it', () => {
  const { desk, ladders, hears } = house();
  hears('101', INVITE);
  ladders.sent(terminalAt('101'), frame('SIP/2.0 100 Trying').replace('Call-ID: a', 'i :  a'));
  ladders.sent(terminalAt('101'), frame('SIP/2.0 486 Busy Here').replace('Call-ID: a', 'Call-ID:  a '));
  const [line] = desk.list(null).ladders;
  expect(line).toMatchObject({ id: 'leg-1', messages: 3, status: 486, live: false });
  expect(desk.ladder('leg-1', null)).toMatchObject({ messages: [{}, { status: 100 }, { status: 486 }] });
});

test('of one leg so many messages are kept, and it is known how many are not', async () => {
  const { clock, ladders, desk, shelf, hears } = house();
  hears('101', INVITE);
  ladders.joined('a', CALL);
  for (let cseq = 2; cseq <= 1_000; cseq++)
    hears('101', 'INFO sip:102@example.org SIP/2.0', { cseq: `${String(cseq)} INFO` });
  const kept = () => {
    const ladder = desk.ladder(CALL, null);
    if (ladder === null || typeof ladder === 'string') throw new Error('there is no ladder');
    return [ladder.messages.length, ladder.messages[0]?.method, ladder.legs[0]?.left];
  };
  expect(kept()).toEqual([300, 'INVITE', 700]);
  // What comes in its time is kept, in the place of the oldest.
  for (let nth = 1; nth <= 50; nth++) {
    await clock.advance(1_000);
    hears('101', 'INFO sip:102@example.org SIP/2.0', { cseq: `${String(1_000 + nth)} INFO` });
  }
  expect(kept()).toEqual([300, 'INFO', 750]);
  // Long ones count as several.
  for (let nth = 0; nth < 1_000; nth++)
    hears('101', 'INFO sip:102@example.org SIP/2.0', { fields: [`Subject: ${'x'.repeat(10_000)}`] });
  expect(shelf.size).toBeLessThanOrEqual(512 * 1024);
});

test('of a server with very many calls a part is kept, each of them whole', async () => {
  const { clock, ladders, desk, hears, sends } = house();
  const call = (nth: number) => {
    const [id, to] = [callId(`call-${String(nth)}`), `to-${String(nth)}`];
    hears('101', INVITE, { callId: `from-${String(nth)}` });
    ladders.joined(`from-${String(nth)}`, id);
    ladders.joined(to, id);
    sends('102', INVITE, { callId: to });
    return desk.ladder(id, null);
  };
  for (let nth = 1; nth <= 200; nth++) expect(call(nth)).toMatchObject({ legs: [{}, {}] });
  expect(desk.list(null).leftOut).toBeNull();
  for (let nth = 201; nth <= 300; nth++) expect(call(nth)).toBe('left-out');
  const { leftOut } = desk.list(null, '104');
  expect(leftOut).toEqual({ calls: 100, lastAt: clock.now() });
  await clock.advance(1_000);
  expect([301, 302].map(call)).toMatchObject([{ legs: [{}, {}] }, { legs: [{}, {}] }]);
});

test('a call that was under way at a restart shows what follows', () => {
  const { clock, directory, board } = house();
  const where = { speaksFor: (): ExtensionId => idOf('101') };
  const ladders = new Ladders({ clock, directory, where, board });
  ladders.joined('a', CALL);
  ladders.restored();
  ladders.heard(terminalAt('101'), message(frame('BYE sip:102@example.org SIP/2.0')));
  expect(ladders.of(CALL)).toMatchObject([{ messages: [{ isSent: false }] }]);
});

test('all together take no more than their room: those that have been silent for longest go first', async () => {
  const { clock, ladders, desk, shelf, hears } = house({ octets: 512 * 1024 });
  const fields = [`Subject: ${'x'.repeat(1_000)}`];
  hears('101', INVITE, { callId: 'long', fields });
  ladders.joined('long', CALL);
  const update = 'UPDATE sip:102@example.org SIP/2.0';
  for (let nth = 2; nth <= 5_000; nth++) {
    hears('101', INVITE, { callId: `call-${String(nth)}`, fields });
    if (nth % 100 !== 0) continue;
    await clock.advance(20_000);
    hears('101', update, { callId: 'long', cseq: `${String(nth)} UPDATE` });
  }
  expect(shelf.size).toBe(512 * 1024);
  const [latest] = desk.list(null).ladders;
  expect(latest?.id).toBe('leg-5000');
  expect(desk.ladder('leg-3000', null)).toBeNull();
  // Of a long call there is what was said last.
  expect(desk.ladder(CALL, null)).toMatchObject({ legs: [{ left: expect.toSatisfy((left) => left > 0) }] });
  hears('101', INVITE, { callId: 'one-more' });
  hears('101', update, { callId: 'long' });
  expect(desk.ladder(CALL, null)).toBeNull();
});

test('an hour after its last message nothing of a call is kept', async () => {
  const { clock, ladders, desk, hears } = house();
  hears('101', INVITE);
  ladders.joined('a', CALL);
  await clock.advance(KEPT_MS);
  expect(desk.ladder(CALL, null)).not.toBeNull();
  await clock.advance(1);
  expect([desk.ladder(CALL, null), desk.list(null).ladders]).toEqual([null, []]);
  // Another call has its place now, and what comes late does not bring it back.
  hears('102', INVITE, { callId: 'next' });
  hears('101', 'BYE sip:102@example.org SIP/2.0', { cseq: '2 BYE' });
  expect(desk.list(null).ladders.map(({ id }) => id)).toEqual(['leg-2']);
});

test('of a deleted desk nothing is kept, nor of anyone who was there', () => {
  const { directory, desk, hears } = house();
  hears('201', INVITE);
  hears('103', INVITE, { callId: 'b' });
  directory.delete(idOf('201'));
  desk.extensionChanged(idOf('201'));
  expect(desk.list(null).ladders.map(({ id }) => id)).toEqual(['leg-2']);
});

test('the latest two hundred are listed', async () => {
  const { clock, desk, hears } = house();
  for (let nth = 1; nth <= 210; nth++) {
    hears('101', INVITE, { callId: `call-${String(nth)}` });
    await clock.advance(20);
  }
  const listed = desk.list(null).ladders;
  expect([listed.length, listed[0]?.id, listed.at(-1)?.id]).toEqual([200, 'leg-210', 'leg-11']);
});

test('what is said in a call keeps it, and a leg that has gone takes only itself along', async () => {
  const { clock, ladders, desk, hears, sends } = house();
  hears('101', INVITE);
  ladders.joined('a', CALL);
  sends('102', INVITE, { callId: 'b' });
  ladders.joined('b', CALL);
  sends('102', INVITE, { callId: 'b' });
  await clock.advance(KEPT_MS - 1_000);
  hears('102', 'BYE sip:101@example.org SIP/2.0', { callId: 'b' });
  await clock.advance(2_000);
  expect(desk.ladder(CALL, null)).toMatchObject({ legs: [{ callId: 'b' }] });
  hears('103', INVITE, { callId: 'next' });
  expect(ladders.of(CALL)).toMatchObject([{ callId: 'b' }]);
  expect(desk.list(null).ladders.map(({ id }) => id)).toEqual(['leg-3', CALL]);
});

test('of a deleted extension nothing is kept, whichever part it had, nor is what follows in its call', () => {
  const { directory, board, ladders, desk, hears, sends } = house();
  hears('101', INVITE);
  ladders.joined('a', CALL);
  sends('102', INVITE, { callId: 'b' });
  ladders.joined('b', CALL);
  hears('103', INVITE, { callId: 'dialled', from: '103' });
  hears('103', 'INVITE sip:104@example.org SIP/2.0', { callId: 'others', from: '103', to: '104' });
  directory.delete(idOf('102'));
  desk.extensionChanged(idOf('102'));
  hears('101', 'BYE sip:102@example.org SIP/2.0', { cseq: '2 BYE' });
  expect(desk.list(null).ladders.map(({ dialled }) => dialled)).toEqual(['104']);
  expect(board.frames.read(0, 100)).toBe('\0'.repeat(100));
  desk.extensionChanged(idOf('104'));
  expect(desk.list(null).ladders).toHaveLength(1);
});

test('a number that is withheld from an extension is not shown to its person', () => {
  const { ladders, desk, hears, sends } = house();
  hears('101', INVITE, { fields: ['Privacy: id'] });
  sends('102', INVITE, { callId: 'b', from: 'anonymous' });
  for (const id of ['a', 'b']) ladders.joined(id, CALL);
  expect([desk.ladder(CALL, idOf('102')), desk.list(idOf('102')).ladders]).toEqual(['withheld', []]);
  for (const reader of [null, idOf('101'), idOf('103')]) {
    expect(desk.ladder(CALL, reader)).toMatchObject({ id: CALL });
    expect(desk.list(reader).ladders).toHaveLength(1);
  }
});

test('a number stays withheld when the message that says so is kept no longer, and of whom it is not known after a restart', async () => {
  const { clock, directory, board, ladders, desk, hears, sends } = house();
  hears('101', INVITE, { fields: ['Privacy: id'] });
  sends('102', INVITE, { callId: 'b', from: 'anonymous' });
  for (const id of ['a', 'b']) ladders.joined(id, CALL);
  sends('102', INVITE, { callId: 'b', from: 'anonymous' });
  for (let nth = 1; nth <= 400; nth++) {
    await clock.advance(1_000);
    hears('101', 'INFO sip:102@example.org SIP/2.0', { cseq: `${String(nth)} INFO` });
  }
  expect([desk.ladder(CALL, idOf('102')), desk.list(idOf('102')).ladders]).toEqual(['withheld', []]);
  expect(desk.ladder(CALL, idOf('103'))).toMatchObject({ legs: [{ calls: true }, { calls: false }] });

  const where = { speaksFor: (terminal: string): ExtensionId => idOf(terminal.slice('phone-'.length)) };
  const after = new Ladders({ clock, directory, where, board });
  for (const id of ['a', 'b']) after.joined(id, CALL);
  after.restored();
  after.heard(terminalAt('101'), message(frame('INFO sip:102@example.org SIP/2.0')));
  after.sent(terminalAt('102'), frame('INFO sip:102@example.org SIP/2.0', { callId: 'b' }));
  const later = new LadderDesk({ ladders: after, directory, userAgent: { callIds: () => new Set() } });
  expect(later.ladder(CALL, idOf('102'))).toBe('withheld');
  expect(later.ladder(CALL, idOf('103'))).toMatchObject({ legs: [{ calls: true }, { calls: false }] });
});

test('a number that somebody else in a call has withheld is not shown to its caller either', () => {
  const { ladders, desk, hears } = house();
  hears('101', INVITE);
  hears('103', INVITE, { callId: 'b', fields: ['Privacy: id'] });
  for (const id of ['a', 'b']) ladders.joined(id, CALL);
  expect(desk.ladder(CALL, idOf('101'))).toBe('withheld');
});

test('the words of an answer are read as UTF-8', () => {
  const { desk, hears, sends } = house();
  hears('101', INVITE);
  sends('101', 'SIP/2.0 486 Occup\u00c3\u00a9');
  expect(desk.ladder('leg-1', null)).toMatchObject({ messages: [{}, { reason: 'Occupé' }] });
});

test('the list can be narrowed to an extension: the one that called, the one that was called, or the desk', () => {
  const { ladders, desk, hears, sends } = house();
  hears('201', INVITE);
  sends('102', INVITE, { callId: 'b' });
  for (const id of ['a', 'b']) ladders.joined(id, CALL);
  hears('103', 'INVITE sip:104@example.org SIP/2.0', { callId: 'c', from: '103', to: '104' });
  const found = (number: string) => desk.list(null, number).ladders.map(({ id }) => id);
  for (const number of ['101', '201', '102']) expect([number, found(number)]).toEqual([number, [CALL]]);
  expect([found('104'), found('112')]).toEqual([['leg-3'], []]);
});

test('a secret code that was dialled with a number is not shown as what was dialled', () => {
  const { desk, hears } = house();
  hears('201', 'INVITE sip:*3010147110815@example.org SIP/2.0', { to: '*3010147110815' });
  const [line] = desk.list(null).ladders;
  expect(line?.dialled).toBe('*30[removed]');
  expect(JSON.stringify(desk.ladder('leg-1', null))).not.toContain('47110815');
});

test('an organization that is flooded pushes nothing of another one out, neither messages nor legs', async () => {
  const { clock, directory, shelf, ladders, desk, hears, sends } = house({ octets: 1_024 * 1_024 });
  hears('101', INVITE);
  ladders.joined('a', CALL);
  sends('101', 'SIP/2.0 100 Trying');
  const where = { speaksFor: (): ExtensionId => idOf('101') };
  const flooded = new Ladders({ clock, directory, where, board: shelf.board() });
  flooded.restored();
  const fields = [`Subject: ${'x'.repeat(2_000)}`];
  for (let nth = 0; nth < 6_000; nth++) {
    flooded.heard(terminalAt('101'), message(frame(INVITE, { callId: `flood-${String(nth)}`, fields })));
    await clock.advance(20);
  }
  expect(shelf.size).toBe(1_024 * 1_024);
  expect([...flooded.latest()].length).toBeLessThan(5_000);
  expect(desk.ladder(CALL, null)).toMatchObject({ messages: [{}, { status: 100 }] });
});

test('of calls that began while too many did, the latest thousand are known, and how many there were in an hour', async () => {
  const calls = new LeftOut(2);
  const [first, second, third] = ['one', 'two', 'three'].map(callId) as [CallId, CallId, CallId];
  expect(calls.since(0)).toBeNull();
  for (const each of [first, first, second]) calls.add(each, 60_000);
  calls.add(third, 130_000);
  expect([first, second, third].map((each) => calls.has(each))).toEqual([false, true, true]);
  expect(calls.since(60_000)).toEqual({ calls: 3, lastAt: 130_000 });
  expect(calls.since(120_000)).toEqual({ calls: 1, lastAt: 130_000 });
  expect(calls.since(190_000)).toBeNull();
});

test('a long call whose first legs are gone is no call of which nothing was kept', async () => {
  const { clock, ladders, desk, hears } = house();
  hears('101', INVITE);
  ladders.joined('a', CALL);
  await clock.advance(KEPT_MS + 1);
  hears('102', INVITE, { callId: 'next' });
  ladders.joined('b', CALL);
  expect([desk.ladder(CALL, null), desk.list(null).leftOut]).toEqual([null, null]);
});
