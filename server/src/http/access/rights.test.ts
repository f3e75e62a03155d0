import {
  api,
  type Endpoint,
  mayAct,
  organizationId,
  type Rights,
  ROLES,
  RULES,
  TOKEN_ACTIONS,
} from '@perch/shared';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { refuseOpenRoutes } from './access.ts';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

type Name = keyof typeof api;

const PASSWORD = 'correct horse battery';
/** 101 is Sales, 102 is not; 103 is the other organization’s only, which has 101 and 102 as well. */
const THEIRS = organizationId('p');

const [WHO, COLLEAGUE, STRANGER, NOBODY, LEAVER] = ['1', '2', '3', '4', '5'].map(
  (digit) => `${digit}b5c2bcc-6f6a-4c3f-9d0e-2f6d9f3b8a11`,
) as [string, string, string, string, string];

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Two organizations, and a person of the first with these rights, signed in; `owner` makes 101 theirs. */
async function signedInWith(rights: Omit<Rights, 'extension'>): Promise<TestServer> {
  const server = await startTestServer();
  servers.push(server);
  await server.setUp();
  const { storage, management, exchanges } = server;
  for (const number of ['101', '102']) {
    await server.call('POST /api/extensions', { body: { number, name: `Ours ${number}`, kind: 'person' } });
    await server.call(`PATCH /api/extensions/${number}`, {
      body: { group: number === '101' ? 'Sales' : 'Support' },
    });
  }
  const theirs = { id: THEIRS, name: 'Other', domain: 'other.test', emergencyNumbers: [] };
  const nothing = { passwordHash: null, language: null, extension: null, groups: null };
  const nobody = { organization: theirs.id, ...nothing };
  await storage.organizations.create(theirs, { ...nobody, id: STRANGER, email: 't@other.test', roles: [] });
  await exchanges.start(theirs);
  await management.extensions.follow(theirs);
  for (const number of ['101', '102', '103'])
    await management.extensions.create(
      { organization: theirs.id, who: 't@other.test' },
      { number, name: `Theirs ${number}`, kind: 'person', allowVirtualization: true },
    );
  const [administrator] = await storage.people.byEmail('boss@demo.test');
  if (!administrator) throw new Error('nobody has set up the server');
  const email = 'who@demo.test';
  const extension = rights.roles.includes('owner') ? server.extensionOf('101').id : null;
  await storage.people.insert({ ...administrator, ...rights, id: WHO, email, extension });
  const colleague = { ...administrator, id: COLLEAGUE, email: 'colleague@demo.test', roles: [] };
  await storage.people.insert(colleague);
  await storage.people.insert({ ...colleague, id: LEAVER, email: 'leaver@demo.test' });
  server.signedOut();
  await server.call('POST /api/session', { body: { email, password: PASSWORD } });
  return server;
}

const requestOf = (
  { method, path }: Endpoint,
  number: string,
  person = COLLEAGUE,
  subject = LEAVER,
): string =>
  `${method} ${path
    .replace(':number', number)
    .replace(':person', person)
    .replace(':subject', subject)
    .replace(/:enrolment|:session/, 'x'.repeat(43))
    .replace(/:message|:apiToken|:webhook|:ladder/, NOBODY)
    .replace(':delivery', `msg_${NOBODY}`)}`;

const forPeople = (Object.keys(api) as Name[]).filter(
  (name) => !['anyone', 'terminal'].includes(api[name].access),
);
const about = forPeople.filter((name) => api[name].path.includes(':number'));

/** Signing out comes last: what comes after it would be refused for another reason. Deleting comes before that. */
const lateness = (name: Name): number =>
  Number(['deleteExtension', 'removePerson', 'erasePerson'].includes(name)) + 2 * Number(name === 'signOut');
const inOrder = [...forPeople].sort((a, b) => lateness(a) - lateness(b));

/** What each takes, where it takes something. */
const BODIES: Partial<Record<Name, object>> = {
  createExtension: { number: '104', name: 'New', kind: 'person' },
  changeExtension: { name: 'Renamed' },
  changeExtensions: { numbers: ['101'], change: { suspended: false }, dryRun: true },
  importExtensions: { csv: 'number', dryRun: true },
  setSecretCode: { code: '4711' },
  setVoicemailPin: { pin: '4711' },
  issueEnrolment: {},
  createOrganization: { name: 'Third', domain: 'third.test', administrator: 'boss@third.test' },
  invitePerson: { email: 'new@demo.test', roles: ['supervisor'] },
  changePerson: { roles: ['supervisor'] },
  changeRetention: { recordDays: 365, voicemailDays: null, auditDays: null },
  changeStayLimits: { longestMinutes: 480, timeOfDay: '18:30', idleMinutes: null },
  changeLanguage: { language: 'de' },
  setOwnLanguage: { language: null },
  setStationPin: { pin: '4711' },
  setTimeZone: { timeZone: 'Europe/Berlin' },
  makeToken: { name: 'Nightly', actions: ['view-records'] },
  beginSecondFactor: { password: PASSWORD },
  confirmSecondFactor: { code: '000 000' },
  renewRecoveryCodes: { code: '000 000' },
  removeSecondFactor: { code: '000 000' },
  changeSignInPolicy: { secondFactorOf: 'nobody' },
  createWebhook: { name: 'CRM', url: 'https://crm.example.org/', events: ['call.ended'] },
  changeWebhook: { isOn: false },
  erasePerson: { confirm: 'leaver@demo.test' },
};

const NOT_THERE: Partial<Record<Name, string>> = {
  ...{ changeWebhook: 'not-found', deleteWebhook: 'not-found', replaceWebhookSecret: 'not-found' },
  ...{ testWebhook: 'not-found', webhookDeliveries: 'not-found', resendDelivery: 'not-found' },
  ...{ ladder: 'not-found', ladderFile: 'not-found' },
};

/** Where somebody may ask, but what is asked for in this walk is not there. */
const WITHOUT: Partial<Record<Name, string>> = {
  confirmSecondFactor: 'wrong-second-factor',
  renewRecoveryCodes: 'second-factor-off',
  removeSecondFactor: 'second-factor-off',
  resetSecondFactor: 'second-factor-off',
  forgetProvided: 'not-found',
  ...NOT_THERE,
};

/** What is asked after the `?`, where something must be. */
const QUERIES: Partial<Record<Name, string>> = {
  whyNotRung: '?extension=101&at=1',
  report: '?from=2026-11-01&until=2026-11-30',
  reportFile: '?from=2026-11-01&until=2026-11-30',
};

type Reached = Partial<Record<Name, readonly string[]>>;
const to = (numbers: readonly string[], ...names: readonly Name[]): Reached =>
  Object.fromEntries(names.map((name) => [name, numbers]));
const ACCOUNT = to(
  [],
  ...(['signOut', 'ownSessions', 'closeOwnSession', 'secondFactor', 'beginSecondFactor'] as const),
  ...(['confirmSecondFactor', 'renewRecoveryCodes', 'removeSecondFactor'] as const),
  ...(['ownTokens', 'makeToken', 'revokeToken', 'ownData', 'setOwnLanguage'] as const),
);
/** Who may do nothing that a token can be made for makes none. */
const { makeToken: _, ...WITHOUT_TOKENS } = ACCOUNT;
const RECORDS = to(
  [],
  ...(['calls', 'callsFile', 'whyNotRung', 'stays', 'staysFile', 'report', 'reportFile'] as const),
);
const SEEN = ['extensions', 'extensionsFile', 'groups', 'extension', 'moveAttempts'] as const;
const CODES = ['setSecretCode', 'setVoicemailPin', 'liftLock'] as const;
const OPERATION = to([], 'organizations', 'createOrganization');

/** What people of every role may do, and to which extensions. What is not named here must be refused. */
const PEOPLE: readonly (readonly [who: string, Omit<Rights, 'extension'>, Reached])[] = [
  ['somebody without a role', { roles: [], groups: null }, {}],
  ['an operator', { roles: ['operator'], groups: null }, { ...WITHOUT_TOKENS, ...OPERATION }],
  [
    'an administrator',
    { roles: ['administrator'], groups: null },
    to(['101', '102'], ...forPeople.filter((name) => !(name in OPERATION))),
  ],
  [
    'a supervisor',
    { roles: ['supervisor'], groups: null },
    { ...ACCOUNT, ...RECORDS, ...to(['101', '102'], 'floor', ...SEEN, 'returnToBase', 'moveExtension') },
  ],
  [
    'a supervisor of Sales',
    { roles: ['supervisor'], groups: ['Sales'] },
    { ...ACCOUNT, ...RECORDS, ...to(['101'], 'floor', ...SEEN, 'returnToBase', 'moveExtension') },
  ],
  [
    'the owner of 101',
    { roles: ['owner'], groups: null },
    {
      ...{ ...ACCOUNT, ...RECORDS },
      ...to(['101'], ...SEEN, 'returnToBase', ...CODES),
    },
  ],
  [
    'a supervisor of Support who owns 101',
    { roles: ['supervisor', 'owner'], groups: ['Support'] },
    {
      ...{ ...ACCOUNT, ...RECORDS },
      ...to(['101', '102'], 'floor', ...SEEN, 'returnToBase'),
      ...to(['102'], 'moveExtension'),
      ...to(['101'], ...CODES),
    },
  ],
];

/** What is about the people of an organization, and their accounts. */
const ACCOUNTS = to(
  [],
  ...(['people', 'invitePerson', 'changePerson', 'removePerson', 'issuePersonLink'] as const),
  ...(['personSessions', 'closePersonSession', 'personTokens', 'revokePersonToken'] as const),
  ...(['resetSecondFactor', 'forgetProvided', 'signInPolicy', 'changeSignInPolicy'] as const),
);
const PERSONAL = to([], ...(['heldPeople', 'held', 'exportPerson', 'erasePerson'] as const));
const WEBHOOKS = to(
  [],
  ...(['webhooks', 'createWebhook', 'changeWebhook', 'deleteWebhook', 'replaceWebhookSecret'] as const),
  ...(['testWebhook', 'webhookDeliveries', 'resendDelivery'] as const),
);
const NO_TOKEN = { ...ACCOUNT, ...ACCOUNTS, ...PERSONAL, ...WEBHOOKS, ...OPERATION };

/** Each of them signed in, and by a token for all that they can make one for: with it nobody reaches an account. */
const ASKING = PEOPLE.flatMap(([who, rights, may]) => {
  const signedIn = [who, rights, may, false] as const;
  const byToken = Object.fromEntries(Object.entries(may).filter(([name]) => !(name in NO_TOKEN)));
  return TOKEN_ACTIONS.every((action) => !mayAct(rights.roles, action))
    ? [signedIn]
    : [signedIn, [`a token of ${who}`, rights, byToken, true] as const];
});

test.for(ASKING)('every operation, asked for by %s', async ([, rights, may, isToken]) => {
  const server = await signedInWith(rights);
  const body = { name: 'Nightly', actions: TOKEN_ACTIONS.filter((action) => mayAct(rights.roles, action)) };
  const made = isToken ? (await server.call('POST /api/session/tokens', { body })).json : undefined;
  const headers = made ? { authorization: `Bearer ${(made as { secret: string }).secret}` } : {};
  if (isToken) server.signedOut();
  const before = await accessIn(server);
  const ask = async (name: Name, number: string) => {
    const body = name === 'moveExtension' ? { to: number } : BODIES[name];
    const asked = requestOf(api[name], number) + (QUERIES[name] ?? '');
    const { status, text, cookie } = await server.call(asked, { headers, ...(body && { body }) });
    if (isToken) expect([name, cookie, ACCESS.test(text)]).toEqual([name, undefined, false]);
    return { name, number, status, words: text.replaceAll(number, 'NUMBER') };
  };
  for (const name of inOrder) {
    const unknown = about.includes(name) ? (await ask(name, '999')).words : '';
    for (const number of about.includes(name) ? ['103', '102', '101'] : ['101']) {
      const answered = await ask(name, number);
      const reached = may[name];
      if (reached === undefined)
        expect(answered).toMatchObject({ name, status: 403, words: expect.stringContaining('"forbidden"') });
      else if (about.includes(name) && !reached.includes(number))
        expect(answered).toEqual({ name, number, status: 404, words: unknown });
      else if (name in WITHOUT)
        expect(answered).toMatchObject({ name, words: expect.stringContaining(`"${WITHOUT[name]}"`) });
      else if (/:enrolment|:session|:apiToken/.test(api[name].path))
        expect(answered).toMatchObject({ name, status: 404, words: expect.stringContaining('in the list') });
      else expect(answered).toMatchObject({ name, status: expect.toSatisfy(isSuccess) });
    }
  }
  if (isToken) expect(await accessIn(server)).toEqual(before);
  const { extensions } = server.management;
  const theirs = extensions
    .all({ organization: THEIRS })
    .map(({ name, hasSecretCode }) => [name, hasSecretCode]);
  expect(theirs).toEqual(['101', '102', '103'].map((number) => [`Theirs ${number}`, false]));
});

/** A link with which somebody chooses a password, or a token. */
const ACCESS = /\/welcome#|perch_[\w-]{43}/;

/** Who can come in, and how. */
async function accessIn({ storage, management, mailed }: TestServer) {
  const people = await Promise.all(
    management.extensions.organizations().map(({ id }) => storage.people.all(id)),
  );
  const ways = people.flat().map(async ({ id, email, roles }) => {
    const [sessions, tokens] = [await storage.people.sessionsOf(id, 0), await storage.apiTokens.of(id)];
    return { email, roles, sessions: sessions.length, tokens: tokens.length };
  });
  return { ways: await Promise.all(ways), mailed: mailed.length };
}

const isSuccess = (status: number): boolean => status === 200 || status === 204;

test.for([
  [{ roles: ['administrator'], groups: null }, ['101', '102'], ['101', '102']],
  [{ roles: ['supervisor'], groups: null }, ['101', '102'], ['101', '102']],
  [{ roles: ['supervisor'], groups: ['Sales'] }, ['101'], ['101']],
  [{ roles: ['supervisor'], groups: ['Elsewhere'] }, [], []],
  [{ roles: ['supervisor', 'owner'], groups: ['Support'] }, ['101', '102'], ['102']],
  [{ roles: ['owner'], groups: null }, ['101'], undefined],
] as const)(
  'the lists of people with %j have the extensions %j, and the floor %j',
  async ([rights, all, floor]) => {
    const server = await signedInWith(rights);
    const { json } = await server.call('GET /api/extensions');
    expect((json as { number: string }[]).map(({ number }) => number)).toEqual(all);
    const { json: seen } = await server.call('GET /api/floor');
    const terminals = (seen as { terminals?: { owner: { number: string } }[] }).terminals;
    expect(terminals?.map(({ owner }) => owner.number)).toEqual(floor);
  },
);

const RIGHTS = { roles: ['administrator'], groups: null } as const;
const aboutPeople = forPeople.filter((name) => api[name].path.includes(':person'));

test.for(aboutPeople)(
  '%s: nobody of another organization is there, and operators are for operators',
  async (name) => {
    const server = await signedInWith(RIGHTS);
    const [operator] = await server.storage.people.byEmail('boss@demo.test');
    const body = BODIES[name];
    const ask = async (person = '') => {
      const { status, text } = await server.call(requestOf(api[name], '', person), body && { body });
      return `${status} ${text.replaceAll(person, 'ID')}`;
    };
    expect(await ask(STRANGER)).toBe(await ask(NOBODY));
    expect(await ask(NOBODY)).toMatch(/^404 /);
    expect(await ask(operator?.id)).toMatch(/^403 .*Only an operator/);
    expect(await server.storage.people.byId(STRANGER)).toMatchObject({ roles: [] });
  },
);

test.for(['held', 'exportPerson', 'erasePerson'] as const)(
  '%s: nothing is said of another organization, and operators are for operators',
  async (name) => {
    const server = await signedInWith(RIGHTS);
    const { storage } = server;
    const [operator] = await storage.people.byEmail('boss@demo.test');
    const theirs = server.management.extensions.find(THEIRS, '101');
    const ask = async (subject = '', confirm = '101') => {
      const body = name === 'erasePerson' ? { body: { confirm } } : undefined;
      const { status, text } = await server.call(requestOf(api[name], '', '', subject), body);
      return `${status} ${text.replaceAll(subject, 'ID')}`;
    };
    const nobody = await ask(NOBODY);
    expect(nobody).toMatch(/^404 /);
    expect(await ask(STRANGER, 't@other.test')).toBe(nobody);
    expect(await ask('id' in theirs ? theirs.id : '')).toBe(nobody);
    if (name === 'erasePerson')
      expect(await ask(operator?.id, 'boss@demo.test')).toMatch(/^403 .*Only an operator/);
    expect(await storage.erasures.pending()).toEqual([]);
  },
);

test('an administrator can make nobody an operator', async () => {
  const server = await signedInWith(RIGHTS);
  const roles = ['operator', 'administrator'];
  const wish = { body: { email: 'new@demo.test', roles } };
  expect(await server.refusal('POST /api/people', wish)).toBe('403 forbidden');
  expect(await server.refusal(`PATCH /api/people/${WHO}`, { body: { roles } })).toBe('403 forbidden');
});

const forPhones = (Object.keys(api) as Name[]).filter((name) => api[name].access === 'terminal');

test.for(ROLES)(
  'no operation of phones is for a person with the role of %s, signed in or by a token',
  async (role) => {
    const server = await signedInWith({ roles: [role], groups: null });
    const actions = TOKEN_ACTIONS.filter((action) => mayAct([role], action));
    const made = await server.call('POST /api/session/tokens', { body: { name: 'Nightly', actions } });
    const { secret } = made.json as { readonly secret?: string };
    for (const name of forPhones)
      for (const bearer of ['', secret ?? ''])
        expect([
          name,
          await server.refusal(requestOf(api[name], '101'), {
            headers: { authorization: `Bearer ${bearer}` },
          }),
        ]).toEqual([name, '401 terminal-unknown']);
  },
);

test('the token of a phone is no person’s, even where its phone has an owner: it opens nothing of management', async () => {
  const server = await signedInWith({ roles: ['administrator', 'owner'], groups: null });
  const { token } = await server.enrol('101');
  server.signedOut();
  for (const name of forPeople) {
    const headers = { authorization: `Bearer ${token}` };
    const refused = await server.refusal(requestOf(api[name], '101'), { headers });
    expect([name, refused]).toEqual([name, '401 not-signed-in']);
  }
});

test('strangers are refused before anything else', async () => {
  const server = await startTestServer();
  servers.push(server);
  for (const name of forPeople) {
    const refused = await server.refusal(requestOf(api[name], '101'), { body: { nonsense: true } });
    expect([name, refused]).toEqual([name, '401 not-signed-in']);
  }
});

test('every operation of the contract is there, and every action is that of one', async () => {
  const server = await startTestServer();
  servers.push(server);
  for (const { method, path } of Object.values(api))
    expect([method, path, server.http.app.hasRoute({ method, url: path })]).toEqual([method, path, true]);
  const used = new Set<string>(Object.values(api).map(({ access }) => access));
  expect(Object.keys(RULES).filter((action) => !used.has(action))).toEqual([]);
});

test.for([
  ['GET', '/api/secrets'],
  ['POST', '/somewhere'],
] as const)(
  'a route of which nobody has said who may call it, %s %s, keeps the server from starting',
  ([method, url]) => {
    const app = Fastify();
    refuseOpenRoutes(app);
    const route = { method, url, handler: () => 'ok' };
    expect(() => app.route(route)).toThrow(`nobody has said who may call ${method} ${url}`);
    expect(() => app.route({ ...route, config: { access: 'view-floor' } })).not.toThrow();
  },
);
