import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryAccounts } from '../accounts.ts';
import { seededChance } from '../world/seeded-chance.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import type { Acting } from './extensions.ts';
import { FakeExchanges } from './support/fake-exchanges.ts';
import { FakeRepositories } from './support/fake-repositories.ts';
import { createManagement, type Management } from './management.ts';
import { Refusal } from './refusal.ts';
import { Unwritable } from './unwritable.ts';

const HOUR_MS = 3_600_000;
const NOTED_MS = 5 * 60_000;
const BEGINNING = Date.UTC(2026, 0, 1);
const VISITOR = { browser: 'Mozilla/5.0', address: '192.0.2.7' };

let clock: VirtualClock;
let repositories: FakeRepositories;
let management: Management;
let acting: Acting;

function open(): Management {
  const chance = seededChance('management');
  return createManagement({
    ...repositories,
    accounts: new MemoryAccounts(() => undefined),
    exchanges: new FakeExchanges(repositories.book, chance),
    canMail: false,
    world: { clock, chance },
  });
}

beforeEach(async () => {
  clock = new VirtualClock(BEGINNING);
  repositories = new FakeRepositories();
  management = open();
  await management.start();
  const opened = await management.setup.complete({
    token: management.setup.token ?? '',
    organization: { name: 'Demo', domain: 'demo.test', emergencyNumbers: [] },
    administrator: { email: 'boss@demo.test', password: 'correct horse battery' },
  });
  const { person } = granted(opened);
  acting = { organization: person.organization, who: person.email };
  granted(
    await management.extensions.create(acting, {
      number: '101',
      name: 'Ada',
      kind: 'person',
      allowVirtualization: true,
    }),
  );
});
afterEach(() => management.close());

function granted<Answer>(answer: Answer | Refusal): Answer {
  if (answer instanceof Refusal) throw new Error(answer.detail);
  return answer;
}

const enrol = async () => {
  const { code } = granted(await management.terminals.issueEnrolment(acting, '101', { uses: 1, hours: 2 }));
  return code;
};

test('an administrator is signed in for a shift and a half', async () => {
  const { sessions } = management;
  const credentials = { email: 'boss@demo.test', password: 'correct horse battery' };
  const { token, session } = granted(await sessions.signIn(credentials, VISITOR));
  expect(session.expiresAt).toBe(BEGINNING + 12 * HOUR_MS);
  await clock.advance(12 * HOUR_MS - 1);
  expect(await sessions.signedIn(token)).toMatchObject({ session });
  await clock.advance(1);
  expect(await sessions.signedIn(token)).toBeUndefined();
});

test('a link enrols until it expires, and is listed until then', async () => {
  const code = await enrol();
  expect(await management.terminals.enrolments(acting, '101')).toMatchObject({
    links: [{ madeAt: BEGINNING, expiresAt: BEGINNING + 2 * HOUR_MS, madeBy: 'boss@demo.test', usesLeft: 1 }],
  });
  await clock.advance(2 * HOUR_MS);
  expect(await management.terminals.enrolments(acting, '101')).toMatchObject({ links: [] });
  expect(await management.terminals.redeem(code, VISITOR)).toMatchObject({ code: 'enrolment-invalid' });
});

test('when browsers were last heard is stored some minutes later, for all of them at once', async () => {
  const { token } = granted(await management.terminals.redeem(await enrol(), VISITOR));
  await clock.advance(1_000);
  management.terminals.heard(token, '192.0.2.8');
  await clock.advance(1_000);
  management.terminals.heard(token);
  const stored = async () => (await repositories.terminals.browsers())[0];
  expect(await stored()).toMatchObject({ heardAt: BEGINNING, address: '192.0.2.7' });
  await clock.advance(NOTED_MS);
  expect(await stored()).toMatchObject({ heardAt: BEGINNING + 2_000, address: '192.0.2.8' });
  expect(clock.pending).toBe(0);
});

test('what a full disk refused is stored when the next browser is heard, or when the server stops', async () => {
  const { token } = granted(await management.terminals.redeem(await enrol(), VISITOR));
  const { noteHeard } = repositories.terminals;
  repositories.terminals.noteHeard = async () => {
    throw new Unwritable('full', 'perch.db', new Error('the disk is full'));
  };
  await clock.advance(1_000);
  management.terminals.heard(token);
  await clock.advance(NOTED_MS);
  repositories.terminals.noteHeard = noteHeard;
  expect((await repositories.terminals.browsers())[0]?.heardAt).toBe(BEGINNING);
  await management.close();
  expect((await repositories.terminals.browsers())[0]?.heardAt).toBe(BEGINNING + 1_000);
});

test('the link that creates the organization works once', async () => {
  expect(management.setup.token).toBeUndefined();
  const later = open();
  await later.start();
  const again = await later.setup.complete({
    token: 'guessed',
    organization: { name: 'Other', domain: 'other.test', emergencyNumbers: [] },
    administrator: { email: 'eve@other.test', password: 'correct horse battery' },
  });
  expect(again).toMatchObject({ code: 'setup-closed' });
  expect(await repositories.organizations.all()).toHaveLength(1);
});

test('of two who open that link at once, one creates the organization', async () => {
  repositories = new FakeRepositories();
  const fresh = open();
  await fresh.start();
  const create = (domain: string) =>
    fresh.setup.complete({
      token: fresh.setup.token ?? '',
      organization: { name: domain, domain, emergencyNumbers: [] },
      administrator: { email: `boss@${domain}`, password: 'correct horse battery' },
    });
  const [first, second] = await Promise.all([create('one.test'), create('two.test')]);
  expect(granted(first).person.email).toBe('boss@one.test');
  expect(second).toMatchObject({ code: 'setup-closed' });
  expect(await repositories.organizations.all()).toMatchObject([{ domain: 'one.test' }]);
});

test('of two administrators who create a number at once, one is told that it is taken', async () => {
  const create = (name: string) =>
    management.extensions.create(acting, { number: '102', name, kind: 'person', allowVirtualization: true });
  const [first, second] = await Promise.all([create('Ben'), create('Bob')]);
  expect(first).toMatchObject({ name: 'Ben' });
  expect(second).toMatchObject({ code: 'number-taken' });
  expect(management.extensions.find(acting.organization, '102')).toMatchObject({ name: 'Ben' });
});

test('changes of one extension at once are all kept', async () => {
  const { extensions } = management;
  await Promise.all([
    extensions.change(acting, '101', { name: 'Ada L.' }),
    extensions.setSecretCode(acting, '101', '4711'),
    extensions.change(acting, '101', { suspended: true }),
    extensions.issueSipCredentials(acting, '101', 'password'),
  ]);
  const kept = { name: 'Ada L.', hasSecretCode: true, suspended: true };
  expect(extensions.find(acting.organization, '101')).toMatchObject(kept);
  expect(await repositories.book(acting.organization).load()).toMatchObject([
    { ...kept, digest: expect.anything() },
  ]);
});

test('lists of extensions hold no secrets', async () => {
  const { extensions } = management;
  await extensions.issueSipCredentials(acting, '101', 'password');
  const [stored] = await repositories.book(acting.organization).load();
  if (!stored?.digest) throw new Error('101 has no SIP password');
  const held = JSON.stringify([extensions.find(acting.organization, '101'), extensions.all(acting)]);
  expect(held).not.toContain(stored.digest.ha1Sha256);
  expect(held).not.toContain('digest');
});

test('an extension that is changed while it is deleted stays deleted', async () => {
  const { extensions } = management;
  const [, changed] = await Promise.all([
    extensions.delete(acting, '101'),
    extensions.change(acting, '101', { name: 'Ghost' }),
  ]);
  expect(changed).toMatchObject({ code: 'not-found' });
  expect(await repositories.book(acting.organization).load()).toEqual([]);
});

test('of two browsers that open a link for one at once, one becomes a phone', async () => {
  const code = await enrol();
  const answers = await Promise.all([1, 2].map(() => management.terminals.redeem(code, VISITOR)));
  expect(answers.filter((answer) => answer instanceof Refusal)).toMatchObject([
    { code: 'enrolment-invalid' },
  ]);
  expect(await repositories.terminals.browsers()).toHaveLength(1);
});

test('a change that cannot be stored has not happened, and the next one does', async () => {
  repositories.trouble = new Unwritable('full', 'perch.db', new Error('the disk is full'));
  await expect(management.extensions.change(acting, '101', { name: 'Lost' })).rejects.toThrow('it is full');
  expect(management.extensions.all(acting)).toMatchObject([{ name: 'Ada' }]);
  repositories.trouble = undefined;
  expect(await management.extensions.change(acting, '101', { name: 'Found' })).toMatchObject({
    name: 'Found',
  });
});

test('after a restart everything is as it was', async () => {
  const { token } = granted(await management.terminals.redeem(await enrol(), VISITOR));
  const again = open();
  await again.start();
  expect(again.extensions.all(acting)).toEqual(management.extensions.all(acting));
  expect(granted(again.terminals.authenticate(token)).owner.number).toBe('101');
});
