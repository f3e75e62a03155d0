import { expectAccessible } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { Mailbox } from './support/mailbox.ts';
import { word } from './support/words.ts';

test('the voicemail of a page: the list, an open message, a deleted one, the greeting, and the PIN of a guest', async ({
  perch,
  phone,
  leaveMessage,
}) => {
  await leaveMessage('102', '101');
  const [ada, station] = await Promise.all([phone('101'), phone('201')]);
  const [atHome, atStation] = [new Mailbox(ada.page), new Mailbox(station.page)];
  await atHome.open();
  await expect(atHome.messages).toHaveCount(1);
  await expectAccessible(ada.page);
  await atHome.play(0);
  await expectAccessible(ada.page);
  await atHome.delete();
  await expectAccessible(ada.page);
  await atHome.undo();
  await ada.page.getByRole('button', { name: word('voicemail_setup_own') }).click();
  await expect(ada.page.getByText(word('voicemail_greeting_standard'))).toBeVisible();
  await expectAccessible(ada.page);

  await station.takeOver(perch.line('101'));
  await atStation.open();
  await expect(station.page.getByRole('group', { name: word('voicemail_pin_keys') })).toBeVisible();
  await expectAccessible(station.page);
});
