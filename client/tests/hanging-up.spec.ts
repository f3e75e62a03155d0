import { expect, test } from './support/fixtures.ts';
import { requestsOf } from './support/signalling.ts';
import { word } from './support/words.ts';

test('hanging up while the line is down ends the call for both sides as soon as it is back', async ({
  phone,
}) => {
  const [ada, ben] = await Promise.all([phone('101'), phone('102')]);
  await ada.dial('102');
  await ben.answer();
  await ada.expectTalking();
  await ben.expectTalking();
  await ada.page.context().setOffline(true);
  await expect(ada.page.getByText(word('health_offline'), { exact: true })).toBeVisible();
  await ada.hangUp();
  await ada.expectState('offline');
  await ben.expectTalking();
  // Of the socket that is opened when the line is back: the server would find out by itself, only later.
  const requests = requestsOf(ada.page);
  await ada.page.context().setOffline(false);
  await ben.expectIdle();
  await expect.poll(requests).toContain('BYE');
  await ada.expectReady();
  await ada.expectIdle();
});
