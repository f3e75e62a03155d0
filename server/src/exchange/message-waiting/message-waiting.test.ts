import { expect, test } from 'vitest';
import { type RequestOptions, response } from '../../sip/user-agent/support/raw-phone.ts';
import { lampIn, LampHouse, terminalAt } from './support/lamp-house.ts';

const asking = (seconds: number) => `Event: message-summary\r\nExpires: ${String(seconds)}\r\n`;

test.for<[name: string, options: RequestOptions, answer: string]>([
  ['its own address', {}, '200 SUBSCRIBE'],
  [
    'its own address, another way to write it',
    { uri: 'SIP:%31%30%31@EXAMPLE.org;user=phone' },
    '200 SUBSCRIBE',
  ],
  ['its mailbox', { uri: 'sip:*97@example.org' }, '200 SUBSCRIBE'],
  ['its mailbox, escaped', { uri: 'sip:%2A97@example.org' }, '200 SUBSCRIBE'],
  ["a colleague's address", { uri: 'sip:102@example.org' }, '403 SUBSCRIBE'],
  ['an address that does not exist', { uri: 'sip:999@example.org' }, '403 SUBSCRIBE'],
  ['another service', { uri: 'sip:*30@example.org' }, '403 SUBSCRIBE'],
  ['a line end in its address', { uri: 'sip:10%0D%0A1@example.org' }, '403 SUBSCRIBE'],
  ['its number elsewhere', { uri: 'sip:101@elsewhere.example' }, '404 SUBSCRIBE'],
  ['no address', { uri: 'sip:example.org' }, '404 SUBSCRIBE'],
  ['a state that is none of ours', { fields: 'Event: dialog\r\n' }, '489 SUBSCRIBE'],
  [
    "a colleague's state that is none of ours",
    { uri: 'sip:102@example.org', fields: 'Event: dialog\r\n' },
    '489 SUBSCRIBE',
  ],
  ['a second', { fields: asking(1) }, '423 SUBSCRIBE'],
])('SUBSCRIBE to %s', ([, options, answer]) => {
  const house = new LampHouse();
  const ada = house.phone('101');
  ada.subscribe(options);
  expect(ada.shown()).toEqual(answer === '200 SUBSCRIBE' ? [answer, 'off 101 0/0'] : [answer]);
  expect(house.waiting.counts.subscriptions).toBe(answer === '200 SUBSCRIBE' ? 1 : 0);
});

test('a subscriber is told at once, and of each change', () => {
  const house = new LampHouse();
  house.holds('101', 1, 3);
  const ada = house.phone('101');
  ada.subscribe();
  expect(ada.shown()).toEqual(['200 SUBSCRIBE', 'on 101 1/3']);
  house.holds('101', 2, 3);
  house.holds('101', 0, 5);
  expect(ada.shown()).toEqual(['on 101 2/3']);
  expect(ada.shown()).toEqual(['off 101 0/5']);
  expect(ada.shown()).toEqual([]);
});

test('an unchanged lamp is not announced', () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  ada.subscribe();
  ada.shown();
  house.holds('101', 0);
  house.holds('102', 1);
  expect(ada.shown()).toEqual([]);
});

test("after a takeover the station's lamp is the guest's at once; a locked terminal has none", async () => {
  const house = new LampHouse();
  house.holds('201', 4, 4);
  house.holds('101', 1);
  const [subscribed, plain] = [house.phone('201', 'one'), house.phone('201', 'two')];
  await subscribed.register();
  subscribed.shown();
  subscribed.subscribe();
  await plain.register();
  expect(subscribed.shown()).toEqual(['200 SUBSCRIBE', 'on 201 4/4']);
  expect(plain.shown()).toEqual(['200 REGISTER', 'on 201 4/4']);
  house.speaks('201', '101');
  expect([subscribed.shown(), plain.shown()]).toEqual([['on 101 1/0'], ['on 101 1/0']]);
  house.speaks('201', null);
  expect([subscribed.shown(), plain.shown()]).toEqual([['off'], ['off']]);
  house.holds('201', 9, 9);
  house.holds('101', 9, 9);
  expect([subscribed.shown(), plain.shown()]).toEqual([[], []]);
});

test.for(['subscribed', 'registered'] as const)(
  'a %s phone that answers late never hears the counts of a speaker who has left meanwhile',
  async (way) => {
    const house = new LampHouse();
    house.holds('101', 1);
    house.holds('102', 2);
    const desk = house.phone('201');
    if (way === 'subscribed') desk.subscribe();
    else await desk.register();
    desk.shown();
    house.speaks('201', '101');
    const [first] = desk.heard();
    house.speaks('201', '102');
    house.holds('102', 3);
    house.speaks('201', null);
    expect(first && lampIn(first)).toBe('on 101 1/0');
    expect(desk.heard()).toEqual([]);
    desk.flow.receive(response(first, 200));
    expect(desk.shown()).toEqual(['off']);
  },
);

test('every phone of a terminal that has not subscribed is told; one that has is told once', async () => {
  const house = new LampHouse();
  const [one, two] = [house.phone('101', 'one'), house.phone('101', 'two')];
  await one.register();
  await two.register();
  one.subscribe();
  one.shown();
  two.shown();
  house.holds('101', 1);
  expect([one.shown(), two.shown()]).toEqual([['on 101 1/0'], ['on 101 1/0']]);
});

test('a subscriber gets no unsolicited NOTIFY, even while it is slow to answer', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.subscribe();
  ada.heard();
  for (let fresh = 1; fresh <= 9; fresh++) house.holds('101', fresh);
  expect(ada.heard()).toEqual([]);
});

test('a phone that subscribes and then registers is told by the subscription only, and is recognized when it comes back', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  const ada = house.phone('101');
  ada.subscribe();
  ada.shown();
  await ada.register();
  expect(ada.shown()).toEqual(['200 REGISTER']);
  ada.flow.hangUp();
  await house.clock.advance(0);
  house.holds('101', 0, 1);
  const back = house.phone('101');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER', 'off 101 0/1']);
});

test('a subscriber that has forgotten its subscription is told without one, at once', async () => {
  const house = new LampHouse();
  house.holds('201', 1);
  const desk = house.phone('201');
  await desk.register();
  desk.subscribe();
  desk.shown();
  house.speaks('201', '101');
  const [notify] = desk.heard();
  desk.flow.receive(response(notify, 481));
  const [unsolicited] = desk.heard();
  expect(unsolicited?.essentials.to.tag).toBeUndefined();
  expect(unsolicited && lampIn(unsolicited)).toBe('off 101 0/0');
  expect(house.waiting.counts.subscriptions).toBe(0);
});

test('a phone that has unsubscribed is told of the next change without a subscription, also that its lamp went out', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  const ada = house.phone('101');
  await ada.register();
  ada.shown();
  ada.subscribe();
  const [ok, notify] = ada.heard();
  ada.flow.receive(response(notify, 200));
  ada.subscribe({ tag: ok?.essentials.to.tag ?? '', fields: asking(0) });
  expect(ada.shown()).toEqual(['200 SUBSCRIBE', 'on 101 1/0']);
  expect(house.waiting.counts.subscriptions).toBe(0);
  house.holds('101', 0, 1);
  expect(ada.shown()).toEqual(['off 101 0/1']);
});

test('a subscription that is not refreshed ends with its interval', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  ada.subscribe({ fields: asking(60) });
  ada.shown();
  await house.clock.advance(60_000);
  const [last] = ada.heard();
  expect(last?.headers.get('subscription-state')).toBe('terminated;reason=timeout');
  expect(house.waiting.counts.subscriptions).toBe(0);
});

test('a subscriber whose flow dies with a NOTIFY under way is gone, and told again when it comes back', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.subscribe();
  ada.shown();
  house.holds('101', 1);
  ada.flow.hangUp();
  await house.clock.advance(0);
  expect(house.waiting.counts.subscriptions).toBe(0);
  house.holds('101', 0, 1);
  const back = house.phone('101');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER', 'off 101 0/1']);
  expect(house.faults).toEqual([]);
});

test('returning subscribers without messages get no unsolicited NOTIFY', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.subscribe();
  ada.shown();
  ada.flow.hangUp();
  await house.clock.advance(0);
  const back = house.phone('101');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER']);
});

test('the subscription of a terminal is 481 for any other account', () => {
  const house = new LampHouse();
  const [ada, ben] = [house.phone('101'), house.phone('102')];
  ada.subscribe();
  const [ok] = ada.heard();
  const stolen = { tag: ok?.essentials.to.tag ?? '', from: '<sip:101@example.org>;tag=f' };
  for (const method of ['SUBSCRIBE', 'NOTIFY', 'BYE', 'REFER']) {
    ben.send(method, { ...stolen, callId: 'subscription', fields: asking(0) });
  }
  expect(ben.shown()).toEqual(['481 SUBSCRIBE', '481 NOTIFY', '481 BYE', '481 REFER']);
  expect(house.waiting.counts.subscriptions).toBe(1);
});

test('a flood of SUBSCRIBEs gets twenty subscriptions of a terminal, and no other phone suffers', async () => {
  const house = new LampHouse();
  const flows = [house.phone('101', 'a'), house.phone('101', 'b'), house.phone('101', 'c')];
  const answers = new Map<string, number>();
  for (const flow of flows) {
    for (let id = 0; id < 50; id++) flow.subscribe({ callId: `flood-${String(id)}` });
    for (const shown of flow.shown()) answers.set(shown, (answers.get(shown) ?? 0) + 1);
  }
  expect([...answers]).toEqual([
    ['200 SUBSCRIBE', 20],
    ['off 101 0/0', 20],
    ['503 SUBSCRIBE', 130],
  ]);
  const ben = house.phone('102');
  ben.subscribe();
  expect(ben.shown()).toEqual(['200 SUBSCRIBE', 'off 102 0/0']);
  for (const { flow } of flows) flow.hangUp();
  await house.clock.advance(0);
  expect(house.waiting.counts.subscriptions).toBe(1);
});

test('a storm of one-second subscriptions leaves nothing behind but refusals', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  for (let id = 0; id < 100; id++) ada.subscribe({ callId: String(id), fields: asking(1) });
  expect(new Set(ada.shown())).toEqual(new Set(['423 SUBSCRIBE']));
  await house.clock.advance(0);
  expect([house.waiting.counts, house.clock.pending]).toEqual([{ subscriptions: 0, phones: 0 }, 0]);
});

test('a storm of refreshes by a phone that never answers causes one NOTIFY', () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  ada.subscribe();
  const [ok] = ada.heard();
  const tag = ok?.essentials.to.tag ?? '';
  for (let times = 0; times < 100; times++) ada.subscribe({ tag });
  expect(ada.heard().filter(({ kind }) => kind === 'request')).toEqual([]);
});

test('after closing, no phone is told anything', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  ada.subscribe();
  ada.shown();
  house.waiting.close();
  house.holds('101', 1);
  expect(ada.shown()).toEqual([]);
  await house.clock.advance(40_000);
  expect([house.waiting.counts, house.clock.pending]).toEqual([{ subscriptions: 0, phones: 0 }, 0]);
});

test('a change of a lamp that no phone shows is harmless', () => {
  const house = new LampHouse();
  house.waiting.lampChanged(terminalAt('999'));
  expect(house.waiting.counts).toEqual({ subscriptions: 0, phones: 0 });
});
