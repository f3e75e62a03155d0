import { expect, test } from './support/fixtures.ts';
import { Administrator } from '../../server/tests/support/administrator.ts';
import { word } from './support/words.ts';

test('a suspended phone says so, keeps its call until that is over, and comes back by itself', async ({
  perch,
  phone,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  const administrator = await Administrator.signIn(perch.organization);
  await ada.dial('102');
  await ben.answer();
  await Promise.all([ada.expectTalking(), ben.expectTalking()]);

  await ada.page.clock.install();
  await administrator.suspend('101', true);
  const lines: string[] = [];
  ada.page.on('websocket', (socket) => lines.push(new URL(socket.url()).pathname));
  // Longer than a page waits for a silent server before it connects anew: the call’s line must stay as it is. In steps, between which sound
  // and answers of the server arrive, as they do in that time.
  for (let step = 0; step < 80; step++) {
    await ada.page.clock.runFor(250);
    await ada.page.waitForTimeout(40);
  }
  await Promise.all([ada.expectTalking(), ben.expectTalking()]);
  await ada.hangUp();
  await ben.expectIdle();
  expect(lines).not.toContain('/sip');

  const title = ada.page.getByRole('heading', { level: 1 });
  await expect(title).toHaveText(word('suspended_title').replace('{number}', '101'));
  await administrator.suspend('101', false);
  await ada.page.clock.runFor(30_000);
  await ada.expectReady();
});
