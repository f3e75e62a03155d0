import { rmSync } from 'node:fs';
import type { AuditEntry, Facts } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditHead, EntryToBe } from '../../../management/audit-repository.ts';
import type { StoredPerson } from '../../../management/repositories.ts';
import { ada, administrator, organization } from '../../../management/support/stored.ts';
import { systemWorld } from '../../../world/world.ts';
import type { Storage } from '../../storage.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { openStorage } from '../open-storage.ts';

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = scratchFolder();
  storage = await openStorage(folder, systemWorld, () => undefined);
  await storage.organizations.create(organization, administrator);
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const EVE: StoredPerson = { ...administrator, id: 'eve', email: 'eve@demo.test', roles: ['supervisor'] };

const entryOf = (last: AuditHead | undefined, after: Facts | null): AuditEntry => {
  const position = (last?.position ?? 0) + 1;
  const rest = { address: null, action: 'invitePerson', about: 'eve', result: 'done', before: null };
  return { position, at: 10, who: 'root', ...rest, after, seal: `s${position}` };
};
const entry =
  (next: EntryToBe['next'] = entryOf) =>
  (): EntryToBe => ({
    organization: organization.id,
    subject: { kind: 'person', id: EVE.id },
    next,
  });
const entries = () => storage.audit.read(organization.id, {}, 10);

test('a change and its entry are stored together; the entry has what was stored', async () => {
  const done = await storage.audit.together(entry(), () => storage.people.insert(EVE));
  expect(done.isNoted).toBe(true);
  expect(await entries()).toMatchObject([
    { position: 1, after: { roles: ['supervisor'], isInvited: false } },
  ]);
});

test('where the entry cannot be written the change has not happened, and the next one is as if it were the first', async () => {
  const broken = entry(() => {
    throw new Error('the audit is full');
  });
  const failed = storage.audit.together(broken, () => storage.people.insert(EVE));
  await expect(failed).rejects.toThrow('the audit is full');
  expect([await storage.people.byId(EVE.id), await entries()]).toEqual([undefined, []]);
  await storage.audit.together(entry(), () => storage.people.insert(EVE));
  expect(await entries()).toHaveLength(1);
});

test('where the change cannot be stored there is no entry', async () => {
  const twice = storage.audit.together(entry(), () => storage.people.insert(administrator));
  await expect(twice).rejects.toThrow();
  const half = storage.audit.together(entry(), () =>
    storage.organizations.create({ ...organization, id: EVE.organization }, EVE),
  );
  await expect(half).rejects.toThrow();
  expect(await entries()).toEqual([]);
});

test('only the first change has an entry, and what changes nothing has none', async () => {
  const { isNoted } = await storage.audit.together(entry(), async () => {
    await storage.people.closeSessionsOf('nobody');
    await storage.secondFactors.useStep(administrator.id, 1);
  });
  expect([isNoted, await entries()]).toEqual([false, []]);
  await storage.audit.together(entry(), async () => {
    await storage.people.insert(EVE);
    await storage.people.update({ ...EVE, roles: ['administrator'] });
  });
  expect(await entries()).toMatchObject([{ after: { roles: ['supervisor'] } }]);
});

test('what others change meanwhile has no part in it, nor what goes on afterwards', async () => {
  const other = Promise.withResolvers<undefined>();
  const late = Promise.withResolvers<undefined>();
  let goesOn: Promise<void> | undefined;
  const done = storage.audit.together(entry(), async () => {
    goesOn = late.promise.then(() => storage.book(organization.id).insert(ada));
    await other.promise;
  });
  await storage.people.insert(EVE);
  other.resolve(undefined);
  expect((await done).isNoted).toBe(false);
  late.resolve(undefined);
  await goesOn;
  expect(await entries()).toEqual([]);
});

test('an entry inside another has its own change', async () => {
  const outer = await storage.audit.together(entry(), () =>
    storage.audit.together(entry(), () => storage.people.insert(EVE)),
  );
  expect([outer.isNoted, outer.result.isNoted]).toEqual([false, true]);
  expect(await entries()).toHaveLength(1);
});
