import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { validateSecretCode, validateVoicemailPin } from '@perch/shared';
import { renderUnicodeCompact } from 'uqr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer } from '../http/support/test-server.ts';
import type { TestServer } from '../http/support/test-server.ts';
import { Refusal } from '../management/refusal.ts';
import { furnish } from './furnish.ts';
import type { Demo } from './furnish.ts';
import { invitationOf } from './invitation.ts';
import { EXTENSIONS } from './organization.ts';
import { passwordsOf } from './passwords.ts';
import { systemChance } from '../world/system-chance.ts';
import { tableOf } from './table.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';

const URL_OF_DEMO = 'http://localhost:8080';

let server: TestServer;
let demo: Demo;
beforeAll(async () => {
  server = await startTestServer();
  demo = await furnished();
}, 20_000);
afterAll(() => server.close());

const furnished = () => furnish(server.management, URL_OF_DEMO, (owner) => `password of ${owner}`);

test('the demo has what scripts rely on', () => {
  expect(demo).toMatchObject({
    url: URL_OF_DEMO,
    sip: { url: 'ws://localhost:8080/sip', domain: 'demo.perch.test' },
    admin: {
      url: 'http://localhost:8080/admin',
      email: 'admin@demo.perch.test',
      password: 'password of admin@demo.perch.test',
    },
  });
  expect(
    demo.extensions.map(({ number, name, allowVirtualization }) => [number, name, allowVirtualization]),
  ).toEqual([
    ['101', 'Ada', true],
    ['102', 'Ben', true],
    ['103', 'Chloe', true],
    ['104', 'Dev', true],
  ]);
  expect(
    demo.stations.map(({ number, name, secretCode, voicemailPin, allowVirtualization }) => [
      number,
      name,
      secretCode,
      voicemailPin,
      allowVirtualization,
    ]),
  ).toEqual([
    ['201', 'Front desk', null, null, true],
    ['202', 'Back office', null, null, true],
    ['203', 'Server room', null, null, false],
  ]);
  expect(demo.extensions[0]).toMatchObject({
    sip: { username: '101', password: 'password of 101' },
    phoneUrl: expect.stringMatching(/^http:\/\/localhost:8080\/phone\/101#[\w-]{43}$/),
  });
});

test('its codes and PINs follow the rules, and are all different', () => {
  for (const { number, secretCode, voicemailPin } of EXTENSIONS) {
    if (secretCode === null || voicemailPin === null) continue;
    expect([number, validateSecretCode(secretCode, number)]).toEqual([number, undefined]);
    expect([number, validateVoicemailPin(voicemailPin, number)]).toEqual([number, undefined]);
    expect(voicemailPin).not.toBe(secretCode);
  }
});

test('every code and credential that it prints works', async () => {
  const { email, password } = demo.admin;
  expect((await server.call('POST /api/session', { body: { email, password } })).status).toBe(200);
  const { extensions } = server.management;
  for (const { number, secretCode, voicemailPin } of demo.extensions) {
    const [organization] = extensions.organizations();
    const known = organization && extensions.find(organization.id, number);
    if (!known || known instanceof Refusal) throw new Error(`no extension ${number}`);
    const { book } = server.exchanges.only;
    expect(await book.verify(known.id, secretCode ?? '')).toBe(true);
    expect(await book.voicemailPins.verify(known.id, voicemailPin ?? '')).toBe(true);
    expect(server.accounts.byDigest('demo.perch.test', number)).toBeDefined();
  }
});

test('a link works for many browsers', async () => {
  const code = new URL(demo.stations[0]?.stationUrl ?? '').hash.slice(1);
  for (let browsers = 0; browsers < 3; browsers++)
    expect((await server.call('POST /api/enrolments/redeem', { body: { code } })).json).toMatchObject({
      number: '201',
    });
});

test('a second start changes nothing that is there', async () => {
  const before = server.accounts.byDigest('demo.perch.test', '101');
  const again = await furnished();
  expect(again.extensions).toHaveLength(4);
  expect(server.accounts.byDigest('demo.perch.test', '101')).toBe(before);
  expect(server.cutOff).toEqual([]);
});

test('a data folder with another organization is refused with a sentence', async () => {
  const other = await startTestServer();
  await other.setUp();
  const demoThere = furnish(other.management, URL_OF_DEMO, () => '');
  await expect(demoThere).rejects.toThrow('The data folder holds another organization.');
  await other.close();
});

test('passwords are the same at every start on a folder, differ between folders, and only the user can read them', () => {
  const folder = scratchFolder();
  const [one, other] = [join(folder, 'one'), join(folder, 'other')] as const;
  const password = passwordsOf(one, systemChance)('101');
  expect(password).toMatch(/^[\w-]{20}$/);
  expect(passwordsOf(one, systemChance)('101')).toBe(password);
  expect(passwordsOf(one, systemChance)('102')).not.toBe(password);
  expect(passwordsOf(other, systemChance)('101')).not.toBe(password);
  expect(statSync(join(one, 'demo-seed')).mode & 0o077).toBe(0);
  rmSync(folder, { recursive: true });
});

test('the table has every link and every secret', () => {
  const table = tableOf(demo);
  const { email, password } = demo.admin;
  const wanted = [demo.url, demo.sip.url, demo.sip.domain, email, password];
  for (const { phoneUrl, sip, secretCode, voicemailPin } of demo.extensions)
    wanted.push(phoneUrl, sip.password, `code ${secretCode}`, `PIN ${voicemailPin}`);
  for (const { stationUrl, sip } of demo.stations) wanted.push(stationUrl, sip.password);
  for (const text of wanted) expect(table).toContain(text);
});

test('the invitation of --lan has a QR code, the fingerprint to compare, and the other addresses', () => {
  const invitation = invitationOf(demo, { fingerprint: 'AB:CD', others: ['10.0.0.5'] });
  const code = renderUnicodeCompact(demo.stations[0]?.stationUrl ?? '', { border: 2 });
  for (const line of code.split('\n')) expect(invitation).toContain(line);
  expect(invitation).toContain('201 Front desk');
  expect(invitation).toContain('\n  AB:CD\n');
  expect(invitation).toContain('--lan=10.0.0.5');
});

test('the invitation says nothing of a warning where the user has given a certificate', () => {
  expect(invitationOf(demo, { fingerprint: undefined, others: [] })).not.toContain('warns');
});
