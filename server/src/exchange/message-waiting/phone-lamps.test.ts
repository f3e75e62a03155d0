import { expect, test } from 'vitest';
import { response } from '../../sip/user-agent/support/raw-phone.ts';
import { lampIn, LampHouse } from './support/lamp-house.ts';

test('a phone that comes back after a takeover that it missed loses the old lamp', async () => {
  const house = new LampHouse();
  house.holds('201', 1);
  const desk = house.phone('201');
  await desk.register();
  expect(desk.shown()).toEqual(['200 REGISTER', 'on 201 1/0']);
  desk.flow.hangUp();
  await house.clock.advance(0);
  house.speaks('201', '101');
  const back = house.phone('201');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER', 'off 101 0/0']);
});

test('so does one that was gone for hours', async () => {
  const house = new LampHouse();
  house.holds('201', 1);
  const desk = house.phone('201');
  await desk.register();
  desk.shown();
  desk.flow.hangUp();
  await house.clock.advance(3 * 3_600_000);
  house.speaks('201', '101');
  const back = house.phone('201');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER', 'off 101 0/0']);
});

test('a lamp whose "off" NOTIFY was lost is turned off when the phone comes back', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  const ada = house.phone('101');
  await ada.register();
  ada.shown();
  house.holds('101', 0, 1);
  expect(ada.heard()).toHaveLength(1);
  ada.flow.hangUp();
  await house.clock.advance(0);
  const back = house.phone('101');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER', 'off 101 0/1']);
});

test('a phone whose new flow comes before the end of the old one is known is told on the new one at once', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  const ada = house.phone('101');
  await ada.register();
  const [, under] = ada.heard();
  const back = house.phone('101');
  await back.register();
  const [, again] = back.heard();
  expect(again && lampIn(again)).toBe('on 101 1/0');
  ada.flow.receive(response(under, 489));
  back.flow.receive(response(again, 200));
  house.holds('101', 2);
  expect(back.shown()).toEqual(['on 101 2/0']);
  expect(house.faults).toEqual([]);
});

test('a storm of phones without messages causes no NOTIFY, and nothing is kept of it', async () => {
  const house = new LampHouse();
  const phones = Array.from({ length: 50 }, (_, index) => house.phone(String(100 + index)));
  for (const phone of phones) await phone.register();
  expect(phones.flatMap((phone) => phone.shown())).toEqual(phones.map(() => '200 REGISTER'));
  expect(house.waiting.counts).toEqual({ subscriptions: 0, phones: 0 });
});

test('a refresh of a registration looks up no lamp and sends nothing', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  const ada = house.phone('101');
  await ada.register();
  ada.shown();
  house.asked = 0;
  await ada.register();
  expect(ada.shown()).toEqual(['200 REGISTER']);
  expect(house.asked).toBe(0);
});

test('a lamp that was lit and put out again while the phone was away is not mentioned', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.flow.hangUp();
  await house.clock.advance(0);
  house.holds('101', 1);
  house.holds('101', 0, 1);
  await house.clock.advance(0);
  const back = house.phone('101');
  await back.register();
  expect(back.shown()).toEqual(['200 REGISTER']);
});

test('an unsolicited NOTIFY belongs to no dialog and no subscription, from our domain to the Contact', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.shown();
  house.holds('101', 1);
  const [notify] = ada.heard();
  expect(notify).toMatchObject({ kind: 'request', method: 'NOTIFY', uri: 'sip:phone-101@x.invalid' });
  expect(notify?.essentials.from.uri).toBe('sip:perch@example.org');
  expect(notify?.essentials.to.tag).toBeUndefined();
  expect(notify?.headers.get('event')).toBe('message-summary');
  expect(notify?.headers.get('subscription-state')).toBe('terminated');
  expect(notify?.headers.get('content-type')).toBe('application/simple-message-summary');
});

test('one NOTIFY is under way per phone, and the newest state wins', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.shown();
  for (let fresh = 1; fresh <= 100; fresh++) house.holds('101', fresh);
  expect(ada.shown()).toEqual(['on 101 1/0']);
  expect(ada.shown()).toEqual(['on 101 100/0']);
  expect(ada.shown()).toEqual([]);
});

test('a phone that never answers costs one NOTIFY for each 32 s, however often its lamp changes', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register(3600);
  ada.shown();
  for (let fresh = 1; fresh <= 64; fresh++) {
    house.holds('101', fresh);
    await house.clock.advance(1_000);
  }
  expect(ada.heard().map(lampIn)).toEqual(['on 101 1/0', 'on 101 32/0', 'on 101 64/0']);
});

test.for([405, 481, 489, 501])(
  'a phone that answers %i is not told again until it registers anew',
  async (status) => {
    const house = new LampHouse();
    const ada = house.phone('101');
    await ada.register();
    ada.shown();
    house.holds('101', 1);
    expect(ada.shown(status)).toEqual(['on 101 1/0']);
    house.holds('101', 2);
    await ada.register();
    expect(ada.shown()).toEqual(['200 REGISTER']);
    ada.flow.hangUp();
    await house.clock.advance(0);
    const back = house.phone('101');
    await back.register();
    expect(back.shown()).toEqual(['200 REGISTER', 'on 101 2/0']);
  },
);

test('any other refusal counts for that NOTIFY only', async () => {
  const house = new LampHouse();
  const ada = house.phone('101');
  await ada.register();
  ada.shown();
  house.holds('101', 1);
  expect(ada.shown(480)).toEqual(['on 101 1/0']);
  expect(ada.shown()).toEqual([]);
  house.holds('101', 2);
  expect(ada.shown()).toEqual(['on 101 2/0']);
});

test('a phone that unregisters before its lamp could be told hears nothing', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  const ada = house.phone('101');
  const registered = ada.register();
  const unregistered = ada.register(0);
  await Promise.all([registered, unregistered]);
  expect(ada.shown()).toEqual(['200 REGISTER', '200 REGISTER']);
});

test('phones whose Contact changes each time are not all remembered', async () => {
  const house = new LampHouse();
  house.holds('101', 1);
  for (let page = 0; page < 60; page++) {
    const ada = house.phone('101', `page-${String(page)}`);
    await ada.register();
    ada.shown();
    await ada.register(0);
  }
  expect(house.waiting.counts.phones).toBe(20);
});
