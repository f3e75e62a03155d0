import { callPage, type Ladder, ladder as ladderShape, ladderList } from '@perch/shared';
import { expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { Call, connectCall, dialogOf } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { sdp } from './support/sdp.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

/** `from 101 INVITE offer held`: each message in a line. */
const told = ({ legs, messages }: Ladder): string[] =>
  messages.map(({ leg, sent, method, status, sdp: kind, hold }) =>
    [
      sent ? 'to' : 'from',
      legs[leg]?.party.number,
      status === null ? method : `${String(status)} ${method}`,
      kind,
      hold,
    ]
      .filter((word) => word !== null)
      .join(' '),
  );

/** A call from 101 to 102, which is held, taken back and sent on to 103. */
async function transferredCall(): Promise<void> {
  const [ada, ben, chloe] = await Promise.all(['101', '102', '103'].map((number) => on.register(number)));
  if (!ada || !ben || !chloe) throw new Error('a phone is missing');
  const [ours] = await connectCall(ada, ben);
  ben.onInvite = (offered) => ben.respond(offered, '200 OK', { body: sdp('4') });
  for (const direction of ['sendonly', 'sendrecv']) {
    const body = sdp('3').replace('sendrecv', direction);
    const answered = await ours.request('INVITE', { body });
    ours.acknowledge(Number.parseInt(sip.field(answered, 'CSeq')));
    await ben.request('ACK');
  }
  const referred = ours.request('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
  expect(sip.status(await referred)).toBe(202);
  const invite = await chloe.request('INVITE');
  chloe.onInvite = (offered) => chloe.respond(offered, '200 OK', { body: sdp('5') });
  chloe.respond(invite, '180 Ringing', { toTag: 'c' });
  chloe.respond(invite, '200 OK', { toTag: 'c', body: sdp('5') });
  await chloe.request('ACK');
  for (;;) {
    const notify = await ada.request('NOTIFY');
    ada.respond(notify, '200 OK');
    if (sip.field(notify, 'Subscription-State').startsWith('terminated')) break;
  }
  await dialogOf(chloe, invite, 'c').request('BYE', { sequence: 9 });
  await ben.request('BYE');
}

test('a call that is held and sent on shows each message on each of its legs, and none of its secrets', async () => {
  await transferredCall();
  const management = await Administrator.signIn(on.server.organization);
  const found = ladderList.parse(await management.ask('GET /api/ladders?extension=103')).ladders;
  const [line] = found;
  if (line === undefined) throw new Error('no call is kept');
  expect(line).toMatchObject({ dialled: '102', caller: { number: '101' }, status: 200 });

  const ladder = ladderShape.parse(await management.ask(`GET /api/ladders/${line.id}`));
  expect(ladder.legs.map(({ party }) => party.number)).toEqual(['101', '102', '103']);
  const steps = told(ladder);
  for (const step of [
    ...['from 101 INVITE offer', 'to 101 100 INVITE', 'to 102 INVITE offer', 'from 102 180 INVITE'],
    ...['from 102 200 INVITE answer', 'to 102 ACK', 'to 101 200 INVITE answer', 'from 101 ACK'],
    ...['from 101 INVITE offer held', 'from 101 INVITE offer resumed', 'from 101 REFER', 'to 101 202 REFER'],
    ...['to 101 NOTIFY', 'from 101 200 NOTIFY', 'to 103 INVITE offer', 'from 103 180 INVITE'],
    ...['from 103 200 INVITE answer', 'from 103 BYE', 'to 103 200 BYE', 'to 101 BYE', 'to 102 BYE'],
  ])
    expect(steps, steps.join('\n')).toContain(step);

  // By the id that its record has, and as a text.
  const records = async () => callPage.parse(await management.ask('GET /api/records?extension=103')).records;
  await expect.poll(async () => (await records()).map(({ id }) => id)).toContain(line.id);
  const text = await (
    await fetch(`${on.server.organization.url}/api/ladders/${line.id}/text`, {
      headers: { cookie: management.cookie },
    })
  ).text();
  expect(text).toContain('REFER');
  for (const secret of [
    /ice-pwd:(?!\[removed\])/,
    /fingerprint:(?!\[removed\])/,
    /Authorization: (?!\[removed\])/,
  ])
    expect(text).not.toMatch(secret);
});

test('a call that is refused is kept with why, under way or over', async () => {
  const [ada, ben] = [await on.register('101'), await on.register('102')];
  const call = new Call(ada, '102', { body: '' });
  expect(sip.status(await call.refused())).toBe(488);
  const ringing = new Call(ada, '102');
  const invite = await ben.request('INVITE');
  ben.respond(invite, '180 Ringing', { toTag: 'b' });
  const management = await Administrator.signIn(on.server.organization);
  const lines = async () => ladderList.parse(await management.ask('GET /api/ladders')).ladders;
  expect((await lines()).slice(0, 2)).toMatchObject([
    { dialled: '102', live: true, status: null },
    { id: expect.stringMatching(/^leg-\d+$/), dialled: '102', live: false, status: 488 },
  ]);
  ringing.cancel();
  await ringing.refused();
  ben.respond(await ben.request('CANCEL'), '200 OK');
  ben.respond(invite, '487 Request Terminated', { toTag: 'b' });
  await expect.poll(async () => (await lines())[0]).toMatchObject({ live: false, status: 487 });
});

test('only administrators of the organization see the messages of its calls', async () => {
  const { organization } = on.server;
  const operator = await Administrator.signIn(organization);
  const [line] = ladderList.parse(await operator.ask('GET /api/ladders')).ladders;
  const comeIn = async (made: unknown, email: string): Promise<Administrator> => {
    const token = new URL((made as { readonly url: string }).url).hash.slice(1);
    const password = 'a long new password';
    await operator.ask('POST /api/links/use', { token, password });
    return Administrator.signIn({ ...organization, admin: { ...organization.admin, email, password } });
  };
  const statusFor = async ({ cookie }: Administrator, path: string): Promise<number> =>
    (await fetch(`${organization.url}${path}`, { headers: { cookie } })).status;
  const all = ['/api/ladders', `/api/ladders/${line?.id ?? ''}`, `/api/ladders/${line?.id ?? ''}/text`];

  for (const [email, roles, extension] of [
    ['eve@demo.perch.test', ['supervisor'], null],
    ['own@demo.perch.test', ['owner'], '101'],
  ] as const) {
    const person = { email, roles, extension, groups: null };
    const them = await comeIn(await operator.ask('POST /api/people', person), email);
    for (const path of all) expect([email, path, await statusFor(them, path)]).toEqual([email, path, 403]);
  }
  const wish = { name: 'Other', domain: 'other.test', administrator: 'boss@other.test' };
  const theirs = await comeIn(await operator.ask('POST /api/organizations', wish), wish.administrator);
  expect(await theirs.ask('GET /api/ladders')).toEqual({ ladders: [], leftOut: null });
  for (const path of all.slice(1)) expect([path, await statusFor(theirs, path)]).toEqual([path, 404]);
  for (const path of all) expect([path, (await fetch(organization.url + path)).status]).toEqual([path, 401]);
});
