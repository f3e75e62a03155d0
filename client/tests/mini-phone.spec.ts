import { isolated } from '../src/phone/words/isolated.ts';
import { expectAccessible } from './support/axe.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { expectTone } from './support/hearing.ts';
import { word } from './support/words.ts';

test('a call is answered, held and ended in the small window, which closes with it; closing the window ends nothing', async ({
  phone,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const popOut = async () => {
    const opened = ada.page.context().waitForEvent('page');
    await ada.act('mini_phone');
    return opened;
  };
  await ben.dial('101');
  const mini = await popOut();
  await mini.setViewportSize({ width: 240, height: 52 });
  await expect(mini.getByRole('alert')).toContainText('Ben');
  await expectAccessible(mini, 'ringing');
  // What is pressed as soon as it rings does nothing: it was meant for what was there before.
  const answer = mini.getByRole('button', { name: word('answer'), exact: true });
  await expect(async () => {
    if (await answer.isVisible()) await answer.click();
    await expect(mini.getByRole('timer')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expectAccessible(mini, 'talking');
  await expectTone(ada.page, VOICE['102']);
  await mini.keyboard.press('Alt+Shift+H');
  await expect(ben.page.getByText(word('on_hold_by', { who: `101 ${isolated('Ada')}` }))).toBeVisible();

  const closed = mini.waitForEvent('close');
  await mini.close();
  await closed;
  await ada.expectTalking();
  await ada.act('unhold');
  await expectTone(ben.page, VOICE['101']);

  const again = await popOut();
  await again.getByRole('button', { name: word('end_call'), exact: true }).click();
  await ben.expectIdle();
  await expect.poll(() => again.isClosed()).toBe(true);
});
