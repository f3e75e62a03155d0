import { CALL_ID_HEADER, extensionNumber } from '@perch/shared';
import { expect, test, vi } from 'vitest';
import type { FakeLeg } from '../../sip/user-agent/support/fake-leg.ts';
import { CallHouse, idOf, isOver, refusalOf, terminalAt } from './support/call-house.ts';

const progress = { kind: 'progress', status: 180 } as const;
const answered = (sdp = 'answer') => ({ kind: 'answered', sdp, contact: 'sip:x@x' }) as const;

test('a call is rung, answered, acknowledged and hung up', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  expect(house.rung.invitation).toMatchObject({
    sdp: 'offer of the caller',
    from: { displayName: 'Ada', uri: 'sip:101@example.org' },
    to: { displayName: 'Ben', uri: 'sip:102@example.org' },
  });
  house.rung.says(progress);
  expect(caller.told('progress')).toEqual([{ kind: 'progress', status: 180 }]);
  house.rung.says(answered());
  await house.clock.advance(0);
  expect(caller.told('answer')).toEqual([{ kind: 'answer', sdp: 'answer' }]);
  const reason = { protocol: 'Q.850', cause: 16 } as const;
  await house.clock.advance(60_000);
  caller.says({ kind: 'ended', by: 'peer', reason: { ...reason, text: 'words of the peer' } });
  expect(house.rung.told('end')).toEqual([{ kind: 'end', reason }]);
  expect(house.store.records).toMatchObject([
    {
      result: 'answered',
      dialled: '102',
      caller: { extension: idOf('101'), terminal: terminalAt('101'), number: '101', name: 'Ada', desk: null },
      callee: { extension: idOf('102'), terminal: terminalAt('102') },
      attempts: [{ number: '102', result: 'answered' }],
      endedBy: { number: '101', name: 'Ada' },
      reason: { ...reason, text: 'words of the peer' },
    },
  ]);
  const [record] = house.store.records;
  expect((record?.endedAt ?? 0) - (record?.answeredAt ?? 0)).toBe(60_000);
  expect(house.calls.size).toBe(0);
  expect(house.clock.pending).toBe(0);
});

test('the caller is the extension that speaks at the terminal, whatever the phone says of itself', () => {
  const house = new CallHouse();
  const [station] = [house.register('201'), house.register('102')];
  house.move({ 101: '201' });
  house.dial(station, '102');
  expect(house.rung.invitation?.from).toEqual({ displayName: 'Ada', uri: 'sip:101@example.org' });
});

test('early media of the callee never reaches the caller, who hears ringback once', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  for (const leg of house.userAgent.invited) leg.says({ kind: 'progress', status: 183, sdp: 'early' });
  expect(caller.told('progress')).toEqual([{ kind: 'progress', status: 180 }]);
});

test('the 200 goes out only when both dialogs are in storage', async () => {
  const house = new CallHouse();
  house.store.held = [];
  const [ada, ben] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.rung.says(answered());
  await house.clock.advance(1_000);
  expect(caller.told('answer')).toEqual([]);
  expect(house.store.saved).toMatchObject([
    {
      caller: { extension: idOf('101'), binding: ada.binding.key, dialog: { role: 'uas' } },
      callee: { extension: idOf('102'), binding: ben.binding.key, dialog: { role: 'uac' } },
    },
  ]);
  for (const last of house.store.held) last();
  await house.clock.advance(0);
  expect(caller.told('answer')).toHaveLength(1);
});

test('where the store fails, the call goes on but is not durable', async () => {
  const house = new CallHouse();
  house.store.failure = new Error('disk full');
  const [ada] = [house.register('101'), house.register('102')];
  const [caller] = await house.connect(ada, '102');
  expect(caller.told('answer')).toHaveLength(1);
  expect(house.errors).toMatchObject([{ call: expect.any(String) as unknown, cause: house.store.failure }]);
});

test('all browsers of a terminal ring; the first answer wins, the others are told why', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  const [first, second] = house.userAgent.invited;
  second?.says(answered('of the second'));
  await house.clock.advance(0);
  expect(first?.told('end')).toEqual([
    { kind: 'end', reason: { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' } },
  ]);
  expect(caller.told('answer')).toEqual([{ kind: 'answer', sdp: 'of the second' }]);
});

test('two answers: the second is hung up', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  for (const leg of house.userAgent.invited) leg.says(answered(`of ${leg.id}`));
  await house.clock.advance(0);
  expect(caller.told('answer')).toEqual([{ kind: 'answer', sdp: 'of outbound-1' }]);
});

test('the caller gives up while it rings', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  caller.says({ kind: 'cancelled' });
  expect(house.rung.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['cancelled']);
  expect(house.clock.pending).toBe(0);
});

test('CANCEL crosses the 200 while the answer is being stored: the callee is hung up', async () => {
  const house = new CallHouse();
  house.store.held = [];
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.rung.says(answered());
  caller.says({ kind: 'cancelled' });
  for (const last of house.store.held) last();
  await house.clock.advance(0);
  expect(house.rung.told('end')).toHaveLength(1);
  expect(caller.told('answer')).toEqual([]);
  expect(house.store.records).toMatchObject([{ result: 'cancelled', answeredAt: null }]);
});

test('the callee hangs up while the answer is being stored: the caller may leave a message', async () => {
  const house = new CallHouse();
  house.store.held = [];
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.rung.says(answered());
  house.rung.says({ kind: 'ended', by: 'peer' });
  for (const last of house.store.held) last();
  await house.clock.advance(0);
  expect(house.deposits).toEqual([['101', '102', 'declined']]);
  expect(caller.told('answer')).toEqual([]);
  expect(house.calls.views(terminalAt('102'))).toEqual([]);
  caller.says({ kind: 'cancelled' });
  expect(house.calls.size).toBe(0);
});

test.for<readonly [what: string, statuses: readonly number[], outcome: string]>([
  ['one is busy, one does not answer its INVITE', [486, 408], 'busy'],
  ['both are busy', [486, 486], 'busy'],
  ['one declines in person, one is busy', [480, 486], 'declined'],
  ['both give up by themselves', [408, 408], 'no-answer'],
])('%s: the caller may leave a message', ([, statuses, outcome]) => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  for (const [index, failed] of statuses.entries()) {
    expect(house.deposits).toEqual([]);
    house.userAgent.invited[index]?.says({ kind: 'failed', status: failed });
  }
  expect(refusalOf(caller)).toBeUndefined();
  expect(house.deposits).toEqual([['101', '102', outcome]]);
  expect(house.store.outcomes).toEqual([outcome]);
});

test('a caller whose media do not fit is refused: there would be nothing to record', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.userAgent.invited[0]?.says({ kind: 'failed', status: 488 });
  house.userAgent.invited[1]?.says({ kind: 'failed', status: 503 });
  expect(refusalOf(caller)?.[0]).toBe(488);
  expect(house.deposits).toEqual([]);
});

test('603 of one browser declines for all, and leaves no message', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  const [first, second] = house.userAgent.invited;
  first?.says({ kind: 'failed', status: 603 });
  expect([house.deposits, house.store.outcomes]).toEqual([[], ['refused']]);
  expect(refusalOf(caller)).toEqual([603, 'Declined']);
  expect(second?.told('end')).toHaveLength(1);
});

test('302 of one browser sends the caller to the mailbox at once, and no other phone rings any more', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  const [first, second] = house.userAgent.invited;
  first?.says({ kind: 'failed', status: 302 });
  expect([house.deposits, house.store.outcomes]).toEqual([[['101', '102', 'declined']], ['declined']]);
  expect(refusalOf(caller)).toBeUndefined();
  expect(second?.told('end')).toHaveLength(1);
});

test('486 of one browser lets the others ring', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.userAgent.invited[0]?.says({ kind: 'failed', status: 486 });
  expect(refusalOf(caller)).toBeUndefined();
  expect(house.ringing).toHaveLength(1);
});

test('a call is not answered within 25 s', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  await house.clock.advance(24_999);
  expect(refusalOf(caller)).toBeUndefined();
  await house.clock.advance(1);
  expect(house.deposits).toEqual([['101', '102', 'no-answer']]);
  expect(house.rung.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['no-answer']);
});

test('a second call rings a phone that is in one', async () => {
  const house = new CallHouse();
  const [ada, ben, chloe] = [house.register('101'), house.register('102'), house.register('103')];
  await house.connect(ada, '102');
  house.dial(chloe, '102');
  expect(house.ringing).toEqual([ben.binding.contact]);
});

test.for<readonly [string, number, string, string]>([
  ['105', 404, 'no-such-number', 'no-such-number'],
  ['*98', 404, 'no-such-code', 'no-such-code'],
  ['911', 503, 'not-available', 'no-emergency-route'],
])('%s cannot be reached: the caller is told in words, then %i', ([dialled, status, prompt, outcome]) => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('201')];
  house.move({ 104: '201' });
  house.dial(ada, dialled);
  const namesTheNumber = prompt === 'not-available';
  const utterance = namesTheNumber ? [{ digits: dialled }, { prompt }] : [{ prompt }];
  expect(house.announced).toEqual([
    [utterance, { status, reason: expect.objectContaining({ protocol: 'Q.850' }) as unknown }],
  ]);
  expect(house.store.records).toMatchObject([{ result: outcome, dialled, answeredAt: null }]);
});

test.for<readonly [string, string]>([
  ['103', 'offline'],
  ['201', 'desk-in-use'],
  ['102', 'homeless'],
  ['104', 'base-offline'],
])('%s cannot be reached: the caller may leave a message (%s)', ([dialled, reason]) => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  house.move({ 104: '201', 112: '102' });
  house.dial(ada, dialled);
  expect(house.deposits).toEqual([['101', dialled, reason]]);
  expect(house.store.records).toMatchObject([{ result: reason, dialled, answeredAt: null }]);
});

test('a suspended number has no mailbox for callers', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  house.suspend('102');
  house.dial(ada, '102');
  expect(house.deposits).toEqual([]);
  expect(house.announced).toMatchObject([
    [[{ digits: '102' }, { prompt: 'not-available' }], { status: 480 }],
  ]);
});

test('an unanswered emergency call is never sent to a mailbox', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('112')];
  const caller = house.dial(ada, '112');
  await house.clock.advance(25_000);
  expect(house.deposits).toEqual([]);
  expect(refusalOf(caller)).toEqual([480, 'No answer']);
});

test('*97 is the mailbox of the extension that speaks; a locked terminal has none', () => {
  const house = new CallHouse();
  const [ada, station] = [house.register('101'), house.register('201')];
  house.move({ 101: '201' });
  house.dial(station, '*97');
  expect(house.visits).toEqual([terminalAt('201')]);
  house.dial(ada, '*97');
  expect(house.visits).toHaveLength(1);
  expect(house.announced).toMatchObject([[[{ prompt: 'phone-locked' }], { status: 403 }]]);
});

test('an extension that dials its own number reaches its mailbox', () => {
  const house = new CallHouse();
  const [ada, station] = [house.register('101'), house.register('201')];
  house.dial(ada, '101');
  house.move({ 101: '201' });
  house.dial(station, '101');
  expect(house.visits).toEqual([terminalAt('101'), terminalAt('201')]);
});

test('a locked terminal is told so, except for *30 and emergencies', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('112')];
  house.move({ 101: '201' });
  house.dial(ada, '102');
  expect(house.announced).toMatchObject([[[{ prompt: 'phone-locked' }], { status: 403 }]]);
  house.dial(ada, '*30');
  expect(house.centers).toEqual([[terminalAt('101'), undefined]]);
  house.dial(ada, '112');
  expect(house.rung.invitation?.from.uri).toBe('sip:101@example.org');
});

test('an emergency call keeps its terminal as it is until it is over', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('112')];
  const caller = house.dial(ada, '112');
  expect(house.emergencies).toEqual([terminalAt('101')]);
  caller.says({ kind: 'cancelled' });
  expect(house.emergencies).toEqual([]);
});

test('an emergency call comes from the terminal: its number, its place, and who speaks there', () => {
  const house = new CallHouse();
  const [station] = [house.register('201'), house.register('112')];
  house.move({ 101: '201' });
  house.dial(station, '112');
  expect(house.rung.invitation?.from).toEqual({ displayName: 'Ada, Front desk', uri: 'sip:201@example.org' });
});

test('help calls back for an hour', async () => {
  const house = new CallHouse();
  const [station, help] = [house.register('201'), house.register('112')];
  house.move({ 101: '201' });
  house.dial(station, '112').says({ kind: 'cancelled' });
  house.dial(help, '201');
  expect(house.ringing).toEqual([station.binding.contact]);
  await house.clock.advance(60 * 60_000 + 1);
  house.dial(help, '201');
  expect(house.store.outcomes.at(-1)).toBe('desk-in-use');
});

test('help calls back at the number that is set for a phone; where nothing rings there, and at its own number, the phone rings', () => {
  const house = new CallHouse();
  const [station, help] = [house.register('201'), house.register('112')];
  const front = house.directory.byNumber('201');
  if (front === undefined) throw new Error('the station is missing');
  house.directory.set({ ...front, callBack: '104' });
  house.dial(station, '112').says({ kind: 'cancelled' });
  const dial = (number: string): readonly string[] => {
    const call = house.dial(help, number);
    const rings = house.ringing;
    call.says({ kind: 'cancelled' });
    return rings;
  };
  const { contact } = station.binding;
  expect([dial('104'), dial('201')]).toEqual([[contact], [contact]]);
  const dev = house.register('104');
  expect([dial('104'), dial('201')]).toEqual([[dev.binding.contact], [contact]]);
});

/** A station from which help has been called, which shows 104 for calling back, and the answer point. */
function helpCalled() {
  const house = new CallHouse();
  const [station, help, dev] = [house.register('201'), house.register('112'), house.register('104')];
  const front = house.directory.byNumber('201');
  if (front === undefined) throw new Error('the station is missing');
  house.directory.set({ ...front, callBack: '104' });
  house.dial(station, '112').says({ kind: 'cancelled' });
  return { house, station, help, dev };
}

test('help that calls back reaches the phone from which it was called, where nobody answers at the number for that', async () => {
  const { house, station, help, dev } = helpCalled();
  const call = house.dial(help, '104');
  expect(house.ringing).toEqual([dev.binding.contact]);
  await house.clock.advance(25_000);
  expect(house.ringing).toEqual([station.binding.contact]);
  house.rung.says(answered());
  await house.clock.advance(0);
  call.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records.at(-1)).toMatchObject({
    result: 'answered',
    attempts: [
      { number: '104', result: 'no-answer' },
      { number: '201', result: 'answered' },
    ],
  });
});

test.each([
  ['declines', 603],
  ['is busy', 486],
  ['sends callers to the mailbox', 302],
])('so it is where the person there %s', (_, status) => {
  const { house, station, help } = helpCalled();
  house.dial(help, '104');
  house.rung.says({ kind: 'failed', status });
  expect(house.ringing).toEqual([station.binding.contact]);
  expect(house.deposits).toEqual([]);
});

test('so it is, and the record says so, where the number for calling back cannot be reached', async () => {
  const { house, station, help, dev } = helpCalled();
  await house.loseFlow(dev);
  const call = house.dial(help, '104');
  expect(house.ringing).toEqual([station.binding.contact]);
  house.rung.says(answered());
  await house.clock.advance(0);
  call.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records.at(-1)).toMatchObject({
    result: 'answered',
    attempts: [
      { number: '104', result: 'offline' },
      { number: '201', result: 'answered' },
    ],
  });
});

test('nothing that people have set for their calls holds help back that calls them', async () => {
  const { house, station, help, dev } = helpCalled();
  house.register('103');
  for (const number of ['104', '201']) {
    const extension = house.directory.byNumber(number);
    if (extension === undefined) throw new Error('the extension is missing');
    const to = extensionNumber('103');
    const forwards = { always: to, busy: to, unanswered: { to, seconds: 5 }, unreachable: to };
    house.directory.set({ ...extension, doNotDisturb: true, forwards });
  }
  const call = house.dial(help, '104');
  expect(house.ringing).toEqual([dev.binding.contact]);
  await house.clock.advance(25_000);
  expect(house.ringing).toEqual([station.binding.contact]);
  await house.clock.advance(25_000);
  expect([house.ringing, refusalOf(call), house.deposits]).toEqual([[], [480, 'No answer'], []]);
});

test('help that calls a phone back keeps ringing there, also while somebody moves', () => {
  const { house, station, help } = helpCalled();
  house.dial(help, '201');
  house.move({ 102: '201' });
  expect(house.ringing).toEqual([station.binding.contact]);
});

test('help that calls back is not sent on to a mailbox either', async () => {
  const { house, help } = helpCalled();
  const [, callee] = await house.connect(help, '104');
  callee.says({
    kind: 'refer',
    id: 1,
    referTo: { displayName: undefined, uri: 'sip:102@example.org', replaces: undefined },
  });
  expect([house.joined, house.deposits, callee.told('refuse-refer').length]).toEqual([[], [], 1]);
});

test('help that calls back is never sent to a mailbox, and told that nobody answers', async () => {
  const { house, help } = helpCalled();
  const called = [house.dial(help, '104'), house.dial(help, '201')];
  await house.clock.advance(50_000);
  expect(called.map(refusalOf)).toEqual([
    [480, 'No answer'],
    [480, 'No answer'],
  ]);
  house.dial(help, '102');
  expect(house.deposits.map(([, dialled]) => dialled)).toEqual(['102']);
});

test('an emergency call keeps ringing when the answer point moves to where it cannot be reached', () => {
  const house = new CallHouse();
  const [ada, help] = [house.register('101'), house.register('112')];
  house.dial(ada, '112');
  house.move({ 112: '203' });
  expect(house.ringing).toEqual([help.binding.contact]);
});

test('an emergency call keeps ringing a phone that counts as asleep: it may only be slow to answer', async () => {
  const house = new CallHouse();
  const [ada, help] = [house.register('101'), house.register('112')];
  const caller = house.dial(ada, '112');
  house.rung.says(progress);
  house.sleeps(help);
  expect(house.ringing).toEqual([help.binding.contact]);
  house.rung.says(answered());
  await house.clock.advance(0);
  expect(caller.told('answer')).toHaveLength(1);
});

test('help that calls back rings a phone that counts as asleep, and goes on ringing one that falls asleep', () => {
  const { house, help, station } = helpCalled();
  house.dial(help, '201');
  house.sleeps(station);
  expect(house.ringing).toEqual([station.binding.contact]);
  const asleep = helpCalled();
  asleep.house.sleeps(asleep.station);
  asleep.house.dial(asleep.help, '201');
  expect(asleep.house.ringing).toEqual([asleep.station.binding.contact]);
});

test('eleven emergency calls ring at once', () => {
  const house = new CallHouse();
  house.register('112');
  for (let call = 0; call < 11; call += 1) house.dial(house.register('101'), '112');
  expect(house.ringing).toHaveLength(11);
  expect(house.announced).toEqual([]);
});

test('a number in another domain does not exist', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  house.dial(ada, '102@example.com');
  expect(house.store.outcomes).toEqual(['no-such-number']);
  expect(house.userAgent.invited).toEqual([]);
});

test('move while ringing: withdrawn from the old terminal, rings at the new one, the caller does not notice', async () => {
  const house = new CallHouse();
  const [ada, ben, station] = [house.register('101'), house.register('102'), house.register('201')];
  const caller = house.dial(ada, '102');
  house.rung.says(progress);
  expect(house.ringing).toEqual([ben.binding.contact]);
  await house.clock.advance(20_000);
  house.move({ 102: '201' });
  expect(house.ringing).toEqual([station.binding.contact]);
  expect(house.rung.invitation?.to.uri).toBe('sip:102@example.org');
  await house.clock.advance(20_000);
  house.rung.says(progress);
  house.rung.says(answered());
  await house.clock.advance(0);
  expect(caller.commands.map(({ kind }) => kind)).toEqual(['progress', 'answer']);
  expect(house.store.saved).toMatchObject([{ callee: { terminal: terminalAt('201') } }]);
});

test('move while ringing, to a terminal without phones: the caller may leave a message', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  house.dial(ada, '102');
  house.move({ 104: '102' });
  expect(house.ringing).toEqual([]);
  expect(house.deposits).toEqual([['101', '102', 'homeless']]);
  expect(house.store.outcomes).toEqual(['homeless']);
});

test('move while ringing, of another extension: nothing happens', () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102'), house.register('201')];
  house.dial(ada, '102');
  house.move({ 104: '201' });
  expect(house.ringing).toEqual([ben.binding.contact]);
  expect(house.userAgent.invited).toHaveLength(1);
});

test('another extension moves onto the home terminal: an awaited phone elsewhere stays awaited', async () => {
  const house = new CallHouse();
  const [ada, station] = [house.register('101'), house.register('201')];
  house.move({ 102: '201' });
  house.dial(ada, '102');
  house.rung.says(progress);
  await house.loseFlow(station);
  house.rung.says({ kind: 'failed', status: 503 });
  house.move({ 102: '201', 103: '102' });
  const back = house.register('201', station.binding.key, 'sip:anew@phone.invalid');
  expect(house.store.outcomes).toEqual([]);
  expect(house.ringing).toEqual([back.binding.contact]);
});

test('a live call is neither cut nor re-attributed when its extensions move', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102'), house.register('201')];
  const [caller, callee] = await house.connect(ada, '102');
  house.move({ 101: '201', 104: '101', 102: '103' });
  expect([caller.told('end'), callee.told('end')]).toEqual([[], []]);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records).toMatchObject([
    {
      caller: { extension: idOf('101'), terminal: terminalAt('101') },
      callee: { terminal: terminalAt('102') },
    },
  ]);
});

test('a browser that opens while its terminal rings rings, too', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  house.dial(ada, '102');
  const late = house.register('102');
  expect(house.ringing).toContain(late.binding.contact);
  expect(house.ringing).toHaveLength(2);
});

test('a phone that reconnects while it rings is called anew on its new flow, the dead leg withdrawn', async () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  const dead = house.rung;
  dead.says(progress);
  await house.loseFlow(ben);
  dead.says({ kind: 'failed', status: 503 });
  expect(refusalOf(caller)).toBeUndefined();
  const back = house.register('102', ben.binding.key, ben.binding.contact);
  expect(house.rung.target.flow).toBe(back.flow);
  house.rung.says(answered());
  await house.clock.advance(0);
  expect(caller.told('answer')).toHaveLength(1);
});

test('a phone that reconnects before its old flow is missed rings once', () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  house.dial(ada, '102');
  const old = house.rung;
  house.register('102', ben.binding.key, ben.binding.contact);
  expect(old.told('end')).toHaveLength(1);
  expect(house.ringing).toHaveLength(1);
});

test('a call whose only phone falls asleep while it rings goes on to the mailbox at once, and leaves the phone', () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  house.dial(ada, '102');
  house.rung.says(progress);
  house.sleeps(ben);
  expect(house.deposits).toEqual([['101', '102', 'offline']]);
  expect(house.rung.told('end')).toMatchObject([{ reason: { text: 'The phone is asleep' } }]);
});

test('a phone that is asleep is not rung, and its callers go on at once', () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  house.sleeps(ben);
  house.dial(ada, '102');
  expect([house.ringing, house.deposits]).toEqual([[], [['101', '102', 'offline']]]);
});

test('while one phone of a terminal sleeps, the others ring; one that wakes rings, too', () => {
  const house = new CallHouse();
  const [ada, ben, other] = [house.register('101'), house.register('102'), house.register('102')];
  house.dial(ada, '102');
  house.sleeps(ben);
  expect([house.ringing, house.deposits]).toEqual([[other.binding.contact], []]);
  house.sleeps(ben, false);
  expect(house.ringing).toEqual([other.binding.contact, ben.binding.contact]);
});

test('a phone that falls asleep in a call stays in it', async () => {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  const legs = await house.connect(ada, '102');
  house.sleeps(ben);
  house.sleeps(ada);
  await house.clock.advance(60_000);
  expect(legs.map((leg) => leg.told('end'))).toEqual([[], []]);
});

/** Ada calls Ben, whose only phone rings and loses its flow. */
async function lost(dialled = '102', onBase: Readonly<Record<string, string>> = {}) {
  const house = new CallHouse();
  house.move(onBase);
  const [ada, phone] = [house.register('101'), house.register(onBase[dialled] ?? dialled)];
  house.dial(ada, dialled);
  house.rung.says(progress);
  await house.loseFlow(phone);
  house.rung.says({ kind: 'failed', status: 503 });
  return { house, phone };
}

test('a phone that loses its flow while it rings, and stays away, is waited for as long as a reload takes', async () => {
  const { house } = await lost();
  await house.clock.advance(5_999);
  expect(house.deposits).toEqual([]);
  await house.clock.advance(1);
  expect(house.deposits).toEqual([['101', '102', 'offline']]);
  expect(house.store.outcomes).toEqual(['offline']);
  expect(house.clock.pending).toBe(0);
});

test('a phone that is lost while it rings for a guest: the base is offline', async () => {
  const { house } = await lost('102', { 102: '201' });
  await house.clock.advance(6_000);
  expect(house.deposits).toEqual([['101', '102', 'base-offline']]);
  expect(house.store.outcomes).toEqual(['base-offline']);
});

test('a page that is reloaded while it rings goes on ringing, for as long as before', async () => {
  const { house, phone } = await lost();
  await house.clock.advance(3_000);
  const back = house.register('102', phone.binding.key, 'sip:anew@phone.invalid');
  await house.clock.advance(21_999);
  expect(house.ringing).toEqual([back.binding.contact]);
  await house.clock.advance(1);
  expect(house.deposits).toEqual([['101', '102', 'no-answer']]);
});

test('a call rings as long as one phone of the terminal rings', async () => {
  const house = new CallHouse();
  const [ada, first, second] = [house.register('101'), house.register('102'), house.register('102')];
  house.dial(ada, '102');
  const [one] = house.userAgent.invited;
  one?.says(progress);
  await house.loseFlow(first);
  one?.says({ kind: 'failed', status: 503 });
  await house.clock.advance(24_999);
  expect(house.ringing).toEqual([second.binding.contact]);
});

test('an emergency call keeps ringing when its only phone is lost', async () => {
  const { house, phone } = await lost('112');
  await house.clock.advance(20_000);
  expect(house.store.outcomes).toEqual([]);
  const back = house.register('112', phone.binding.key, 'sip:anew@phone.invalid');
  expect(house.ringing).toEqual([back.binding.contact]);
});

test('a transfer whose target loses its only phone comes back to the referrer, if there is no mailbox', async () => {
  const house = new CallHouse();
  house.serves = false;
  const [ada, chloe] = [house.register('101'), house.register('103'), house.register('102')];
  const [referrer] = await house.connect(ada, '102');
  const referTo = { uri: 'sip:103@example.org', displayName: undefined, replaces: undefined };
  referrer.says({ kind: 'refer', id: 1, referTo });
  const target = house.rung;
  target.says(progress);
  await house.loseFlow(chloe);
  target.says({ kind: 'failed', status: 503 });
  await house.clock.advance(6_000);
  expect(referrer.told('refer-progress').map(({ status }) => status)).toEqual([180, 480]);
});

test('the caller reconnects while it rings: its INVITE went with the flow', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  house.register('101', ada.binding.key, ada.binding.contact);
  expect(house.ringing).toEqual([]);
  expect(caller.told('end')).toHaveLength(1);
  expect(house.store.outcomes).toEqual(['cancelled']);
});

test('pages see a call from either side, from its first moment to its last', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const caller = house.dial(ada, '102');
  const [adaParty, benParty] = [
    { number: '101', name: 'Ada' },
    { number: '102', name: 'Ben' },
  ];
  const views = () => [house.calls.views(terminalAt('101')), house.calls.views(terminalAt('102'))].flat();
  expect(views()).toMatchObject([
    { state: 'calling', direction: 'outgoing', as: adaParty, with: benParty },
    { state: 'ringing', direction: 'incoming', as: benParty, with: adaParty },
  ]);
  expect(house.changed).toEqual([terminalAt('101'), terminalAt('102')]);
  house.rung.says(answered());
  await house.clock.advance(0);
  expect(views().map(({ state }) => state)).toEqual(['talking', 'talking']);
  caller.says({ kind: 'offered', sdp: 'm=audio 9\r\na=sendonly\r\n', method: 'INVITE' });
  house.rung.says({ kind: 'offer-answered', sdp: 'm=audio 9\r\na=recvonly\r\n' });
  expect(views().map(({ hold }) => hold)).toEqual([
    { here: true, there: false },
    { here: false, there: true },
  ]);
  caller.says({ kind: 'offered', sdp: 'm=audio 9\r\na=sendrecv\r\n', method: 'INVITE' });
  house.rung.says({ kind: 'offer-answered', sdp: 'm=audio 9\r\na=sendrecv\r\n' });
  expect(views()).toMatchObject([
    { state: 'talking', hold: { here: false, there: false } },
    { state: 'talking', hold: { here: false, there: false } },
  ]);
  house.changed.length = 0;
  caller.says({ kind: 'ended', by: 'peer' });
  expect(views()).toEqual([]);
  expect(house.changed).toEqual([terminalAt('101'), terminalAt('102')]);
});

test('a party that calls or talks is busy; one whose phone only rings is not', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const busy = () => ['101', '102'].filter((number) => house.calls.busy(idOf(number)));
  const caller = house.dial(ada, '102');
  expect(busy()).toEqual(['101']);
  house.rung.says(answered());
  await house.clock.advance(0);
  expect(busy()).toEqual(['101', '102']);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(busy()).toEqual([]);
  expect(house.busyChanges).toEqual([idOf('101'), idOf('102'), idOf('101'), idOf('102')]);
});

test('no one stays busy with a call whose end runs into an error', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const [caller, callee] = await house.connect(ada, '102');
  const end = vi.spyOn(callee, 'end').mockImplementation(() => {
    throw new Error('this leg cannot be ended');
  });
  expect(() => {
    caller.says({ kind: 'ended', by: 'peer' });
  }).toThrow('cannot be ended');
  expect(end).toHaveBeenCalledOnce();
  expect(['101', '102'].map((number) => house.calls.busy(idOf(number)))).toEqual([false, false]);
  expect(house.calls.size).toBe(0);
});

test('nothing is left of a call that has ended, whatever its legs still report', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const [caller, callee] = await house.connect(ada, '102');
  callee.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect([isOver(caller), isOver(callee)]).toEqual([true, true]);
  expect(house.store.outcomes).toEqual(['answered']);
  expect(house.clock.pending).toBe(0);
  expect(house.calls.size).toBe(0);
});

/** The call id that a leg was told. */
const idOn = ({ labelled }: FakeLeg) => (labelled?.[0] === CALL_ID_HEADER ? labelled[1] : undefined);

test('both phones of a call are told its id, and pages know it by the same one', async () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const [caller, callee] = await house.connect(ada, '102');
  const [view] = house.calls.views(terminalAt('101'));
  expect(view?.id).toMatch(/./);
  expect([idOn(caller), idOn(callee), house.calls.views(terminalAt('102'))[0]?.id]).toEqual(
    Array(3).fill(view?.id),
  );
  expect(house.store.saved).toMatchObject([{ id: view?.id }]);
  caller.says({ kind: 'ended', by: 'peer' });
  expect(house.store.records[0]?.id).toBe(view?.id);
});

test('a call that the server answers has an id as well; one that goes to the mailbox keeps its own', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const ids = [house.dial(ada, '*30101'), house.dial(ada, '*97'), house.dial(ada, '999')].map(idOn);
  expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(3);
  const caller = house.dial(ada, '102');
  const id = idOn(caller);
  house.rung.says({ kind: 'failed', status: 486 });
  expect(house.deposits).toHaveLength(1);
  expect(idOn(caller)).toBe(id);
});

test.for([
  ['*30101', { number: '*30101', name: '' }],
  ['*97', { number: '*97', name: '' }],
  ['999', { number: '999', name: '' }],
  ['102', { number: '102', name: 'Ben' }],
] as const)('a call to %s that the server takes is a call like others', ([dialled, other]) => {
  const house = new CallHouse();
  const ada = house.register('101');
  const leg = house.dial(ada, dialled);
  expect([house.calls.size, house.calls.busy(idOf('101'))]).toEqual([1, true]);
  const view = { id: idOn(leg), direction: 'outgoing', with: other, as: { number: '101', name: 'Ada' } };
  expect(house.calls.views(terminalAt('101'))).toMatchObject([{ ...view, state: 'calling' }]);
  expect(house.calls.views(terminalAt('102'))).toEqual([]);
  leg.answer('the answer of the server');
  leg.says({ kind: 'acknowledged' });
  expect(house.calls.views(terminalAt('101'))).toMatchObject([{ ...view, state: 'talking' }]);
  leg.says({ kind: 'ended', by: 'peer' });
  expect([house.calls.size, house.calls.busy(idOf('101'))]).toEqual([0, false]);
  expect(house.calls.views(terminalAt('101'))).toEqual([]);
  expect(house.changed).toEqual(Array(3).fill(terminalAt('101')));
  expect(house.busyChanges).toEqual([idOf('101'), idOf('101')]);
});

test('a call that goes to the mailbox stays one call: its caller is busy all the time, its callee leaves it', () => {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  const leg = house.dial(ada, '102');
  house.rung.says({ kind: 'failed', status: 486 });
  expect([house.calls.size, house.deposits.length]).toEqual([1, 1]);
  expect(house.calls.views(terminalAt('101'))).toMatchObject([{ id: idOn(leg), with: { name: 'Ben' } }]);
  expect(house.calls.views(terminalAt('102'))).toEqual([]);
  expect(house.busyChanges).toEqual([idOf('101')]);
  leg.says({ kind: 'cancelled' });
  expect([house.calls.size, house.calls.busy(idOf('101'))]).toEqual([0, false]);
  expect(house.busyChanges).toEqual([idOf('101'), idOf('101')]);
});

test('a service that refuses a call at once leaves none behind', () => {
  const house = new CallHouse();
  const ada = house.register('101');
  house.serves = false;
  house.dial(ada, '*97');
  expect([house.calls.size, house.changed, house.busyChanges]).toEqual([0, [], []]);
});
