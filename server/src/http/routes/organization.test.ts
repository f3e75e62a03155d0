import {
  type AuditPage,
  type ExtensionView,
  KEPT_FOR_EVER,
  NO_STAY_LIMITS,
  terminalId,
  WRONG_PER_TERMINAL,
} from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  await server.call('POST /api/extensions', { body: { number: '201', name: 'Front desk', kind: 'station' } });
});
afterEach(() => server.close());

const PATH = '/api/organization/stay-limits';
const LIMITS = { longestMinutes: 480, timeOfDay: '18:30', idleMinutes: 60 };
const deeds = async (action: string) =>
  ((await server.call(`GET /api/audit?action=${action}`)).json as AuditPage).entries;

test('limits of stays are off, then as they are set: stored, told to the organization, and in the audit', async () => {
  expect((await server.call(`GET ${PATH}`)).json).toEqual(NO_STAY_LIMITS);
  expect((await server.call(`PUT ${PATH}`, { body: LIMITS })).status).toBe(204);
  expect((await server.call(`GET ${PATH}`)).json).toEqual(LIMITS);
  const told = (zone: string) => `stay rules ${JSON.stringify(LIMITS)}, ${zone}`;
  expect(server.exchanges.only.told.at(-1)).toMatch(told(''));
  await server.call('PUT /api/organization/time-zone', { body: { timeZone: 'Asia/Tokyo' } });
  expect(server.exchanges.only.told.at(-1)).toBe(told('Asia/Tokyo'));
  expect(await deeds('changeStayLimits')).toMatchObject([
    { result: 'done', before: NO_STAY_LIMITS, after: LIMITS },
  ]);
});

test.for([
  { ...LIMITS, longestMinutes: 29 },
  { ...LIMITS, longestMinutes: 7 * 24 * 60 + 1 },
  { ...LIMITS, timeOfDay: '24:00' },
  { ...LIMITS, idleMinutes: 19 },
  { longestMinutes: 60 },
])('%j are no limits', async (body) => {
  expect((await server.call(`PUT ${PATH}`, { body })).status).toBe(400);
});

test('a desk has limits of its own, and can lose them again', async () => {
  const change = async (stayLimits: object | null) =>
    (await server.call('PATCH /api/extensions/201', { body: { stayLimits } })).json as ExtensionView;
  expect((await change(LIMITS)).stayLimits).toEqual(LIMITS);
  expect((await change(null)).stayLimits).toBeNull();
  expect((await deeds('changeExtension')).map(({ before, after }) => [before, after])).toEqual([
    [{ stayLimits: 'longestMinutes 480, timeOfDay 18:30, idleMinutes 60' }, { stayLimits: null }],
    [{ stayLimits: null }, { stayLimits: 'longestMinutes 480, timeOfDay 18:30, idleMinutes 60' }],
  ]);
});

test('the guest at a phone stays longer: noted with their number, and refused where it cannot be', async () => {
  const { token } = await server.enrol('201');
  const exchange = server.exchanges.only;
  exchange.guests.set(terminalId(server.extensionOf('201').terminal), 'Ada');
  const ask = { headers: { authorization: `Bearer ${token}` } };
  expect((await server.call('POST /api/terminal/extend', ask)).status).toBe(204);
  expect(exchange.told.at(-1)).toBe('extend-stay 201');
  exchange.outcome = 'nothing-to-do';
  expect(await server.refusal('POST /api/terminal/extend', ask)).toBe('409 nothing-to-extend');
  expect(await deeds('extendStay')).toMatchObject([
    { who: '201', about: '999', result: 'nothing-to-extend' },
    { who: '201', about: '999', result: 'done' },
  ]);
});

test('the language of those who have none: of each browser, then as it is set, told to the organization and to who signs in', async () => {
  const path = '/api/organization/language';
  expect((await server.call(`GET ${path}`)).json).toEqual({ language: null });
  expect((await server.call(`PUT ${path}`, { body: { language: 'de' } })).status).toBe(204);
  expect((await server.call(`GET ${path}`)).json).toEqual({ language: 'de' });
  expect(server.exchanges.only.told.at(-1)).toBe('language de');
  expect((await server.call('GET /api/session')).json).toMatchObject({
    session: { language: null, organization: { language: 'de' } },
  });
  expect(await deeds('changeLanguage')).toMatchObject([
    { result: 'done', before: { language: null }, after: { language: 'de' } },
  ]);
  for (const body of [{ language: 'tlh' }, {}])
    expect((await server.call(`PUT ${path}`, { body })).status).toBe(400);
});

test('what is kept for how long: for ever, then as it is set, with the organization told of voicemail', async () => {
  const path = '/api/organization/retention';
  expect((await server.call(`GET ${path}`)).json).toEqual(KEPT_FOR_EVER);
  const kept = { recordDays: 365, voicemailDays: 30, auditDays: null };
  expect((await server.call(`PUT ${path}`, { body: kept })).status).toBe(204);
  expect((await server.call(`GET ${path}`)).json).toEqual(kept);
  expect(server.exchanges.only.told.at(-1)).toBe('voicemail is kept 30 days');
  expect(await deeds('changeRetention')).toMatchObject([
    {
      before: { recordDays: null, voicemailDays: null },
      after: { recordDays: 365, voicemailDays: 30 },
    },
  ]);
  for (const body of [
    { ...kept, recordDays: 6 },
    { ...kept, auditDays: 29 },
    { ...kept, voicemailDays: 0 },
  ])
    expect((await server.call(`PUT ${path}`, { body })).status).toBe(400);
});

test('the PIN of the stations: set, replaced and removed by an administrator, in the audit, and never told', async () => {
  const path = '/api/organization/station-pin';
  const free = { lockedUntil: null, locked: [] };
  expect((await server.call(`GET ${path}`)).json).toEqual({ isSet: false, ...free });
  expect(await server.refusal(`PUT ${path}`, { body: { pin: '1234' } })).toBe('422 weak-code');
  expect((await server.call(`PUT ${path}`, { body: { pin: '4711' } })).status).toBe(204);
  expect((await server.call(`GET ${path}`)).json).toEqual({ isSet: true, ...free });
  expect(server.exchanges.only.told.at(-1)).toBe('kiosk mode on');
  expect((await server.call(`DELETE ${path}`)).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('kiosk mode off');
  expect(await deeds('setStationPin')).toMatchObject([
    { result: 'done', before: null, after: null },
    { result: 'weak-code' },
  ]);
  expect(await deeds('removeStationPin')).toMatchObject([{ result: 'done' }]);
});

test('a station can be an ordinary desk although the stations have a PIN, and a kiosk again', async () => {
  await server.call('PUT /api/organization/station-pin', { body: { pin: '4711' } });
  const { token } = await server.enrol('201');
  const as = { headers: { authorization: `Bearer ${token}` } };
  const change = async (kiosk: boolean) =>
    ((await server.call('PATCH /api/extensions/201', { body: { kiosk } })).json as ExtensionView).kiosk;
  expect([await change(false), await change(true)]).toEqual([false, true]);
  expect(await server.refusal('DELETE /api/terminal/token', as)).toBe('403 in-kiosk-mode');
  expect(await change(false)).toBe(false);
  expect((await server.call('DELETE /api/terminal/token', as)).status).toBe(204);
  expect((await deeds('changeExtension')).map(({ before, after }) => [before, after])).toEqual([
    [{ kiosk: true }, { kiosk: false }],
    [{ kiosk: false }, { kiosk: true }],
    [{ kiosk: true }, { kiosk: false }],
  ]);
});

test('an administrator sees where wrong PINs have locked a station, and forgives them', async () => {
  const path = '/api/organization/station-pin';
  await server.call(`PUT ${path}`, { body: { pin: '4711' } });
  const { token } = await server.enrol('201');
  const as = { headers: { authorization: `Bearer ${token}` } };
  const unlock = (pin: string) => server.refusal('POST /api/terminal/unlock', { ...as, body: { pin } });
  for (let n = 0; n < WRONG_PER_TERMINAL; n += 1) expect(await unlock('4712')).toBe('403 wrong-pin');
  expect(await unlock('4711')).toBe('429 station-pin-locked');
  expect((await server.call(`GET ${path}`)).json).toEqual({
    isSet: true,
    lockedUntil: null,
    locked: [{ number: '201', name: 'Front desk', until: expect.any(Number) as number }],
  });
  expect((await server.call(`DELETE ${path}/locks`)).status).toBe(204);
  expect((await server.call(`GET ${path}`)).json).toEqual({ isSet: true, lockedUntil: null, locked: [] });
  expect((await server.call('POST /api/terminal/unlock', { ...as, body: { pin: '4711' } })).status).toBe(204);
  expect(await deeds('liftStationPinLocks')).toMatchObject([{ result: 'done' }]);
});

test('a station in kiosk mode is signed out only while its PIN has opened it; each try is in the audit', async () => {
  await server.call('PUT /api/organization/station-pin', { body: { pin: '4711' } });
  const { token } = await server.enrol('201');
  const as = { headers: { authorization: `Bearer ${token}` } };
  const unlock = (pin: string) => server.call('POST /api/terminal/unlock', { ...as, body: { pin } });
  expect(await server.refusal('DELETE /api/terminal/token', as)).toBe('403 in-kiosk-mode');
  expect((await unlock('4712')).json).toMatchObject({ status: 403, code: 'wrong-pin' });
  expect((await unlock('4711')).status).toBe(204);
  expect((await server.call('DELETE /api/terminal/unlock', as)).status).toBe(204);
  expect(await server.refusal('DELETE /api/terminal/token', as)).toBe('403 in-kiosk-mode');
  expect((await unlock('4711')).status).toBe(204);
  expect((await server.call('DELETE /api/terminal/token', as)).status).toBe(204);
  expect((await deeds('unlockStation')).map(({ who, result }) => [who, result])).toEqual([
    ['201', 'done'],
    ['201', 'done'],
    ['201', 'wrong-pin'],
  ]);
  expect((await deeds('leaveTerminal')).map(({ result }) => result)).toEqual([
    'done',
    'in-kiosk-mode',
    'in-kiosk-mode',
  ]);
});

test('however much phones try in vain, a wrong PIN is in the audit', async () => {
  await server.call('PUT /api/organization/station-pin', { body: { pin: '4711' } });
  const as = { headers: { authorization: `Bearer ${(await server.enrol('201')).token}` } };
  for (let n = 0; n < 40; n += 1)
    expect(await server.refusal('DELETE /api/terminal/token', as)).toBe('403 in-kiosk-mode');
  await server.call('POST /api/terminal/unlock', { ...as, body: { pin: '4712' } });
  expect(await deeds('leaveTerminal')).toHaveLength(30);
  expect(await deeds('unlockStation')).toMatchObject([{ who: '201', result: 'wrong-pin' }]);
});
