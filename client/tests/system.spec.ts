import { Call } from '../../server/tests/support/call.ts';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import { pullSpeaker } from './support/device.ts';
import { expect, test } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { keepOwnSounds, speakersInUse } from './support/hearing.ts';
import { SystemAround } from './support/system.ts';
import { turn } from './support/visibility.ts';
import { word } from './support/words.ts';

const [SPEAKER, RINGER] = ['Fake Audio Output 1', 'Fake Audio Output 2'];

test('a call rings on the ringer, on the default device while that is gone, and is heard on the speaker; in it the screen stays on, and keys of a headset mute and end it', async ({
  perch,
  contextOf,
}) => {
  const ada = new Handset(await (await contextOf('101')).newPage(), '101');
  const { page } = ada;
  const system = await SystemAround.of(page, perch.organization.url);
  await page.addInitScript(keepOwnSounds);
  const [ben] = await Promise.all([
    SipClient.registered(perch.organization, perch.line('102')),
    ada.open(perch.line('101').url),
  ]);
  await ada.act('device_settings');
  for (const [device, label] of [
    ['speaker', SPEAKER],
    ['ringer', RINGER],
  ] as const)
    await page.getByLabel(word(device), { exact: true }).selectOption({ label });
  await page.keyboard.press('Escape');
  expect(await system.locks()).toBe(0);
  const call = new Call(ben, '101');
  await ada.expectRinging('Ben', '102');
  const [quickly, rings] = [{ intervals: [50] }, (own: string) => ({ own: [own], call: null })];
  await expect.poll(() => speakersInUse(page), quickly).toEqual(rings(RINGER));
  const plugIn = await pullSpeaker(page, RINGER);
  await expect.poll(() => speakersInUse(page), quickly).toEqual(rings(''));
  await plugIn();
  await expect.poll(() => speakersInUse(page), quickly).toEqual(rings(RINGER));
  await ada.answer();
  const dialog = await call.answered();
  await expect
    .poll(() => system.shown())
    .toEqual({
      keys: ['enterpictureinpicture', 'hangup', 'togglemicrophone'],
      title: expect.stringContaining('Ben'),
      state: 'playing',
    });
  await expect.poll(() => speakersInUse(page)).toEqual({ own: [], call: SPEAKER });
  await expect.poll(() => system.locks()).toBe(1);
  await system.press('togglemicrophone');
  await expect(page.getByRole('button', { name: word('unmute'), exact: true })).toBeVisible();
  await turn(page, 'hidden');
  await system.takeLocks();
  await turn(page, 'visible');
  await expect.poll(() => system.locks()).toBe(1);
  const bye = dialog.client.request('BYE');
  await system.press('hangup');
  ben.respond(await bye, '200 OK');
  await ada.expectIdle();
  await expect.poll(() => system.locks()).toBe(0);
  expect(await system.shown()).toEqual({ keys: [], title: null, state: 'none' });
});
