import { outsideAddresses } from '../../server/src/media/ice/addresses.ts';
import { DemoServer } from '../../server/tests/support/demo-server.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectTone } from './support/hearing.ts';

const [address] = outsideAddresses();

test('perch demo --lan: opened by the address of the machine, a page has the microphone and calls another', async ({
  voices,
}) => {
  test.skip(address === undefined, 'This machine is on no network.');
  const server = await DemoServer.start({}, ['--lan']);
  /** A browser with nothing but the microphone's permission, whose user has gone past the warning. */
  const open = async (number: '102' | '201'): Promise<Handset> => {
    const browser = await voices(VOICE[number]);
    const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone'] });
    const handset = new Handset(await context.newPage(), number);
    await handset.open(server.line(number).url);
    return handset;
  };
  const [station, ben] = await Promise.all([open('201'), open('102')]);
  expect(new URL(station.page.url()).hostname).not.toBe('localhost');
  expect(await station.page.evaluate(() => isSecureContext)).toBe(true);
  await station.takeOver(server.line('101'));
  await ben.dial('101');
  await station.expectRinging('Ben', '102');
  await station.answer();
  await expectTone(ben.page, VOICE['201']);
  await expectTone(station.page, VOICE['102']);
  await server.stop();
});
