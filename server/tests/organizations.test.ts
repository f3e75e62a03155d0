import { type ExtensionNumber, extensionNumber } from '@perch/shared';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { answer, Call, connectCall, dialogOf } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { sdp } from './support/sdp.ts';
import { PageClient } from './support/page-client.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

const DOMAIN = 'other.test';
const PASSWORD = 'a long new password';
/** Their numbers are among ours, which has 103, 104, 202 and 203 as well. */
const THEIR_NUMBERS = ['101', '102', '201'] as const;
const THEIR_CODE = '739164';

let operator: Administrator;
/** The administrator of the other organization. */
let theirs: Administrator;
const accounts = new Map<string, { readonly username: string; readonly password: string }>();
const clients: SipClient[] = [];

const organization = () => on.server.organization;
/** Ours, where phones say that they are of the other domain. */
const theirSip = () => ({ sip: { ...organization().sip, domain: DOMAIN } });

/** Chooses a password with the link that was made, and signs in. */
async function comeIn(made: unknown, email: string): Promise<Administrator> {
  const { url } = made as { readonly url: string };
  await operator.ask('POST /api/links/use', { token: new URL(url).hash.slice(1), password: PASSWORD });
  const admin = { ...organization().admin, email, password: PASSWORD };
  return Administrator.signIn({ ...organization(), admin });
}

beforeAll(async () => {
  operator = await Administrator.signIn(organization());
  const wish = { name: 'Other', domain: DOMAIN, administrator: 'boss@other.test' };
  theirs = await comeIn(await operator.ask('POST /api/organizations', wish), wish.administrator);
  for (const number of THEIR_NUMBERS) {
    const kind = number === '201' ? 'station' : 'person';
    await theirs.ask('POST /api/extensions', {
      ...{ number, name: `Theirs ${number}`, kind, allowVirtualization: true },
    });
    const issued = await theirs.ask(`POST /api/extensions/${number}/sip-credentials`);
    accounts.set(number, issued as { username: string; password: string });
  }
  await theirs.ask('PUT /api/extensions/101/secret-code', { code: THEIR_CODE });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.leave();
});

type TheirNumber = (typeof THEIR_NUMBERS)[number];

const account = (number: TheirNumber) => {
  const found = accounts.get(number);
  if (!found) throw new Error(`no credentials of ${number}`);
  const nothing = { name: '', secretCode: null, voicemailPin: null, allowVirtualization: true };
  return { number, ...nothing, sip: found };
};

/** A registered phone of the other organization. */
async function stranger(number: TheirNumber): Promise<SipClient> {
  const client = await SipClient.registered(theirSip(), account(number));
  clients.push(client);
  return client;
}

test.for(THEIR_NUMBERS)(
  'their credentials of %s open nothing of ours, nor ours anything of theirs, though numbers are the same',
  async (number) => {
    const asOurs = await SipClient.connect(organization(), account(number));
    const asTheirs = await SipClient.connect(theirSip(), on.server.line(number));
    clients.push(asOurs, asTheirs);
    for (const client of [asOurs, asTheirs]) expect(sip.status(await client.register())).toBe(403);
  },
);

test('a phone that is registered with them cannot register one of ours beside it', async () => {
  const client = await stranger('101');
  const ours = `sip:101@${organization().sip.domain}`;
  const refused = await client.register({ from: `<${ours}>;tag=${client.token()}`, to: `<${ours}>` });
  expect(sip.status(refused)).toBe(403);
});

/** All of ours, listening. None may hear anything of what they do. */
const ours = async (): Promise<readonly SipClient[]> =>
  Promise.all(['101', '102', '103', '201'].map((number) => on.register(number)));

const heard = (phones: readonly SipClient[]): readonly string[] =>
  phones.flatMap((phone) =>
    ['INVITE', 'REFER', 'NOTIFY', 'BYE'].flatMap((method) =>
      phone.unread(method).map(() => `${phone.user}: ${method}`),
    ),
  );

test('a number that both have rings with them; one that only we have leads nowhere, whatever domain is named', async () => {
  const phones = await ours();
  const [caller, callee] = [await stranger('101'), await stranger('102')];
  for (const host of [DOMAIN, organization().sip.domain]) {
    const to = `sip:102@${host}`;
    const call = new Call(caller, '102', { to: `<${to}>` });
    const invite = await callee.request('INVITE');
    callee.respond(invite, '603 Decline', { toTag: callee.token() });
    await callee.request('ACK');
    expect(sip.status(await call.refused())).toBe(603);
  }
  const nowhere = new Call(caller, '103');
  expect(sip.status(await nowhere.refused())).toBe(404);
  expect(heard(phones)).toEqual([]);
});

test('From of ours is refused, and what is called is never told one', async () => {
  const phones = await ours();
  const caller = await stranger('101');
  const from = `<sip:103@${organization().sip.domain}>;tag=${caller.token()}`;
  const call = new Call(caller, '102', { from });
  expect(sip.status(await call.refused())).toBe(403);
  expect(heard(phones)).toEqual([]);
});

test.for([
  ['message-summary', '101'],
  ['message-summary', '103'],
  ['presence', '103'],
  ['dialog', '101'],
] as const)('SUBSCRIBE for %s of our %s is refused', async ([event, number]) => {
  await on.register(number);
  const client = await stranger('101');
  const target = `sip:${number}@${organization().sip.domain}`;
  const answered = await client.transact('SUBSCRIBE', target, {
    fields: [`Event: ${event}`, 'Expires: 600'],
  });
  // Their own 101 is theirs to watch; what is told then is theirs.
  if (sip.status(answered) === 200) {
    const notify = await client.request('NOTIFY');
    expect(notify.body).toContain(`101@${DOMAIN}`);
    expect(notify.body).not.toContain(organization().sip.domain);
  } else expect(sip.status(answered)).toBeOneOf([403, 404, 489]);
});

test('a transfer to a number that only we have leads nowhere, and its call stays', async () => {
  const phones = await ours();
  const [caller, callee] = [await stranger('101'), await stranger('102')];
  const [dialog, other] = await connectCall(caller, callee);
  for (const host of [DOMAIN, organization().sip.domain]) {
    const referTo = `Refer-To: <sip:103@${host}>`;
    const accepted = await dialog.request('REFER', { fields: [referTo] });
    expect(sip.status(accepted)).toBeOneOf([202, 403, 404]);
    if (sip.status(accepted) !== 202) continue;
    const told = await caller.next(
      'how the transfer ended',
      (message) => sip.method(message) === 'NOTIFY' && !message.body.includes('100 Trying'),
    );
    caller.respond(told, '200 OK');
    expect(told.body).toContain('404');
  }
  expect(heard(phones)).toEqual([]);
  expect(sip.status(await other.request('BYE'))).toBe(200);
});

test.for(['BYE', 'INFO', 'UPDATE', 'REFER', 'INVITE'])(
  '%s in a dialog of ours, with everything about it known, is answered 481 or 403, and the call goes on',
  async (method) => {
    const [ada, ben] = [await on.register('101'), await on.register('102')];
    const [caller] = await connectCall(ada, ben);
    const client = await stranger('101');
    const stolen = { from: caller.local, to: caller.remote, callId: caller.callId, sequence: 50 };
    const asAda = await client.transact(method, caller.target, stolen);
    expect(sip.status(asAda)).toBeOneOf([403, 481]);
    const ownFrom = `<${client.address()}>;tag=${sip.tag(caller.local)}`;
    const asThemselves = await client.transact(method, caller.target, { ...stolen, from: ownFrom });
    expect(sip.status(asThemselves)).toBe(481);
    expect(heard([ben])).toEqual([]);
    expect(sip.status(await caller.request('BYE'))).toBe(200);
  },
);

test('no call of ours is taken up or replaced, though its ids are known', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102');
  const invite = await ben.request('INVITE');
  const toTag = ben.token();
  ben.respond(invite, '200 OK', { toTag, body: sdp('2') });
  await ben.request('ACK');
  const dialog = await call.answered();
  const bens = dialogOf(ben, invite, toTag);
  const client = await stranger('101');
  const fields = [
    `Perch-Call-ID: ${sip.field(invite, 'Perch-Call-ID')}`,
    `Replaces: ${call.callId};to-tag=${sip.tag(dialog.remote)};from-tag=${sip.tag(dialog.local)}`,
    `Replaces: ${bens.callId};to-tag=${sip.tag(bens.remote)};from-tag=${sip.tag(bens.local)}`,
  ];
  for (const field of fields) {
    const taken = new Call(client, '102', { fields: [field] });
    expect([field, sip.status(await taken.refused())]).toEqual([field, 481]);
  }
  expect(sip.status(await dialog.request('BYE'))).toBe(200);
});

test('their *30 takes over at their own station: our extension of that number stays where it is', async () => {
  const phones = await ours();
  const desk = await stranger('201');
  const dialog = await new Call(desk, '*30101').answered();
  for (const digit of `${THEIR_CODE}#`)
    await dialog.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${digit}\r\nDuration=100\r\n`,
    });
  await expect
    .poll(async () => (await theirs.ask('GET /api/extensions/101')) as object)
    .toMatchObject({ whereabouts: { kind: 'away' } });
  expect(await operator.ask('GET /api/extensions/101')).toMatchObject({ whereabouts: { kind: 'home' } });
  await dialog.request('BYE');

  const [ben] = phones.filter(({ user }) => user === '102');
  if (!ben) throw new Error('102 is not there');
  const call = new Call(ben, '101');
  const [ada] = phones.filter(({ user }) => user === '101');
  const answered = ada && (await answer(ada));
  await call.answered();
  expect(desk.unread('INVITE')).toEqual([]);
  await answered?.request('BYE');
  await theirs.ask('POST /api/extensions/101/return-to-base');
});

/** The numbers of the lines that a person is shown of a topic, or that it is withheld. */
async function shown(person: Administrator, topic: string): Promise<readonly string[] | 'withheld'> {
  const page = await PageClient.manage(organization().url, person.cookie);
  page.say({ subscribe: topic });
  const { kind, lines = [] } = await page.next(topic, (event) => event.topic === topic);
  page.close();
  return kind === 'withheld' ? kind : lines.map(({ number }) => number).sort();
}

const OURS: readonly ExtensionNumber[] = ['101', '102', '103', '104', '201', '202', '203'].map(
  extensionNumber,
);

/** What people of ours are shown of the floor, of 101, of 102, and of 999, which there is not. */
test.for([
  ['an operator', { roles: ['operator'] }, 'withheld', 'withheld', 'withheld', 'withheld'],
  ['an administrator', { roles: ['administrator'] }, OURS, ['101'], ['102'], []],
  ['a supervisor', { roles: ['supervisor'] }, OURS, ['101'], ['102'], []],
  [
    'a supervisor of Sales, which has 101',
    { roles: ['supervisor'], groups: ['Sales'] },
    ...[['101'], ['101'], 'withheld', 'withheld'],
  ],
  [
    'the owner of 101',
    { roles: ['owner'], extension: '101' },
    ...['withheld', ['101'], 'withheld', 'withheld'],
  ],
] as const)('events of management for %s', async ([who, rights, floor, own, other, none]) => {
  await operator.ask('PATCH /api/extensions/101', { group: 'Sales' });
  const email = `${who.replaceAll(/\W+/g, '-').toLowerCase()}@demo.test`;
  const person = await comeIn(await operator.ask('POST /api/people', { email, ...rights }), email);
  expect({
    floor: await shown(person, 'floor'),
    own: await shown(person, 'extension/101'),
    other: await shown(person, 'extension/102'),
    none: await shown(person, 'extension/999'),
    colleagues: await shown(person, 'colleagues'),
    parked: await shown(person, 'parked'),
  }).toEqual({ floor, own, other, none, colleagues: 'withheld', parked: 'withheld' });
});

/** What people have to prove who they are, and what a phone of the other organization has. */
test.for([
  ['administrator', null],
  ['supervisor', null],
  ['owner', '101'],
] as const)(
  'nothing that a person with the role of %s signs in with opens a phone, over SIP or for events',
  async ([role, extension]) => {
    const email = `${role}-without-phone@demo.test`;
    const rights = { roles: [role], extension, groups: null };
    const person = await comeIn(await operator.ask('POST /api/people', { email, ...rights }), email);
    const made = { name: 'Nightly', actions: ['view-records'] };
    const { secret } = (await person.ask('POST /api/session/tokens', made)) as { readonly secret: string };
    const link = (await theirs.ask('POST /api/extensions/101/enrolments', {})) as { readonly url: string };
    const phone = await PageClient.open(link.url);
    const own = await PageClient.open(on.server.line('101').url);
    for (const token of [
      secret,
      person.cookie.slice(person.cookie.indexOf('=') + 1),
      phone.token,
      own.token,
    ]) {
      const client = await SipClient.connect(organization(), on.server.line('101'));
      clients.push(client);
      const answered = await client.transact('REGISTER', `sip:${client.domain}`, {
        to: `<${client.address()}>`,
        fields: [`Authorization: Bearer ${token}`],
      });
      if (token === own.token) expect(sip.status(answered)).toBe(200);
      else expect(sip.status(answered)).toBeOneOf([401, 403]);
      if (token === phone.token || token === own.token) continue;
      const page = await PageClient.anyone(organization().url);
      page.say({ token });
      expect(await page.closed).toBe(4401);
    }
    phone.close();
    own.close();
  },
);

test('events of the other organization have nothing of ours, nor the other way round', async () => {
  expect(await shown(theirs, 'floor')).toEqual([...THEIR_NUMBERS]);
  expect(await shown(theirs, 'extension/103')).toEqual([]);
  const page = await PageClient.manage(organization().url, theirs.cookie);
  page.say({ subscribe: 'extension/101' });
  const { lines } = await page.next('theirs', ({ topic }) => topic === 'extension/101');
  expect(lines).toMatchObject([{ name: 'Theirs 101' }]);
  await operator.ask('PATCH /api/extensions/101', { name: 'Ada of ours' });
  await theirs.ask('PATCH /api/extensions/101', { name: 'Eve of theirs' });
  const { lines: news } = await page.next('what changed', ({ topic }) => topic === 'extension/101');
  expect(news).toMatchObject([{ name: 'Eve of theirs' }]);
  page.close();

  const link = (await theirs.ask('POST /api/extensions/101/enrolments', {})) as { readonly url: string };
  const phone = await PageClient.open(link.url);
  phone.say({ subscribe: 'colleagues' });
  const { lines: colleagues = [] } = await phone.next('colleagues', ({ topic }) => topic === 'colleagues');
  expect(colleagues.map(({ name }) => name).sort()).toEqual(['Eve of theirs', 'Theirs 102', 'Theirs 201']);
  for (const topic of ['floor', 'extension/101']) {
    phone.say({ subscribe: topic });
    expect(await phone.next(topic, (event) => event.topic === topic)).toMatchObject({ kind: 'withheld' });
  }
  phone.close();
});
