import { api, type Endpoint, organizationId } from '@perch/shared';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { Audit } from '../../management/audit.ts';
import { Refusal, RefusedPerson } from '../../management/refusal.ts';
import type { StoredPerson } from '../../management/repositories.ts';
import { FakeRepositories } from '../../management/support/fake-repositories.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { RefusedRequests } from './refused-requests.ts';

const FORBIDDEN = new Refusal('forbidden', 'No.');

test('of each person and each of their tokens 30 are noted in a minute, then the last, with the number of the others', async () => {
  const clock = new VirtualClock(1);
  const audit = new Audit(new FakeRepositories().audit, clock);
  const refused = new RefusedRequests({ audit }, clock, (error) => {
    throw error;
  });
  const eve = { email: 'eve@demo.test', organization: organizationId('demo') } as StoredPerson;
  const ask = (endpoint: Endpoint, number: string, token?: string) =>
    refused.note(
      endpoint,
      { params: { number }, arrival: { visitor: '192.0.2.7' } } as unknown as FastifyRequest,
      new RefusedPerson(eve, FORBIDDEN, token),
    );
  const noted = async () =>
    (await audit.read(eve.organization, {}, 200)).entries.map(
      ({ who, address, action, about, result, after }) =>
        `${who} ${address} ${action} ${about} ${result} ${JSON.stringify(after)}`,
    );
  for (let count = 0; count < 99; count++) await ask(api.extension, '101', 'Export');
  await ask(api.deleteExtension, '102', 'Export');
  await ask(api.extension, '103');
  expect(await noted()).toHaveLength(31);
  await clock.advance(60_000);
  const all = await noted();
  expect(all).toHaveLength(32);
  expect(all.slice(0, 3)).toEqual([
    'eve@demo.test (token “Export”) 192.0.2.7 deleteExtension 102 forbidden {"attempts":70}',
    'eve@demo.test 192.0.2.7 extension 103 forbidden null',
    'eve@demo.test (token “Export”) 192.0.2.7 extension 101 forbidden null',
  ]);
  // A new minute.
  await ask(api.extension, '104', 'Export');
  await clock.advance(60_000);
  expect((await noted())[0]).toContain(' extension 104 forbidden null');
  expect(await noted()).toHaveLength(33);
});

test('what phones have tried in vain is counted together, and apart from what people have', async () => {
  const clock = new VirtualClock(1);
  const audit = new Audit(new FakeRepositories().audit, clock);
  const refused = new RefusedRequests({ audit }, clock, (error) => {
    throw error;
  });
  const demo = organizationId('demo');
  const entry = (who: string) => ({
    ...{ who, address: '192.0.2.7', action: 'setGreeting', about: who },
    ...{ result: 'unreadable-file', before: null, after: null },
  });
  for (let number = 101; number < 151; number++)
    await refused.noteVain(demo, entry(String(number)), 'phones');
  await refused.noteVain(demo, entry('eve@demo.test'));
  const noted = async () =>
    (await audit.read(demo, {}, 200)).entries.map(({ who, after }) => `${who} ${JSON.stringify(after)}`);
  expect(await noted()).toHaveLength(31);
  expect((await noted())[0]).toBe('eve@demo.test null');
  await clock.advance(60_000);
  expect((await noted())[0]).toBe('150 {"attempts":20}');
});
