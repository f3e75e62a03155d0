import { expect, test } from 'vitest';
import { Call } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';

const on = stage();

/** What the page of that extension asks for; the status of the answer. */
async function choose(number: string, body: { readonly of: string; readonly language: string | null }) {
  const { url } = on.server.line(number);
  const page = await PageClient.open(url);
  const response = await fetch(`${new URL(url).origin}/api/terminal/language`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${page.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  page.close();
  return response.status;
}

test('the language of a person is theirs at any station, while they are there, and outlasts the server', async () => {
  expect(await choose('102', { of: '102', language: 'ro' })).toBe(204);
  await on.server.kill();
  await on.server.startAgain();
  const desk = await on.register('201');
  const station = await PageClient.open(on.server.line('201').url);
  const visit = await new Call(desk, '*30102').answered();
  for (const digit of `${on.server.line('102').secretCode ?? ''}#`)
    await visit.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${digit}\r\nDuration=100\r\n`,
    });
  await station.next('that of the guest', ({ view }) => view?.language === 'ro');
  await visit.request('BYE');
  expect(await choose('201', { of: '102', language: 'es' })).toBe(204);
  await station.next('what the guest has chosen there', ({ view }) => view?.language === 'es');
  const leaving = await new Call(desk, '*30').answered();
  await station.next(
    'its own again',
    ({ view }) => view?.language === null && view.occupancy.kind === 'owner',
  );
  await leaving.request('BYE');
  station.close();
  const phone = await PageClient.open(on.server.line('102').url);
  expect(JSON.parse(phone.told[0] ?? '')).toMatchObject({ kind: 'terminal', view: { language: 'es' } });
  phone.close();
});

test('nobody chooses for a desk from its phone, nor for somebody who is not there', async () => {
  expect(await choose('201', { of: '201', language: 'de' })).toBe(409);
  expect(await choose('102', { of: '101', language: 'de' })).toBe(409);
});
