import { HOLD_DRONE } from '../src/media/hold-music.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import {
  expectOwnTone,
  expectSilence,
  expectTone,
  expectTones,
  expectUtterance,
  hearOwnTones,
  longestSilence,
  record,
} from './support/hearing.ts';
import { SipJs } from './sip-js/sip-js.ts';
import { word } from './support/words.ts';

const [BEN, CHLOE, DEV] = [VOICE['102'], VOICE['103'], VOICE['104']];
/** The sign that one is on hold where no music comes (client/src/media/tones.ts), in Hz. */
const HELD = 392;

test('SIP.js calls and is called, holds, has two calls, transfers and is transferred, is parked, confers, hears and is heard', async ({
  perch,
  contextOf,
}) => {
  const context = await contextOf('102');
  await hearOwnTones(context);
  const ben = new Handset(await context.newPage(), '102');
  const [chloe, dev] = await Promise.all([
    SipJs.open(await contextOf('103'), perch, '103'),
    SipJs.open(await contextOf('104'), perch, '104'),
    ben.open(perch.line('102').url),
  ]);

  await test.step('it calls', async () => {
    await chloe.call('102');
    await ben.expectRinging('Chloe', '103');
    await ben.answer();
    await expectTone(ben.page, CHLOE);
    await expectTone(chloe.page, BEN);
  });

  await test.step('it holds and resumes', async () => {
    await chloe.hold();
    await expect(ben.page.getByText(word('on_hold_by', { who: '' }).trim())).toBeVisible();
    await expectSilence(ben.page);
    await expectOwnTone(ben.page, HELD);
    await chloe.resume();
    await expectTone(ben.page, CHLOE);
    await expectTone(chloe.page, BEN);
  });

  await test.step('it is put on hold, with music, and resumed', async () => {
    await ben.toggleHold();
    await expectTone(chloe.page, HOLD_DRONE);
    await ben.toggleHold();
    await expectTone(chloe.page, BEN);
    await expectTone(ben.page, CHLOE);
  });

  await test.step('it asks another SIP.js first, and connects the two', async () => {
    await chloe.hold();
    await chloe.call('104');
    await dev.expectRinging('Chloe');
    await dev.answer();
    await expectTone(dev.page, CHLOE);
    await expectTone(chloe.page, DEV);
    for (const { page } of [ben, dev]) await record(page);
    await chloe.connect();
    await expectTone(ben.page, DEV);
    await expectTone(dev.page, BEN);
    await chloe.expectTransferred();
    await chloe.expectCalls(0);
  });

  await test.step('it has two calls, and swaps them', async () => {
    await chloe.call('104');
    await dev.expectRinging('Chloe');
    await dev.hold();
    await dev.answer();
    await expectTone(dev.page, CHLOE);
    await expectSilence(ben.page);
    await dev.swap();
    await expectTone(dev.page, BEN);
    await expectTone(ben.page, DEV);
    await expectSilence(chloe.page);
    await dev.expectCalls(2);
  });

  await test.step('it is connected by another SIP.js', async () => {
    for (const { page } of [ben, chloe]) await record(page);
    await dev.connect();
    await expectTone(chloe.page, BEN);
    await expectTone(ben.page, CHLOE);
    await dev.expectTransferred();
    await dev.expectCalls(0);
  });

  await test.step('it transfers to another SIP.js', async () => {
    await record(ben.page);
    await chloe.transfer('104');
    await dev.expectRinging('Ben');
    await dev.answer();
    await expectTone(dev.page, BEN);
    await expectTone(ben.page, DEV);
    await chloe.expectTransferred();
    await chloe.expectCalls(0);
  });

  await test.step('it is parked by a page, and picked up by another SIP.js', async () => {
    await ben.act('park');
    await expectTone(dev.page, HOLD_DRONE);
    await chloe.call('*691');
    await expectTone(dev.page, CHLOE);
    await expectTone(chloe.page, DEV);
  });

  await test.step('it is transferred', async () => {
    await chloe.transfer('102');
    await ben.expectRinging('Dev', '104');
    await ben.answer();
    await expectTone(dev.page, BEN);
    await expectTone(ben.page, DEV);
    await chloe.expectTransferred();
  });

  await test.step('it is in a conference with a page and another SIP.js, who go on without the page', async () => {
    await ben.addCall('103');
    await chloe.expectRinging('Ben');
    await chloe.answer();
    await ben.act('join_calls');
    await expectTones(ben.page, [CHLOE, DEV], Object.values(VOICE));
    await ben.hangUp();
    await expectTone(chloe.page, DEV);
    await expectTone(dev.page, CHLOE);
    await dev.hangUp();
    await chloe.expectCalls(0);
  });
});

test('those whom SIP.js transfers, blind or after asking, hear each other within a second', async ({
  perch,
  phone,
  contextOf,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const chloe = await SipJs.open(await contextOf('103'), perch, '103');
  const called = async (): Promise<void> => {
    await chloe.call('102');
    await ben.answer();
    await expectTone(ben.page, VOICE['103']);
    await record(ben.page);
  };
  const joined = async (): Promise<void> => {
    await expectTone(ben.page, VOICE['101']);
    await expectTone(ada.page, VOICE['102']);
    const silences = [await longestSilence(ben.page), await longestSilence(ada.page)];
    expect(Math.max(...silences)).toBeLessThan(1_000);
  };

  await test.step('blind', async () => {
    await called();
    await chloe.transfer('101');
    await ada.expectRinging('Ben', '102');
    await ada.answer();
    await record(ada.page);
    await joined();
    await ada.hangUp();
    await ben.expectIdle();
  });

  await test.step('after asking', async () => {
    await called();
    await chloe.call('101');
    await ada.answer();
    await expectTone(ada.page, VOICE['103']);
    // Until now he was on hold.
    await record(ben.page);
    await record(ada.page);
    await chloe.connect();
    await joined();
    await ben.hangUp();
    await ada.expectIdle();
  });
});

test('a phone that is locked hears why, whatever client it has', async ({ perch, phone, contextOf }) => {
  const station = await phone('201');
  const home = await SipJs.open(await contextOf('103'), perch, '103');
  await station.takeOver(perch.line('103'));
  await record(home.page);
  await home.call('102');
  await expectUtterance(home.page, ['phone-locked']);
  await home.expectCalls(0);
});

test('SIP.js watches a colleague, and is told of a call: that it rings, is talked in, and is over (RFC 4235)', async ({
  perch,
  contextOf,
}) => {
  const open = async (number: '102' | '103' | '104') => SipJs.open(await contextOf(number), perch, number);
  const [ben, chloe, dev] = await Promise.all([open('102'), open('103'), open('104')]);
  await dev.watch('102');
  await dev.expectWatched();
  await chloe.call('102');
  await ben.expectRinging('Chloe');
  await dev.expectWatched('early');
  await ben.answer();
  await dev.expectWatched('confirmed');
  await chloe.hangUp();
  await dev.expectWatched('terminated');
});
