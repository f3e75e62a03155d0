import { codedStation, stationCode, type StationCodeView } from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { Call } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();
const pages: PageClient[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

const open = async (link: string): Promise<PageClient> => {
  const page = await PageClient.open(link);
  pages.push(page);
  return page;
};
const pageOf = (number: string): Promise<PageClient> => open(on.server.line(number).url);

const shown = async (station: PageClient): Promise<StationCodeView> =>
  stationCode.parse((await station.ask('POST /api/terminal/station-code')).json);
const scanned = ({ url }: StationCodeView): string => new URL(url).hash.slice(1);

/** `204`, or the status of the refusal with its sentence. */
async function signIn(phone: PageClient, code: string): Promise<string> {
  const { status, json } = await phone.ask('POST /api/terminal/sign-in', { code });
  return status === 204 ? '204' : `${status} ${(json as { detail: string }).detail}`;
}
const guestAt = (station: PageClient, number: string) =>
  station.next('its guest', ({ view }) => view?.occupancy.guest?.number === number);
const leave = (station: PageClient) => station.ask('POST /api/terminal/return');

test('what a station shows is confirmed at one’s own phone: calls ring at the station, and it is recorded', async () => {
  const [station, ada] = [await pageOf('201'), await pageOf('101')];
  const [desk, ben] = [await on.register('201'), await on.register('102')];
  const code = await shown(station);
  expect(code.url).toBe(`${on.server.organization.url}/sign-in#${scanned(code)}`);
  const { json } = await ada.ask('POST /api/terminal/sign-in/station', { code: scanned(code) });
  expect(codedStation.parse(json)).toMatchObject({ station: { number: '201' }, guest: null });
  const guest = guestAt(station, '101');
  expect(await signIn(ada, scanned(code))).toBe('204');
  await guest;

  const call = new Call(ben, '101');
  const invite = await desk.request('INVITE');
  desk.respond(invite, '486 Busy Here', { toTag: 'at-the-station' });
  await call.response(200);

  const administrator = await Administrator.signIn(on.server.organization);
  const audit = JSON.stringify(await administrator.ask('GET /api/audit?size=20&action=takeOver'));
  expect(audit).toContain('"about":"101"');
  for (const secret of [scanned(code), code.typed]) expect(audit).not.toContain(secret);
  expect((await leave(station)).status).toBe(204);
});

test('replayed, superseded, or shown before somebody else came, a code moves nobody', async () => {
  const [station, ada, ben] = [await pageOf('201'), await pageOf('101'), await pageOf('102')];
  const first = await shown(station);
  const second = await shown(station);
  expect(await signIn(ada, scanned(first))).toMatch(/^410 The station does not show that code any more/);
  const guest = guestAt(station, '102');
  expect(await signIn(ben, second.typed.toLowerCase())).toBe('204');
  await guest;
  expect(await signIn(ada, scanned(second))).toMatch(/^410 Somebody has signed in with that code already/);
  // As somebody does whom the answer has not reached; replayed once they have left, it brings nobody back.
  expect(await signIn(ben, second.typed)).toBe('204');
  await leave(station);
  expect(await signIn(ben, second.typed)).toMatch(/^410 Somebody has signed in/);

  const old = await shown(station);
  const desk = await on.register('201');
  const center = await new Call(desk, '*30102').answered();
  for (const digit of `${on.server.line('102').secretCode ?? ''}#`)
    await center.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${digit}\r\nDuration=100\r\n`,
    });
  expect(await station.outcome()).toBe('accepted');
  expect(sip.status(await center.request('BYE'))).toBe(200);
  expect(await signIn(ada, scanned(old))).toMatch(/^410 Somebody else has come to that station/);
  await leave(station);
});

test('two who confirm the same code at once: one is signed in, and the other is told', async () => {
  const [station, ada, ben] = [await pageOf('202'), await pageOf('101'), await pageOf('102')];
  const code = scanned(await shown(station));
  const both = await Promise.all([signIn(ada, code), signIn(ben, code)]);
  expect(both.toSorted().map((said) => said.slice(0, 3))).toEqual(['204', '410']);
  await leave(station);
});

test('the token of a station, or of a phone with a guest on it, signs nobody in', async () => {
  const [station, other, ada] = [await pageOf('201'), await pageOf('202'), await pageOf('101')];
  const code = scanned(await shown(station));
  expect(await signIn(other, code)).toMatch(/^403 You sign in at a station from your own phone only/);
  const theirs = scanned(await shown(other));
  expect(await signIn(ada, theirs)).toBe('204');
  expect(await signIn(other, code)).toMatch(/^403/);
  await leave(other);
});

test('where virtualization is not allowed no code is shown', async () => {
  const closed = await pageOf('203');
  expect((await closed.ask('POST /api/terminal/station-code')).status).toBe(409);
});

test('the code of one organization is unknown in another', async () => {
  const { organization } = on.server;
  const operator = await Administrator.signIn(organization);
  const wish = { name: 'Elsewhere', domain: 'elsewhere.test', administrator: 'boss@elsewhere.test' };
  const { url } = (await operator.ask('POST /api/organizations', wish)) as { readonly url: string };
  const password = 'a long new password';
  await operator.ask('POST /api/links/use', { token: new URL(url).hash.slice(1), password });
  const admin = { ...organization.admin, email: wish.administrator, password };
  const theirs = await Administrator.signIn({ ...organization, admin });
  await theirs.ask('POST /api/extensions', { number: '101', name: 'Theirs', kind: 'person' });
  await theirs.ask('PUT /api/extensions/101/secret-code', { code: '739164' });
  const link = (await theirs.ask('POST /api/extensions/101/enrolments', {})) as { readonly url: string };
  const [station, stranger] = [await pageOf('201'), await open(link.url)];
  const code = await shown(station);
  for (const spelling of [scanned(code), code.typed])
    expect(await signIn(stranger, spelling)).toMatch(/^410 No station shows that code/);
  const ada = await pageOf('101');
  expect(await signIn(ada, code.typed)).toBe('204');
  await leave(station);
});
