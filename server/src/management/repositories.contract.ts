import { extensionId, extensionNumber, organizationId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type {
  AdministratorRepository,
  ExtensionRepository,
  OrganizationRepository,
  StoredAdministrator,
  StoredBrowser,
  StoredEnrolment,
  StoredExtension,
  TerminalRepository,
} from './ports.ts';

/** What management stores. */
export interface Repositories {
  readonly organizations: OrganizationRepository;
  readonly extensions: ExtensionRepository;
  readonly terminals: TerminalRepository;
  readonly administrators: AdministratorRepository;
}

const organization = {
  id: organizationId('o'),
  name: 'Demo',
  domain: 'demo.test',
  emergencyNumbers: ['112'],
};
const administrator: StoredAdministrator = {
  id: 'root',
  organization: organization.id,
  email: 'root@demo.test',
  passwordHash: '$argon2id$…',
};
const ada: StoredExtension = {
  id: extensionId('a'),
  terminal: terminalId('phone-a'),
  organization: organization.id,
  number: extensionNumber('101'),
  name: 'Ada',
  kind: 'person',
  allowVirtualization: true,
  hasSecretCode: true,
  secretCodeHash: '$argon2id$…',
  hasVoicemailPin: true,
  voicemailPinHash: '$argon2id$pin…',
  voicemailMail: 'ada@demo.test',
  suspended: false,
  digest: { ha1Md5: 'm', ha1Sha256: 's' },
};
const ben: StoredExtension = {
  ...ada,
  id: extensionId('b'),
  terminal: terminalId('phone-b'),
  number: extensionNumber('102'),
  name: 'Ben',
};
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
const MONTH = 30 * 86_400_000;

/** What the repositories of management must do. `make` gives empty ones, and a way to open them again after a restart. */
export function repositoriesContract(
  name: string,
  make: () => Promise<{ readonly repositories: Repositories; reopen(): Promise<Repositories> }>,
): void {
  const withAda = async () => {
    const { repositories, reopen } = await make();
    repositories.organizations.create(organization, administrator);
    repositories.extensions.insert(ada);
    return { ...repositories, reopen };
  };

  test(`${name}: nothing is there at first`, async () => {
    const { repositories } = await make();
    expect(repositories.organizations.all()).toEqual([]);
    expect(repositories.extensions.all()).toEqual([]);
    expect(repositories.terminals.browsers()).toEqual([]);
    expect(repositories.administrators.byEmail('root@demo.test')).toBeUndefined();
  });

  test(`${name}: organizations, administrators and extensions are as they were after a restart`, async () => {
    const { reopen } = await withAda();
    const { organizations, administrators, extensions } = await reopen();
    expect(organizations.all()).toEqual([organization]);
    expect(administrators.byEmail('root@demo.test')).toEqual(administrator);
    expect(administrators.byEmail('ada@demo.test')).toBeUndefined();
    expect(extensions.all()).toEqual([ada]);
  });

  test(`${name}: an organization without its administrator is never stored`, async () => {
    const { organizations } = await withAda();
    const second = { ...organization, id: organizationId('p'), domain: 'second.test' };
    expect(() => organizations.create(second, administrator)).toThrow();
    expect(organizations.all()).toEqual([organization]);
  });

  test(`${name}: an extension is updated as a whole, and no other changes`, async () => {
    const { extensions, reopen } = await withAda();
    extensions.insert(ben);
    const changed: StoredExtension = {
      ...ada,
      name: 'Ada L.',
      kind: 'station',
      allowVirtualization: false,
      suspended: true,
      hasSecretCode: false,
      secretCodeHash: null,
      hasVoicemailPin: false,
      voicemailPinHash: null,
      voicemailMail: null,
      digest: null,
    };
    extensions.update(changed);
    expect((await reopen()).extensions.all()).toEqual([changed, ben]);
  });

  test(`${name}: extensions are listed in the order of their numbers`, async () => {
    const { extensions } = await withAda();
    const early = {
      ...ada,
      id: extensionId('z'),
      terminal: terminalId('phone-z'),
      number: extensionNumber('100'),
    };
    extensions.insert(ben);
    extensions.insert(early);
    expect(extensions.all()).toEqual([early, ada, ben]);
  });

  test(`${name}: a number is taken once, and free again after a deletion`, async () => {
    const { extensions } = await withAda();
    const other = { ...ada, id: extensionId('b'), terminal: terminalId('phone-b') };
    expect(() => extensions.insert(other)).toThrow();
    extensions.delete(ada.id);
    extensions.insert(other);
    expect(extensions.all()).toEqual([other]);
  });

  test(`${name}: deleting an extension deletes its tokens and enrolments, and no others`, async () => {
    const { extensions, terminals } = await withAda();
    extensions.insert(ben);
    const bens = { ...link, hash: hash('ben'), extension: ben.id };
    for (const one of [link, bens]) terminals.insertEnrolment(one);
    terminals.redeem(link.hash, browser('t1'));
    terminals.redeem(bens.hash, browser('t2', { extension: ben.id }));
    extensions.delete(ada.id);
    expect(terminals.browsers()).toEqual([browser('t2', { extension: ben.id })]);
    expect(terminals.enrolment(link.hash)).toBeUndefined();
    expect(terminals.enrolment(bens.hash)).toEqual({ ...bens, usesLeft: 1 });
  });

  test(`${name}: an enrolment has fewer uses left with each browser, over a restart`, async () => {
    const { terminals, reopen } = await withAda();
    terminals.insertEnrolment(link);
    terminals.redeem(link.hash, browser('t1'));
    terminals.redeem(link.hash, browser('t2', { madeBy: null, browser: null, address: null, heardAt: null }));
    const again = (await reopen()).terminals;
    expect(again.enrolment(link.hash)).toEqual({ ...link, usesLeft: 0 });
    expect(again.enrolment(hash('other'))).toBeUndefined();
    expect(again.browsers()).toEqual([
      browser('t1'),
      browser('t2', { madeBy: null, browser: null, address: null, heardAt: null }),
    ]);
  });

  test(`${name}: open enrolments are those of the extension that can still be used`, async () => {
    const { terminals } = await withAda();
    terminals.insertEnrolment(link);
    expect(terminals.openEnrolments(ada.id, 999)).toEqual([link]);
    expect(terminals.openEnrolments(ada.id, 1000)).toEqual([]);
    expect(terminals.openEnrolments(ben.id, 0)).toEqual([]);
    terminals.redeem(link.hash, browser('t1'));
    terminals.redeem(link.hash, browser('t2'));
    expect(terminals.openEnrolments(ada.id, 0)).toEqual([]);
  });

  test(`${name}: an enrolment that was withdrawn is gone; the browsers that it made phones stay`, async () => {
    const { terminals, reopen } = await withAda();
    terminals.insertEnrolment(link);
    terminals.redeem(link.hash, browser('t1'));
    terminals.deleteEnrolment(link.hash);
    const again = (await reopen()).terminals;
    expect(again.enrolment(link.hash)).toBeUndefined();
    expect(again.browsers()).toEqual([browser('t1')]);
  });

  test(`${name}: an expired enrolment is forgotten after a month`, async () => {
    const { terminals } = await withAda();
    terminals.insertEnrolment(link);
    terminals.insertEnrolment({ ...link, hash: hash('later'), madeAt: link.expiresAt + MONTH - 1 });
    expect(terminals.enrolment(link.hash)).toBeDefined();
    terminals.insertEnrolment({ ...link, hash: hash('last'), madeAt: link.expiresAt + MONTH });
    expect(terminals.enrolment(link.hash)).toBeUndefined();
  });

  test(`${name}: when browsers were last heard is kept; a deleted browser is skipped`, async () => {
    const { terminals, reopen } = await withAda();
    terminals.insertEnrolment(link);
    terminals.redeem(link.hash, browser('t1'));
    const heard = { address: '2001:db8::1', heardAt: 77 };
    terminals.noteHeard([
      { hash: hash('t1'), ...heard },
      { hash: hash('gone'), ...heard },
    ]);
    expect((await reopen()).terminals.browsers()).toEqual([browser('t1', heard)]);
  });

  test(`${name}: a revoked token stays revoked`, async () => {
    const { terminals, reopen } = await withAda();
    terminals.insertEnrolment(link);
    for (const token of ['t1', 't2']) terminals.redeem(link.hash, browser(token));
    terminals.deleteToken(hash('t1'));
    expect((await reopen()).terminals.browsers()).toEqual([browser('t2')]);
  });

  test(`${name}: a session lasts until it expires or is closed, over a restart`, async () => {
    const { administrators: before, reopen } = await withAda();
    before.openSession(hash('s'), administrator.id, 1000, 0);
    const { administrators } = await reopen();
    expect(administrators.session(hash('s'), 999)).toEqual({ administrator, expiresAt: 1000 });
    expect(administrators.session(hash('other'), 999)).toBeUndefined();
    expect(administrators.session(hash('s'), 1000)).toBeUndefined();
    administrators.closeSession(hash('s'));
    expect(administrators.session(hash('s'), 999)).toBeUndefined();
  });

  test(`${name}: a session that has expired is forgotten when the next is opened`, async () => {
    const { administrators } = await withAda();
    administrators.openSession(hash('s'), administrator.id, 1000, 0);
    administrators.openSession(hash('t'), administrator.id, 3000, 1000);
    expect(administrators.session(hash('s'), 0)).toBeUndefined();
    expect(administrators.session(hash('t'), 0)?.expiresAt).toBe(3000);
  });
}
