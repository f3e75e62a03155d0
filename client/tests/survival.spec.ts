import { expectTone } from './support/hearing.ts';
import { test, testOfServer, VOICE } from './support/fixtures.ts';

testOfServer(
  'a takeover survives kill -9 between the confirmation and the next call',
  async ({ perch, phone }) => {
    const [station, ben] = await Promise.all([phone('201'), phone('102')]);
    await station.takeOver(perch.line('101'));
    await perch.kill();
    await perch.startAgain();
    await Promise.all([station.expectReady(), ben.expectReady()]);
    await ben.dial('101');
    await station.expectRinging('Ben', '102');
    await station.answer();
    await expectTone(ben.page, VOICE['201']);
    await expectTone(station.page, VOICE['102']);
    await ben.hangUp();
    await station.expectIdle();
  },
);

testOfServer(
  'a call lives through kill -9 of the server, and can be hung up afterwards',
  async ({ perch, phone }) => {
    const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
    await ada.dial('102');
    await ben.answer();
    await expectTone(ben.page, VOICE['101']);
    await perch.kill();
    await expectTone(ben.page, VOICE['101']);
    await expectTone(ada.page, VOICE['102']);
    await perch.startAgain();
    await Promise.all([ada.expectReady(), ben.expectReady()]);
    await ada.hangUp();
    await ben.expectIdle();
  },
);

test('a station comes back by itself after a reload, with its guest', async ({ perch, phone }) => {
  const station = await phone('201');
  await station.takeOver(perch.line('101'));
  await station.page.reload();
  await station.expectReady();
  await station.expectGuest('Ada', '101');
});
