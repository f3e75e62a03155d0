import { expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';

const on = stage();

const isTopic = (topic: string) => (event: { readonly topic?: string }) => event.topic === topic;

test('a page is told of colleagues once it asks, and of missed changes when it comes back', async () => {
  const stays = await PageClient.open(on.server.line('103').url);
  const leaves = await PageClient.open(on.server.line('104').url);
  for (const page of [stays, leaves]) page.say({ subscribe: 'colleagues' });
  const { epoch, sequence } = await leaves.next('the colleagues', isTopic('colleagues'));
  await stays.next('the colleagues', isTopic('colleagues'));
  leaves.close();

  const ada = await on.register('101');
  const missed = await stays.next('that Ada is there', isTopic('colleagues'));
  expect(missed).toMatchObject({ kind: 'delta', lines: [{ number: '101', state: 'available' }] });

  const back = await PageClient.open(on.server.line('102').url);
  back.say({ subscribe: 'colleagues', after: { epoch, sequence } });
  expect(await back.next('what it missed', isTopic('colleagues'))).toEqual(missed);
  await ada.leave();
});

test('management is told of phones and changes as they happen, until it signs out', async () => {
  const { organization } = on.server;
  const administrator = await Administrator.signIn(organization);
  const page = await PageClient.manage(organization.url, administrator.cookie);
  for (const topic of ['floor', 'extension/101']) {
    page.say({ subscribe: topic });
    expect(await page.next(topic, isTopic(topic))).toMatchObject({ kind: 'snapshot' });
  }
  const isNews = (topic: string) => (event: { readonly topic?: string; readonly kind: string }) =>
    event.topic === topic && event.kind === 'delta';
  const ada = await on.register('101');
  expect(await page.next('one extension', isNews('extension/101'))).toMatchObject({
    lines: [{ number: '101', registered: true }],
  });
  await administrator.ask('PATCH /api/extensions/102', { name: 'Benedict' });
  await page.next(
    'the floor',
    (event) => isNews('floor')(event) && event.lines?.some(({ name }) => name === 'Benedict') === true,
  );
  await administrator.ask('DELETE /api/session');
  expect(await page.closed).toBe(4401);
  await ada.leave();
});
