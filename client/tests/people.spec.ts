import type { Page, WebSocket } from '@playwright/test';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import { expect, test } from './support/fixtures.ts';
import { turn } from './support/visibility.ts';
import { word } from './support/words.ts';

/** What the page asks the server for about colleagues, from now on. */
function requestsOf(page: Page): string[] {
  const requests: string[] = [];
  page.on('websocket', (socket: WebSocket) => {
    socket.on('framesent', ({ payload }) => {
      const text = String(payload);
      if (text.startsWith('{"subscribe":"colleagues"'))
        requests.push(text.includes('"after"') ? 'go on' : 'subscribe');
      if (text.startsWith('{"unsubscribe":"colleagues"')) requests.push('unsubscribe');
    });
  });
  return requests;
}

test('colleagues are up to date while they are on the screen, and cost nothing while they are not', async ({
  perch,
  contextOf,
}) => {
  const page = await (await contextOf('101')).newPage();
  await page.setViewportSize({ width: 1024, height: 768 });
  const requests = requestsOf(page);
  await page.goto(perch.line('101').url);
  const ben = page.getByRole('button', { name: /102 Ben/ });
  await expect(ben).toContainText(word('presence_offline'));
  await expect(page.getByRole('button', { name: /101 Ada/ })).toHaveCount(0);
  const phone = await SipClient.registered(perch.organization, perch.line('102'));
  await expect(ben).toContainText(word('presence_available'));
  expect(requests.splice(0)).toEqual(['subscribe']);

  await test.step('a narrow screen shows the keypad alone, and asks for no colleagues', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => requests.splice(0)).toEqual(['unsubscribe']);
    await phone.leave();
  });

  await test.step('a name is looked for: what was missed is told', async () => {
    await page.getByLabel(word('number_or_name')).fill('be');
    await expect(ben).toContainText(word('presence_offline'));
    expect(requests.splice(0)).toEqual(['go on']);
    await page.getByLabel(word('number_or_name')).fill('');
    await expect.poll(() => requests.splice(0)).toEqual(['unsubscribe']);
  });

  await test.step('the list of people is opened', async () => {
    await page.getByRole('button', { name: word('people'), exact: true }).click();
    await expect(ben).toBeVisible();
    await expect.poll(() => requests.splice(0)).toEqual(['go on']);
  });

  await test.step('a hidden page does not ask', async () => {
    await turn(page, 'hidden');
    await expect.poll(() => requests.splice(0)).toEqual(['unsubscribe']);
    await turn(page, 'visible');
    await expect.poll(() => requests.splice(0)).toEqual(['go on']);
  });
});
