import { PROMPT_TEXTS } from '@perch/shared';
import { expectTone, expectUtterance, record } from './support/hearing.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { MiniWatch } from './support/mini-watch.ts';
import { digitsByInfo } from './support/signalling.ts';
import { word } from './support/words.ts';

test('the code goes as RFC 4733 events, with nothing of it in the signalling', async ({ perch, phone }) => {
  const station = await phone('201');
  const infos = digitsByInfo(station.page);
  await station.changeSettings({ digits: 'rfc4733' });
  await record(station.page);
  await station.dial('*30101');
  await expectUtterance(station.page, ['enter-code']);
  await station.press(`${perch.line('101').secretCode ?? ''}#`);
  await station.expectGuest('Ada', '101');
  expect(infos()).toEqual([]);
});

test('the code goes as INFO, digit by digit', async ({ perch, phone }) => {
  const code = perch.line('101').secretCode ?? '';
  const station = await phone('201');
  const infos = digitsByInfo(station.page);
  await station.changeSettings({ digits: 'info' });
  await station.dial('*30101');
  await station.expectCodeAsked();
  await station.press(`${code}#`);
  await station.expectGuest('Ada', '101');
  expect(infos()).toEqual([...code, '#']);
});

test('a wrong code three times: told each time how many tries are left, then hung up on', async ({
  phone,
}) => {
  const station = await phone('201');
  await record(station.page);
  await station.dial('*30101');
  await station.expectCodeAsked();
  await station.press('0000#');
  await expectUtterance(station.page, ['wrong-code-two-left']);
  await station.press('0000#');
  await expectUtterance(station.page, ['wrong-code-one-left']);
  await station.press('0000#');
  await expectUtterance(station.page, ['goodbye-wrong-code']);
  await station.expectFree();
  await station.expectIdle();
});

test('203 does not allow it: denied before any code is asked for', async ({ phone }) => {
  const serverRoom = await phone('203');
  await record(serverRoom.page);
  await serverRoom.dial('*30101');
  await expectUtterance(serverRoom.page, ['not-allowed-here']);
  await expect(serverRoom.page.getByText(PROMPT_TEXTS.en['enter-code'])).toHaveCount(0);
  await serverRoom.expectFree();
});

test('taking over an occupied station sends its guest home', async ({ perch, phone }) => {
  const [station, ada, ben] = await Promise.all([phone('201'), phone('101'), phone('102')]);
  await station.takeOver(perch.line('101'));
  await ada.expectAway('Front desk', '201');
  await station.takeOver(perch.line('103'));
  await ada.expectHome();
  await ben.dial('101');
  await ada.answer();
  await expectTone(ben.page, VOICE['101']);
  await ben.hangUp();
});

test('A on B, B on C unwinds by two *30', async ({ perch, phone }) => {
  const [b, c, d] = await Promise.all([phone('202'), phone('201'), phone('104')]);
  await test.step('B has no code: Ben (102) stands for it, on the front desk', async () => {
    await c.takeOver(perch.line('102'));
  });
  await test.step('Ada goes to Ben’s own phone', async () => {
    const home = await phone('102');
    await home.takeOver(perch.line('101'));
    await test.step('the first *30 there sends Ada home, the second brings Ben back', async () => {
      await home.dialReturn();
      await home.expectAway('Front desk', '201');
      await c.expectGuest('Ben', '102');
      await home.dialReturn();
      await home.expectHome();
      await c.expectFree();
      await d.dial('102');
      await home.expectRinging('Dev', '104');
      await home.answer();
      await expectTone(d.page, VOICE['102']);
      await d.hangUp();
    });
  });
  await b.expectFree();
});

test('nothing of the guest stays in the browser when the guest has left', async ({ perch, phone }) => {
  const [station, ben] = await Promise.all([phone('201'), phone('102')]);
  await station.takeOver(perch.line('101'));
  await ben.dial('101');
  await station.answer();
  await expectTone(ben.page, VOICE['201']);
  const mini = await MiniWatch.open(station);
  await expect(mini.window.locator('body')).toContainText('Ben');
  await ben.hangUp();
  await station.expectIdle();
  await test.step('the history of the guest is here, with the call that was just answered', async () => {
    await station.page.getByRole('tab', { name: word('recents') }).click();
    await expect(station.page.getByRole('button', { name: /Ben/ }).first()).toContainText(
      word('call_incoming'),
    );
  });
  await station.dialReturn();
  await station.expectFree();
  const kept = await station.stored();
  // Quoted or in an address: three digits alone occur in any token.
  for (const trace of ['Ada', 'Ben', '"101', '101@', '"102', '102@', '2705'])
    expect(kept).not.toContain(trace);
  await expect(station.page.locator('body')).not.toContainText('Ben');
  expect(mini.window.isClosed()).toBe(true);
  await expect.poll(() => mini.isKept()).toBe(false);
});
