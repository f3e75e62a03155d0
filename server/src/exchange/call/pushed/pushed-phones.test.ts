import { CALL_ID_HEADER, extensionNumber, type Language, NO_FORWARDS, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { keyOfInstance } from '../../registrar/contact.ts';
import { CallHouse, type Phone, refusalOf, terminalAt } from '../support/call-house.ts';

const answered = { kind: 'answered', sdp: 'answer', contact: 'sip:x@x' } as const;
const instanceOf = (number: string) => `urn:uuid:00000000-0000-4000-8000-000000000${number}`;
const pushable = (number: string) => ({ terminal: terminalAt(number), instance: instanceOf(number) });
/** The page of that phone opens: it registers. */
const wakes = (house: CallHouse, number: string): Phone =>
  house.register(number, keyOfInstance(instanceOf(number)), `sip:${number}@phone.invalid`);

/** A house where Ada has a phone, and the pages of these are closed. */
function houseWith(...closed: readonly string[]) {
  const house = new CallHouse();
  house.push.phones = closed.map(pushable);
  const ada = house.register('101');
  return { house, ada, dial: (number: string) => house.dial(ada, number) };
}

const wordOf = (house: CallHouse): string => house.push.told('rings').at(-1)?.word ?? '';

test('a phone whose page is closed is told who calls, rings once a person can see it, and answers as soon as its page is there', async () => {
  const { house, dial } = houseWith('102');
  const caller = dial('102');
  expect(house.push.sent).toMatchObject([
    {
      to: pushable('102'),
      notice: {
        kind: 'rings',
        phone: '102',
        from: { number: '101', name: 'Ada' },
        callee: null,
        organization: 'o',
      },
    },
  ]);
  const [notice] = house.push.told('rings');
  expect(caller.labelled).toEqual([CALL_ID_HEADER, notice?.call]);
  await house.clock.advance(7_000);
  expect(caller.told('progress')).toEqual([]);
  expect(house.calls.pushAnswered(wordOf(house), 'ringing')).toBe(true);
  expect(caller.told('progress')).toEqual([{ kind: 'progress', status: 180 }]);

  await house.clock.advance(10_000);
  wakes(house, '102');
  expect(house.rung.invitation).toMatchObject({ sdp: 'offer of the caller', from: { displayName: 'Ada' } });
  house.rung.says(answered);
  await house.clock.advance(0);
  expect(caller.told('answer')).toEqual([{ kind: 'answer', sdp: 'answer' }]);
  expect(house.push.told('over')).toEqual([]);
  expect(house.calls.pushAnswered(wordOf(house), 'declined')).toBe(false);
});

test('a phone that does not wake within 8 s costs the caller no more, and hears of the call if it is found later', async () => {
  const { house, dial } = houseWith('102');
  dial('102');
  await house.clock.advance(7_999);
  expect(house.deposits).toEqual([]);
  await house.clock.advance(1);
  expect(house.deposits).toEqual([['101', '102', 'offline']]);
  expect(house.push.told('over')).toMatchObject([{ why: 'missed', phone: '102', from: { number: '101' } }]);
  expect(house.calls.pushAnswered(wordOf(house), 'ringing')).toBe(false);
  expect(house.store.records).toMatchObject([
    { result: 'offline', attempts: [{ number: '102', rangAt: null, result: 'offline' }] },
  ]);
});

test('a phone that rings does so for as long as any other', async () => {
  const { house, dial } = houseWith('102');
  dial('102');
  house.calls.pushAnswered(wordOf(house), 'ringing');
  await house.clock.advance(24_999);
  expect(house.deposits).toEqual([]);
  await house.clock.advance(1);
  expect(house.deposits).toEqual([['101', '102', 'no-answer']]);
  expect(house.push.told('over')).toMatchObject([{ why: 'missed' }]);
});

test('the phone is told how long it rings at most, so that it ends it by itself where it hears no more', () => {
  const { house, dial } = houseWith('102', '103', '104');
  const set = (number: string, seconds: number) => {
    const extension = house.directory.byNumber(number);
    const unanswered = { to: extensionNumber('101'), seconds };
    if (extension !== undefined)
      house.directory.set({ ...extension, forwards: { ...NO_FORWARDS, unanswered } });
  };
  set('103', 40);
  set('104', 10);
  for (const number of ['102', '103', '104']) dial(number);
  expect(house.push.told('rings').map(({ phone, ringsFor }) => [phone, ringsFor])).toEqual([
    ['102', 25_000],
    ['103', 40_000],
    ['104', 25_000],
  ]);
});

test('a push service that takes nothing costs the caller nothing, and the phone is told no more', async () => {
  const { house, dial } = houseWith('102');
  house.push.taken = false;
  dial('102');
  await house.clock.advance(0);
  expect(house.deposits).toEqual([['101', '102', 'offline']]);
  expect(house.push.told('over')).toEqual([]);
});

test('declined from the notification: the caller goes on, and the phone, which knows, is told nothing', async () => {
  const { house, dial } = houseWith('102');
  dial('102');
  const word = wordOf(house);
  expect(house.calls.pushAnswered('guess', 'declined')).toBe(false);
  expect(house.calls.pushAnswered(word, 'declined')).toBe(true);
  expect(house.deposits).toEqual([['101', '102', 'declined']]);
  expect(house.calls.pushAnswered(word, 'declined')).toBe(false);
  await house.clock.advance(60_000);
  expect(house.push.told('over')).toEqual([]);
});

test('other phones ring at once; where one of them answers, the closed one is told so', async () => {
  const { house, dial } = houseWith('102');
  const laptop = house.register('102', keyOfInstance('urn:uuid:another'));
  dial('102');
  expect(house.ringing).toEqual([laptop.binding.contact]);
  expect(house.push.told('rings')).toHaveLength(1);
  house.rung.says(answered);
  await house.clock.advance(0);
  expect(house.push.told('over')).toMatchObject([{ why: 'elsewhere' }]);
});

test('two closed phones of one person are woken: the one that answers is told nothing, the other that it was answered elsewhere', async () => {
  const { house, dial } = houseWith('102');
  const tablet = { ...pushable('102'), instance: 'urn:uuid:00000000-0000-4000-8000-000000000777' };
  house.push.phones = [pushable('102'), tablet];
  dial('102');
  const rings = house.push.sent.filter(({ notice }) => notice.kind === 'rings');
  expect(rings.map(({ to }) => to)).toEqual([pushable('102'), tablet]);
  for (const { word } of house.push.told('rings')) house.calls.pushAnswered(word, 'ringing');
  wakes(house, '102');
  house.rung.says(answered);
  await house.clock.advance(0);
  const over = house.push.sent.filter(({ notice }) => notice.kind === 'over');
  expect(over).toMatchObject([{ to: tablet, notice: { why: 'elsewhere' } }]);
  await house.clock.advance(60_000);
  expect([house.push.told('over').length, house.deposits]).toEqual([1, []]);
});

test('where others ring on, nothing is said to a phone that did not wake: it may have been answered by then', async () => {
  const { house, dial } = houseWith('102');
  house.register('102', keyOfInstance('urn:uuid:another'));
  dial('102');
  await house.clock.advance(9_000);
  house.rung.says(answered);
  await house.clock.advance(0);
  expect(house.push.told('over')).toEqual([]);
});

test('declining on one phone leaves the others ringing, and one that declines as busy leaves the closed one its time', async () => {
  const { house, dial } = houseWith('102');
  house.register('102', keyOfInstance('urn:uuid:another'));
  const caller = dial('102');
  house.rung.says({ kind: 'failed', status: 486 });
  await house.clock.advance(0);
  expect(caller.state).toBe('early');
  expect(house.deposits).toEqual([]);
  house.calls.pushAnswered(wordOf(house), 'declined');
  expect(house.deposits).toHaveLength(1);
});

test('a phone whose page is open is sent nothing, and one that is asleep is', async () => {
  const { house, dial } = houseWith('102');
  const ben = wakes(house, '102');
  dial('102');
  expect(house.push.sent).toEqual([]);
  house.sleeps(ben);
  expect(house.push.told('rings')).toHaveLength(1);
  expect(house.ringing).toEqual([]);
  expect(house.deposits).toEqual([]);
  house.sleeps(ben, false);
  expect(house.ringing).toEqual([ben.binding.contact]);
  const another = houseWith('102');
  another.house.sleeps(wakes(another.house, '102'));
  another.dial('102');
  expect(another.house.push.told('rings')).toHaveLength(1);
});

test('an emergency call rings on where the phone counts as asleep, and wakes it as well', async () => {
  const { house, dial } = houseWith('112');
  const help = wakes(house, '112');
  dial('112');
  house.sleeps(help);
  expect([house.push.told('rings').length, house.ringing]).toEqual([1, [help.binding.contact]]);
  await house.clock.advance(9_000);
  expect(house.ringing).toEqual([help.binding.contact]);
});

test('a phone that was woken in an emergency, and answers itself, is not told that another one has the call', async () => {
  const { house, dial } = houseWith('112');
  const help = wakes(house, '112');
  dial('112');
  const ownLeg = house.rung;
  for (const asleep of [true, false, true, false]) house.sleeps(help, asleep);
  expect(house.ringing).toEqual([help.binding.contact]);
  ownLeg.says({ kind: 'answered', sdp: 'answer of help', contact: help.binding.contact });
  await house.clock.advance(0);
  expect([house.push.told('rings').length, house.push.told('over')]).toEqual([2, []]);
});

test('a phone that has subscribed twice is woken once', () => {
  const { house, dial } = houseWith('102', '102');
  const ben = wakes(house, '102');
  dial('102');
  house.sleeps(ben);
  expect(house.push.told('rings')).toHaveLength(1);
});

test('the caller hangs up: the phone has missed a call', async () => {
  const { house, dial } = houseWith('102');
  dial('102').says({ kind: 'cancelled' });
  await house.clock.advance(0);
  expect(house.push.told('over')).toMatchObject([{ why: 'missed', at: house.clock.now() }]);
  expect(house.store.records).toMatchObject([{ result: 'cancelled' }]);
});

test('a withheld number stays withheld', () => {
  const { house, ada } = houseWith('102');
  house.dial(ada, '102', ['Privacy: id']);
  expect(house.push.told('rings')).toMatchObject([{ from: { number: 'anonymous', name: '' } }]);
});

test('while its owner is elsewhere the phone at home is silent, and the one where they are is told for whom it rings', () => {
  const { house, dial } = houseWith('102', '103');
  house.move({ 102: '103' });
  dial('102');
  expect(house.push.sent).toMatchObject([
    { to: pushable('103'), notice: { phone: '103', callee: { number: '102', name: 'Ben' } } },
  ]);
});

test('messages say in whose language to speak: of the person for whom it rings, or of the owner of the phone; and of the organization', async () => {
  const { house, dial } = houseWith('102', '103');
  const speak = (number: string, language: Language | null) => {
    const extension = house.directory.byNumber(number);
    if (extension !== undefined) house.directory.set({ ...extension, language });
  };
  house.languages.organization = 'ro';
  speak('103', 'fr');
  dial('102').says({ kind: 'cancelled' });
  house.move({ 102: '103' });
  dial('102').says({ kind: 'cancelled' });
  speak('102', 'de');
  dial('102').says({ kind: 'cancelled' });
  await house.clock.advance(0);
  const spoken = house.push.sent.map(({ notice: { kind, language, organizationLanguage } }) =>
    [kind, language, organizationLanguage].join(' '),
  );
  expect(spoken.toSorted()).toEqual([
    'over  ro',
    'over de ro',
    'over fr ro',
    'rings  ro',
    'rings de ro',
    'rings fr ro',
  ]);
});

test('a guest who leaves takes a ringing call along, and leaves no trace of it', async () => {
  const { house, dial } = houseWith('102', '103');
  house.move({ 102: '103' });
  const caller = dial('102');
  house.move({});
  await house.clock.advance(0);
  expect(house.push.sent.map(({ to, notice }) => [to.terminal, notice.kind])).toEqual([
    [terminalAt('103'), 'rings'],
    [terminalAt('102'), 'rings'],
    [terminalAt('103'), 'over'],
  ]);
  expect(house.push.told('over')).toMatchObject([{ phone: '103', why: 'moved' }]);
  caller.says({ kind: 'cancelled' });
  await house.clock.advance(0);
  expect(house.push.told('over').at(-1)).toMatchObject({ phone: '102', why: 'missed' });

  house.move({ 102: '103' });
  dial('102').says({ kind: 'cancelled' });
  await house.clock.advance(0);
  expect(house.push.told('over').at(-1)).toMatchObject({ phone: '103', why: 'moved' });
});

test('a call is sent on to a phone whose page is closed', async () => {
  const { house, ada } = houseWith('103');
  const ben = house.register('102');
  const [caller] = await house.connect(ada, '102');
  const referTo = { uri: 'sip:103@example.org', displayName: undefined, replaces: undefined };
  caller.says({ kind: 'refer', id: 1, referTo });
  expect(house.push.told('rings')).toMatchObject([{ phone: '103', from: { number: '102', name: 'Ben' } }]);
  wakes(house, '103');
  house.rung.says({ kind: 'progress', status: 180 });
  expect(caller.told('refer-progress')).toMatchObject([{ status: 180 }]);
  expect(ben.flow.open).toBe(true);
});

test('help is called at phones that are there; a closed one is woken beside them, and alone only where there is no other', () => {
  const alone = houseWith('112');
  const caller = alone.dial('112');
  expect(alone.house.push.told('rings')).toHaveLength(1);
  expect(refusalOf(caller)).toBeUndefined();

  const both = houseWith('112', '201');
  both.house.move({ 112: '201' });
  const home = both.house.register('112', keyOfInstance('urn:uuid:another'));
  both.dial('112');
  expect(both.house.ringing).toEqual([home.binding.contact]);
});

test.for(['112', '201'])(
  'help is called at its desk and at home where both have to be woken; it rings where a phone is there first, here that of %s',
  async (first) => {
    const { house, dial } = houseWith('112', '201');
    house.move({ 112: '201' });
    const caller = dial('112');
    expect(house.push.told('rings').map(({ phone }) => phone)).toEqual(['201', '112']);
    const there = wakes(house, first);
    expect(house.ringing).toEqual([there.binding.contact]);
    expect(house.calls.views(terminalAt(first))).toMatchObject([{ state: 'ringing' }]);
    const other = first === '112' ? '201' : '112';
    await house.clock.advance(7_000);
    expect(caller.state).toBe('early');
    house.rung.says(answered);
    await house.clock.advance(0);
    expect(caller.told('answer')).toHaveLength(1);
    expect(house.push.told('over').map(({ phone }) => phone)).toContain(other);
    caller.says({ kind: 'ended', by: 'peer' });
    expect(house.store.records.at(-1)?.callee).toMatchObject({ terminal: terminalAt(first) });
  },
);

test('phones of other terminals are sent nothing', () => {
  const { house, dial } = houseWith('103');
  house.push.phones = [...house.push.phones, { terminal: terminalId('x'), instance: instanceOf('102') }];
  dial('102');
  expect(house.push.sent).toEqual([]);
  expect(house.deposits).toEqual([['101', '102', 'offline']]);
});
