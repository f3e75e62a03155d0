import { type AuditEntry, NO_STAY_LIMITS, organizationId, type OrganizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { BookStore } from '../../exchange/book/ports.ts';
import { bookStoreContract } from '../../exchange/book/support/book-store.contract.ts';
import type { AuditHead, AuditSearch } from '../audit-repository.ts';
import type {
  Repositories,
  StoredApiToken,
  StoredBrowser,
  StoredEnrolment,
  StoredPerson,
  StoredPinGuesses,
  StoredSession,
} from '../repositories.ts';
import { ada, administrator, ben, organization } from './stored.ts';

const hash = (text: string) => Buffer.from(text.padEnd(32));

/** Ada's link, made by the administrator; good for two browsers. */
const link: StoredEnrolment = {
  hash: hash('link'),
  extension: ada.id,
  usesLeft: 2,
  expiresAt: 1000,
  madeAt: 0,
  madeBy: administrator.email,
};
const browser = (token: string, rest: Partial<StoredBrowser> = {}): StoredBrowser => ({
  hash: hash(token),
  extension: ada.id,
  madeAt: 5,
  madeBy: administrator.email,
  browser: 'Mozilla/5.0',
  address: '192.0.2.7',
  heardAt: 5,
  ...rest,
});
/** The administrator's, for a second. */
const sessionOf = (token: string, openedAt: number): StoredSession => ({
  hash: hash(token),
  person: administrator.id,
  openedAt,
  expiresAt: openedAt + 1000,
  browser: 'Mozilla/5.0',
  address: null,
  heardAt: openedAt,
  provided: null,
});
const entryOf = (last: AuditHead | undefined, rest: Partial<AuditEntry>): AuditEntry => {
  const position = (last?.position ?? 0) + 1;
  const nothing = { address: null, action: 'test', about: null, result: 'done', before: null, after: null };
  return { position, at: 10, who: 'nobody', ...nothing, seal: `s${position}`, ...rest };
};
const MONTH = 30 * 86_400_000;

/** What is stored beside each other: a deletion in a book reaches the tokens. */
type Stored = Repositories & { readonly book: (organization: OrganizationId) => BookStore };

/** What the repositories of management, and the books, must do. `make` gives empty ones, and a way to open them again after a restart. */
export function repositoriesContract(
  name: string,
  make: () => Promise<{ readonly repositories: Stored; reopen(): Promise<Stored> }>,
): void {
  const withAda = async () => {
    const { repositories, reopen } = await make();
    await repositories.organizations.create(organization, administrator);
    const extensions = repositories.book(organization.id);
    await extensions.insert(ada);
    return { ...repositories, extensions, reopen };
  };

  bookStoreContract(`${name}, a book`, async () => {
    const { extensions, reopen } = await withAda();
    return { store: extensions, reopen: async () => (await reopen()).book(organization.id) };
  });

  test(`${name}: nothing is there at first`, async () => {
    const { repositories } = await make();
    expect(await repositories.organizations.all()).toEqual([]);
    expect(await repositories.book(organization.id).load()).toEqual([]);
    expect(await repositories.terminals.browsers()).toEqual([]);
    expect(await repositories.people.byEmail('root@demo.test')).toEqual([]);
  });

  test(`${name}: organizations, administrators and extensions are as they were after a restart`, async () => {
    const { reopen } = await withAda();
    const { organizations, people, book } = await reopen();
    expect(await organizations.all()).toEqual([organization]);
    expect(await people.byEmail('root@demo.test')).toEqual([administrator]);
    expect(await people.byEmail('ada@demo.test')).toEqual([]);
    expect(await book(organization.id).load()).toEqual([ada]);
    expect(await book(organizationId('p')).load()).toEqual([]);
  });

  test(`${name}: an organization without its administrator is never stored`, async () => {
    const { organizations } = await withAda();
    const second = { ...organization, id: organizationId('p'), domain: 'second.test' };
    await expect(organizations.create(second, administrator)).rejects.toThrow();
    expect(await organizations.all()).toEqual([organization]);
  });

  test(`${name}: the limits of stays are off until they are set, each organization's its own`, async () => {
    const { organizations, reopen } = await withAda();
    expect(await organizations.stayLimits(organization.id)).toEqual(NO_STAY_LIMITS);
    const limits = { longestMinutes: 480, timeOfDay: '18:30', idleMinutes: null };
    await organizations.setStayLimits(organization.id, limits);
    const kept = (await reopen()).organizations;
    expect(await kept.stayLimits(organization.id)).toEqual(limits);
    expect(await kept.stayLimits(organizationId('p'))).toEqual(NO_STAY_LIMITS);
  });

  test(`${name}: the language of an organization is none until it is set, and can be none again; each has its own`, async () => {
    const { organizations, reopen } = await withAda();
    expect(await organizations.language(organization.id)).toBeNull();
    await organizations.setLanguage(organization.id, 'de');
    const kept = (await reopen()).organizations;
    expect(await kept.language(organization.id)).toBe('de');
    expect(await kept.language(organizationId('p'))).toBeNull();
    await kept.setLanguage(organization.id, null);
    expect(await kept.language(organization.id)).toBeNull();
  });

  test(`${name}: the language of a person is kept with what they may do`, async () => {
    const { people, reopen } = await withAda();
    const french: StoredPerson = { ...administrator, language: 'fr' };
    await people.update(french);
    expect(await (await reopen()).people.byId(administrator.id)).toEqual(french);
  });

  test(`${name}: the stations of an organization have no PIN until one is set, and none once it is removed`, async () => {
    const { organizations, reopen } = await withAda();
    expect(await organizations.stationPin(organization.id)).toBeNull();
    await organizations.setStationPin(organization.id, '$argon2id$of-a-pin');
    const kept = (await reopen()).organizations;
    expect(await kept.stationPin(organization.id)).toBe('$argon2id$of-a-pin');
    expect(await kept.stationPin(organizationId('p'))).toBeNull();
    await kept.setStationPin(organization.id, null);
    expect(await (await reopen()).organizations.stationPin(organization.id)).toBeNull();
  });

  test(`${name}: wrong PINs are kept until they are forgotten, or the PIN is another one; each organization has its own`, async () => {
    const { organizations, reopen } = await withAda();
    expect(await organizations.pinGuesses(organization.id)).toBeNull();
    const wrongAt = (at: number) => ({ at, station: ada.terminal });
    const guesses: StoredPinGuesses = {
      everywhere: { wrong: [wrongAt(1), wrongAt(2)], locks: 1, lockedUntil: 3 },
      stations: [[ada.terminal, { wrong: [wrongAt(2)], locks: 0, lockedUntil: 0 }]],
    };
    await organizations.setPinGuesses(organization.id, guesses);
    const kept = (await reopen()).organizations;
    expect(await kept.pinGuesses(organization.id)).toEqual(guesses);
    expect(await kept.pinGuesses(organizationId('p'))).toBeNull();
    await kept.forgetPinGuesses(organization.id);
    expect(await kept.pinGuesses(organization.id)).toBeNull();
    await kept.setPinGuesses(organization.id, guesses);
    await kept.setStationPin(organization.id, null);
    expect(await (await reopen()).organizations.pinGuesses(organization.id)).toBeNull();
  });

  test(`${name}: people of two organizations may have the same address, and those of one may not`, async () => {
    const { people, organizations, reopen } = await withAda();
    const supervisor: StoredPerson = {
      ...administrator,
      ...{ id: 's', email: 'ada@demo.test', passwordHash: null, roles: ['supervisor', 'owner'] },
      ...{ extension: ada.id, groups: ['Sales'] },
    };
    await people.insert(supervisor);
    await expect(people.insert({ ...supervisor, id: 't' })).rejects.toThrow();
    const theirs = { ...organization, id: organizationId('p'), domain: 'second.test' };
    const same = { ...supervisor, id: 'u', organization: theirs.id, extension: null };
    await organizations.create(theirs, same);
    expect(await (await reopen()).people.byEmail('ada@demo.test')).toEqual([supervisor, same]);
  });

  test(`${name}: people are found by their role, in every organization`, async () => {
    const { people, organizations } = await withAda();
    const theirs = { ...organization, id: organizationId('p'), domain: 'second.test' };
    const second: StoredPerson = {
      ...administrator,
      id: 'u',
      organization: theirs.id,
      roles: ['administrator'],
    };
    await organizations.create(theirs, second);
    expect(await people.withRole('administrator')).toEqual([administrator, second]);
    expect(await people.withRole('operator')).toEqual([administrator]);
    expect(await people.withRole('owner')).toEqual([]);
  });

  test(`${name}: one identity is one person in each organization, and a person has one`, async () => {
    const { organizations, identities, reopen } = await withAda();
    const theirs = { ...organization, id: organizationId('p'), domain: 'second.test' };
    const same: StoredPerson = { ...administrator, id: 'u', organization: theirs.id };
    await organizations.create(theirs, same);
    const identity = { issuer: 'https://login.test', subject: 'one' };
    for (const { id } of [administrator, same]) await identities.keep(id, identity);
    await identities.keep(same.id, { ...identity, subject: 'another' });
    const { identities: kept, people } = await reopen();
    expect(await kept.of(same.id)).toEqual(identity);
    expect(await kept.people(identity)).toEqual([administrator, same]);
    expect(await kept.people({ ...identity, issuer: 'https://elsewhere.test' })).toEqual([]);
    expect([...(await kept.known(theirs.id))]).toEqual([same.id]);
    await kept.delete(same.id);
    expect(await kept.of(same.id)).toBeUndefined();
    await people.delete(administrator.id);
    expect(await kept.people(identity)).toEqual([]);
  });

  test(`${name}: a token for scripts is found until it expires or is deleted, and is gone with its person`, async () => {
    const { apiTokens, reopen } = await withAda();
    const token: StoredApiToken = {
      ...{ id: 't', hash: hash('t'), person: administrator.id, name: 'Nightly', actions: ['view-records'] },
      ...{ proven: true, madeAt: 5, expiresAt: 1000, usedAt: null, usedFrom: null },
    };
    const later = { ...token, id: 'u', hash: hash('u'), proven: false, madeAt: 6 };
    for (const one of [token, later]) await apiTokens.insert(one);
    await apiTokens.noteUse('t', '192.0.2.7', 7);
    const { apiTokens: kept, people } = await reopen();
    const used = { ...token, usedAt: 7, usedFrom: '192.0.2.7' };
    expect(await kept.of(administrator.id)).toEqual([later, used]);
    expect(await kept.find(hash('t'), 999)).toEqual({ token: used, person: administrator });
    expect([await kept.find(hash('t'), 1000), await kept.find(hash('v'), 5)]).toEqual([undefined, undefined]);
    expect([await kept.delete('somebody', 't'), await kept.delete(administrator.id, 't')]).toEqual([
      false,
      true,
    ]);
    expect(await kept.find(hash('t'), 5)).toBeUndefined();
    await people.delete(administrator.id);
    expect(await kept.of(administrator.id)).toEqual([]);
  });

  test(`${name}: deleting an extension deletes its tokens and enrolments, and no others`, async () => {
    const { extensions, terminals } = await withAda();
    await extensions.insert(ben);
    const bens = { ...link, hash: hash('ben'), extension: ben.id };
    for (const one of [link, bens]) await terminals.insertEnrolment(one);
    await terminals.redeem(link.hash, browser('t1'));
    await terminals.redeem(bens.hash, browser('t2', { extension: ben.id }));
    await extensions.delete(ada.id, []);
    expect(await terminals.browsers()).toEqual([browser('t2', { extension: ben.id })]);
    expect(await terminals.enrolment(link.hash)).toBeUndefined();
    expect(await terminals.enrolment(bens.hash)).toEqual({ ...bens, usesLeft: 1 });
  });

  test(`${name}: an enrolment has fewer uses left with each browser, over a restart`, async () => {
    const { terminals, reopen } = await withAda();
    await terminals.insertEnrolment(link);
    await terminals.redeem(link.hash, browser('t1'));
    await terminals.redeem(
      link.hash,
      browser('t2', { madeBy: null, browser: null, address: null, heardAt: null }),
    );
    const again = (await reopen()).terminals;
    expect(await again.enrolment(link.hash)).toEqual({ ...link, usesLeft: 0 });
    expect(await again.enrolment(hash('other'))).toBeUndefined();
    expect(await again.browsers()).toEqual([
      browser('t1'),
      browser('t2', { madeBy: null, browser: null, address: null, heardAt: null }),
    ]);
  });

  test(`${name}: of two browsers that open a link for one at once, one becomes a phone`, async () => {
    const { terminals } = await withAda();
    await terminals.insertEnrolment({ ...link, usesLeft: 1 });
    const both = ['t1', 't2'].map((token) => terminals.redeem(link.hash, browser(token)));
    expect((await Promise.all(both)).sort()).toEqual([false, true]);
    expect(await terminals.browsers()).toHaveLength(1);
    expect(await terminals.enrolment(link.hash)).toEqual({ ...link, usesLeft: 0 });
  });

  test(`${name}: a link that was withdrawn, or never made, makes no browser a phone`, async () => {
    const { terminals } = await withAda();
    await terminals.insertEnrolment(link);
    await terminals.deleteEnrolment(link.hash);
    expect(await terminals.redeem(link.hash, browser('t1'))).toBe(false);
    expect(await terminals.browsers()).toEqual([]);
  });

  test(`${name}: open enrolments are those of the extension that can still be used`, async () => {
    const { terminals } = await withAda();
    await terminals.insertEnrolment(link);
    expect(await terminals.openEnrolments(ada.id, 999)).toEqual([link]);
    expect(await terminals.openEnrolments(ada.id, 1000)).toEqual([]);
    expect(await terminals.openEnrolments(ben.id, 0)).toEqual([]);
    await terminals.redeem(link.hash, browser('t1'));
    await terminals.redeem(link.hash, browser('t2'));
    expect(await terminals.openEnrolments(ada.id, 0)).toEqual([]);
  });

  test(`${name}: an enrolment that was withdrawn is gone; the browsers that it made phones stay`, async () => {
    const { terminals, reopen } = await withAda();
    await terminals.insertEnrolment(link);
    await terminals.redeem(link.hash, browser('t1'));
    await terminals.deleteEnrolment(link.hash);
    const again = (await reopen()).terminals;
    expect(await again.enrolment(link.hash)).toBeUndefined();
    expect(await again.browsers()).toEqual([browser('t1')]);
  });

  test(`${name}: an expired enrolment is forgotten after a month`, async () => {
    const { terminals } = await withAda();
    await terminals.insertEnrolment(link);
    await terminals.insertEnrolment({ ...link, hash: hash('later'), madeAt: link.expiresAt + MONTH - 1 });
    expect(await terminals.enrolment(link.hash)).toBeDefined();
    await terminals.insertEnrolment({ ...link, hash: hash('last'), madeAt: link.expiresAt + MONTH });
    expect(await terminals.enrolment(link.hash)).toBeUndefined();
  });

  test(`${name}: when browsers were last heard is kept; a deleted browser is skipped`, async () => {
    const { terminals, reopen } = await withAda();
    await terminals.insertEnrolment(link);
    await terminals.redeem(link.hash, browser('t1'));
    const heard = { address: '2001:db8::1', heardAt: 77 };
    await terminals.noteHeard([
      { hash: hash('t1'), ...heard },
      { hash: hash('gone'), ...heard },
    ]);
    expect(await (await reopen()).terminals.browsers()).toEqual([browser('t1', heard)]);
  });

  test(`${name}: a revoked token stays revoked`, async () => {
    const { terminals, reopen } = await withAda();
    await terminals.insertEnrolment(link);
    for (const token of ['t1', 't2']) await terminals.redeem(link.hash, browser(token));
    await terminals.deleteToken(hash('t1'));
    expect(await (await reopen()).terminals.browsers()).toEqual([browser('t2')]);
  });

  test(`${name}: a session lasts until it expires or is closed, over a restart`, async () => {
    const { people: before, reopen } = await withAda();
    const session = sessionOf('s', 0);
    await before.openSession(session);
    const { people } = await reopen();
    expect(await people.session(hash('s'), 999)).toEqual({ session, person: administrator });
    expect(await people.session(hash('other'), 999)).toBeUndefined();
    expect(await people.session(hash('s'), 1000)).toBeUndefined();
    await people.closeSession(hash('s'));
    expect(await people.session(hash('s'), 999)).toBeUndefined();
  });

  test(`${name}: a session that has expired is forgotten when the next is opened`, async () => {
    const { people } = await withAda();
    await people.openSession(sessionOf('s', 0));
    await people.openSession(sessionOf('t', 1000));
    expect(await people.session(hash('s'), 0)).toBeUndefined();
    expect((await people.session(hash('t'), 0))?.session.expiresAt).toBe(2000);
  });

  test(`${name}: a link chooses a password once, and closes every session of its person`, async () => {
    const { people, reopen } = await withAda();
    await people.openSession(sessionOf('s', 0));
    const link = { hash: hash('l'), person: administrator.id, madeAt: 0, madeBy: null, expiresAt: 1000 };
    await people.replaceLink({ ...link, hash: hash('older') });
    await people.replaceLink(link);
    const again = (await reopen()).people;
    expect(await again.linked(hash('older'), 0)).toBeUndefined();
    expect(await again.linked(hash('l'), 1000)).toBeUndefined();
    expect(await again.linked(hash('l'), 999)).toEqual(administrator);
    expect(await again.useLink(hash('l'), '$new', 1000)).toBe(false);
    expect(await again.session(hash('s'), 0)).toBeDefined();
    expect(await again.useLink(hash('l'), '$new', 999)).toBe(true);
    expect(await again.useLink(hash('l'), '$newer', 999)).toBe(false);
    expect(await again.byId(administrator.id)).toEqual({ ...administrator, passwordHash: '$new' });
    expect(await again.session(hash('s'), 0)).toBeUndefined();
  });

  test(`${name}: rights are changed, and a person is deleted with sessions and link`, async () => {
    const { people, reopen } = await withAda();
    const changed = { ...administrator, roles: ['owner'], extension: ada.id, groups: ['Sales'] } as const;
    await people.update({ ...changed, passwordHash: 'never stored this way' });
    expect(await (await reopen()).people.all(organization.id)).toEqual([changed]);
    const again = (await reopen()).people;
    await again.openSession(sessionOf('s', 0));
    await again.replaceLink({
      hash: hash('l'),
      person: administrator.id,
      madeAt: 0,
      madeBy: 'x',
      expiresAt: 9,
    });
    await again.delete(administrator.id);
    expect(await again.all(organization.id)).toEqual([]);
    expect(await again.session(hash('s'), 0)).toBeUndefined();
    expect(await again.linked(hash('l'), 0)).toBeUndefined();
  });

  test(`${name}: the sessions of a person, and when they were heard`, async () => {
    const { people } = await withAda();
    await people.insert({ ...administrator, id: 'other', email: 'other@demo.test' });
    const [first, second] = [sessionOf('s', 0), sessionOf('t', 5)];
    for (const session of [first, second]) await people.openSession(session);
    await people.noteSession(first.hash, '192.0.2.1', 500);
    const noted = { ...first, address: '192.0.2.1', heardAt: 500 };
    expect(await people.sessionsOf(administrator.id, 999)).toEqual([second, noted]);
    expect(await people.seen(organization.id, 999)).toEqual(
      new Map([[administrator.id, { sessions: 2, heardAt: 500 }]]),
    );
    expect(await people.sessionsOf(administrator.id, 1000)).toEqual([second]);
    expect(await people.seen(organizationId('p'), 999)).toEqual(new Map());
    await people.closeSessionsOf(administrator.id);
    expect(await people.sessionsOf(administrator.id, 0)).toEqual([]);
  });

  test(`${name}: a second factor is on once a code was seen, and takes no code twice, over a restart`, async () => {
    const { secondFactors, reopen } = await withAda();
    const [secret, other] = [hash('secret'), hash('other')];
    const { id } = administrator;
    expect(await secondFactors.of(id)).toBeUndefined();
    expect(await secondFactors.turnOn(id, secret, 7, [])).toBe(false);
    expect(await secondFactors.begin(id, other)).toBe(true);
    expect(await secondFactors.begin(id, secret)).toBe(true);
    expect(await secondFactors.useStep(id, 9)).toBe(false);
    expect(await secondFactors.turnOn(id, other, 7, [])).toBe(false);
    expect(await secondFactors.on(organization.id)).toEqual(new Set());
    expect(await secondFactors.turnOn(id, secret, 7, [hash('c'), hash('d')])).toBe(true);
    const again = (await reopen()).secondFactors;
    expect(await again.turnOn(id, secret, 9, [])).toBe(false);
    expect(await again.begin(id, other)).toBe(false);
    expect(await again.of(id)).toEqual({ secret, isOn: true });
    expect(await again.on(organization.id)).toEqual(new Set([id]));
    expect(await again.on(organizationId('p'))).toEqual(new Set());
    const steps = [7, 8, 8, 6, 9].map((step) => again.useStep(id, step));
    expect(await Promise.all(steps)).toEqual([false, true, false, false, true]);
  });

  test(`${name}: a recovery code works once, and none works after new ones were made`, async () => {
    const { secondFactors, reopen } = await withAda();
    const { id } = administrator;
    await secondFactors.begin(id, hash('secret'));
    await secondFactors.turnOn(id, hash('secret'), 7, [hash('c'), hash('d')]);
    const { secondFactors: again, people } = await reopen();
    expect(await again.useRecoveryCode('nobody', hash('c'))).toBe(false);
    const uses = ['c', 'c', 'e'].map((code) => again.useRecoveryCode(id, hash(code)));
    expect(await Promise.all(uses)).toEqual([true, false, false]);
    expect(await again.recoveryCodes(id)).toBe(1);
    await again.replaceRecoveryCodes(id, [hash('x'), hash('y')]);
    expect(await again.useRecoveryCode(id, hash('d'))).toBe(false);
    expect(await again.recoveryCodes(id)).toBe(2);
    await again.delete(id);
    expect([await again.of(id), await again.recoveryCodes(id)]).toEqual([undefined, 0]);
    await again.begin(id, hash('secret'));
    await people.delete(id);
    expect(await again.of(id)).toBeUndefined();
  });

  test(`${name}: how people have to sign in is said for one organization`, async () => {
    const { secondFactors, reopen } = await withAda();
    expect(await secondFactors.policy(organization.id)).toEqual({ secondFactorOf: 'nobody' });
    for (const secondFactorOf of ['everyone', 'administrators'] as const)
      await secondFactors.setPolicy(organization.id, { secondFactorOf });
    const again = (await reopen()).secondFactors;
    expect(await again.policy(organization.id)).toEqual({ secondFactorOf: 'administrators' });
    expect(await again.policy(organizationId('p'))).toEqual({ secondFactorOf: 'nobody' });
  });

  test(`${name}: the audit has entries in their order, each made from the one before, over a restart`, async () => {
    const { audit, organizations, reopen } = await withAda();
    const theirs = { ...organization, id: organizationId('p'), domain: 'second.test' };
    await organizations.create(theirs, { ...administrator, id: 'q', organization: theirs.id });
    const add = (who: string, rest: Partial<AuditEntry> = {}) =>
      audit.append(organization.id, (last) => entryOf(last, { who, ...rest }));
    await add('ada');
    await audit.append(theirs.id, (last) => entryOf(last, { who: 'stranger' }));
    await add('ben', { action: 'signIn', at: 20, about: '101', address: '192.0.2.7' });
    await add('100%', { before: { name: 'A', groups: ['x'] }, after: null });
    const again = (await reopen()).audit;
    const found = async (search: AuditSearch, limit = 9) =>
      (await again.read(organization.id, search, limit)).map(({ who }) => who);
    expect(await again.head(organization.id)).toEqual({ position: 3, seal: 's3' });
    expect(await again.head(organizationId('nobody'))).toBeUndefined();
    expect(await found({})).toEqual(['100%', 'ben', 'ada']);
    expect(await found({}, 2)).toEqual(['100%', 'ben']);
    expect(await found({ before: 3 })).toEqual(['ben', 'ada']);
    expect(await found({ action: 'signIn' })).toEqual(['ben']);
    expect(await found({ from: 20, until: 21 })).toEqual(['ben']);
    expect(await found({ text: '0.2' })).toEqual(['ben']);
    expect(await found({ text: 'AD' })).toEqual(['ada']);
    expect(await found({ text: '0%' })).toEqual(['100%']);
    expect(await found({ text: '_' })).toEqual([]);
    const on = await again.readOn(organization.id, 1, 9);
    expect(on.map(({ position }) => position)).toEqual([2, 3]);
    expect(on[1]).toMatchObject({ before: { name: 'A', groups: ['x'] }, after: null });
  });
}
