import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type { DemoServer } from '../../server/tests/demo-server.ts';
import { expect, test, VOICE } from './fixtures.ts';
import { expectTone, expectUtterance, longestSilence, record } from './hearing.ts';

let script = '';

test.beforeAll(async () => {
  const entry = fileURLToPath(new URL('sip-js/phone.ts', import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'sipJs' } },
  });
  const [bundle] = [output].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error('SIP.js was not bundled');
  script = bundle.output[0].code;
});

/** A page with nothing but a SIP.js phone, registered as that extension. */
async function sipJs(page: Page, perch: DemoServer, number: string): Promise<Page> {
  const { sip } = perch.organization;
  const line = perch.line(number);
  // Chromium lets a page reach a local server only if that server sent it: one of its pages, emptied.
  await page.goto(`${perch.organization.url}/setup`);
  await page.evaluate(() => {
    document.body.innerHTML = '<audio id="remote-audio" autoplay muted></audio>';
  });
  await page.evaluate(script);
  await page.evaluate((account) => window.sipJsPhone.register(account), {
    server: sip.url,
    domain: sip.domain,
    user: number,
    ...line.sip,
  });
  return page;
}

test('SIP.js registers, calls and is called, and hears and is heard', async ({ perch, phone, contextOf }) => {
  const ben = await phone('102');
  const chloe = await sipJs(await (await contextOf('103')).newPage(), perch, '103');

  await test.step('it calls', async () => {
    await chloe.evaluate(() => window.sipJsPhone.call('102'));
    await ben.expectRinging('Chloe', '103');
    await ben.answer();
    await expectTone(ben.page, VOICE['103']);
    await expectTone(chloe, VOICE['102']);
    await chloe.evaluate(() => window.sipJsPhone.hangUp());
    await ben.expectIdle();
  });

  await test.step('it is called', async () => {
    const ringing = chloe.evaluate(() => window.sipJsPhone.ringing());
    await ben.dial('103');
    expect(await ringing).toBe('Ben');
    await chloe.evaluate(() => window.sipJsPhone.answer());
    await expectTone(ben.page, VOICE['103']);
    await expectTone(chloe, VOICE['102']);
    await ben.hangUp();
    await expect.poll(() => chloe.evaluate(() => window.sipJsPhone.state)).toBe('Terminated');
  });
});

test('those whom SIP.js transfers, blind or after asking, hear each other within a second', async ({
  perch,
  phone,
  contextOf,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const chloe = await sipJs(await (await contextOf('103')).newPage(), perch, '103');
  const called = async (): Promise<void> => {
    await chloe.evaluate(() => window.sipJsPhone.call('102'));
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
    await chloe.evaluate(() => window.sipJsPhone.transfer('101'));
    await ada.expectRinging('Ben', '102');
    await ada.answer();
    await record(ada.page);
    await joined();
    await ada.hangUp();
    await ben.expectIdle();
  });

  await test.step('after asking', async () => {
    await called();
    await chloe.evaluate(() => window.sipJsPhone.call('101'));
    await ada.answer();
    await expectTone(ada.page, VOICE['103']);
    await record(ada.page);
    await chloe.evaluate(() => window.sipJsPhone.join());
    await joined();
    await ben.hangUp();
    await ada.expectIdle();
  });
});

test('a phone that is locked hears why, whatever client it has', async ({ perch, phone, contextOf }) => {
  const station = await phone('201');
  const home = await sipJs(await (await contextOf('103')).newPage(), perch, '103');
  await station.takeOver(perch.line('103'));
  await record(home);
  await home.evaluate(() => window.sipJsPhone.call('102'));
  await expectUtterance(home, ['phone-locked']);
  await expect.poll(() => home.evaluate(() => window.sipJsPhone.state)).toBe('Terminated');
});
