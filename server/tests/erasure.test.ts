import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallPage, HeldPerson } from '@perch/shared';
import { expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { connectCall } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import * as sip from './support/sip-message.ts';

const NAME = 'Wilhelmina Ostrander';
const NUMBER = '48151623';
const on = stage();

/** The files in which something of hers is found. */
const found = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .filter(({ parentPath, name }) => {
      const content = readFileSync(join(parentPath, name));
      return content.includes('Wilhelmina') || content.includes(NUMBER);
    })
    .map(({ name }) => name);

test('somebody is erased in a call that she makes as a guest: it goes on, and then nothing names her', async () => {
  const { server } = on;
  await server.addExtension(NUMBER, NAME);
  const administrator = await Administrator.signIn(server.organization);
  await administrator.ask(`POST /api/extensions/${NUMBER}/move`, { to: '202' });
  const [desk, ben] = [await on.register('202'), await on.register('102')];
  const [dialog] = await connectCall(desk, ben);
  const [person] = (await administrator.ask(
    `GET /api/personal-data?text=${NUMBER}`,
  )) as readonly HeldPerson[];
  const path = `/api/personal-data/${person?.id ?? ''}`;

  await administrator.ask(`POST ${path}/erasure`, { confirm: NUMBER });
  const held = async () =>
    administrator.ask(`GET ${path}`).then(
      (it) => it as { person: HeldPerson },
      () => null,
    );
  expect((await held())?.person.erasingSince).toBeGreaterThan(0);
  expect(sip.status(await dialog.request('UPDATE'))).toBe(200);
  expect(sip.status(await dialog.request('BYE'))).toBe(200);
  ben.respond(await ben.request('BYE'), '200 OK');

  await expect.poll(held, { timeout: 20_000, interval: 250 }).toBeNull();
  await expect.poll(() => found(server.folder), { timeout: 5_000 }).toEqual([]);
  const { records } = (await administrator.ask('GET /api/records?extension=102')) as CallPage;
  expect(records[0]).toMatchObject({
    result: 'answered',
    caller: { number: '', desk: { number: '202' } },
    callee: { number: '102' },
  });
}, 40_000);
