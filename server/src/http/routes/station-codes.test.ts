import { stationCode } from '@perch/shared';
import { afterEach, expect, test } from 'vitest';
import type { CodeRefusal } from '../../exchange/contract/station-codes.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { REFUSALS } from './station-codes.ts';

/** A thread that starts on a busy machine takes its time (milliseconds). */
const PATIENCE = 30_000;

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** The phones of 101 Ada and 102 Ben, and the station 201. */
async function start(publicUrl?: URL) {
  const server = await startTestServer({ publicUrl });
  servers.push(server);
  await server.setUp();
  for (const number of ['101', '102', '201'])
    await server.call('POST /api/extensions', {
      body: {
        number,
        name: `Name of ${number}`,
        kind: number === '201' ? 'station' : 'person',
        allowVirtualization: true,
      },
    });
  const bearer = async (number: string) => ({
    headers: { authorization: `Bearer ${(await server.enrol(number)).token}` },
  });
  const [ada, station] = [await bearer('101'), await bearer('201')];
  return { server, bearer, ada, station, only: server.exchanges.only };
}

test(
  'a station gets a code, as an address of its own server and as letters',
  { timeout: PATIENCE },
  async () => {
    const { server, station, only } = await start();
    const { json } = await server.call('POST /api/terminal/station-code', station);
    const code = stationCode.parse(json);
    expect(code).toEqual({
      url: `${code.page}#scanned`,
      page: code.page,
      typed: 'TYPED',
      validMs: 60_000,
      onlyHere: true,
    });
    expect(new URL(code.page).pathname).toBe('/sign-in');
    expect((await server.call('DELETE /api/terminal/station-code', station)).status).toBe(204);
    expect(only.told.slice(-2)).toEqual(['issue-station-code 201', 'withdraw-station-code 201']);
  },
);

test(
  'what is scanned at a phone is looked up and confirmed for that phone',
  { timeout: PATIENCE },
  async () => {
    const { server, ada, only } = await start();
    const scanned = { ...ada, body: { code: 'scanned' } };
    const { json } = await server.call('POST /api/terminal/sign-in/station', scanned);
    expect(json).toEqual({
      station: { number: '201', name: 'Front desk' },
      agent: { number: '101', name: 'Ada' },
      ...{ place: null, guest: null },
    });
    expect((await server.call('POST /api/terminal/sign-in', scanned)).status).toBe(204);
    expect(only.told.slice(-2)).toEqual(['look-up-station 101 scanned', 'sign-in-at-station 101 scanned']);
  },
);

const SAID: Readonly<Record<CodeRefusal, string>> = {
  'unknown-code': '410 link-invalid',
  expired: '410 link-invalid',
  used: '410 link-invalid',
  gone: '410 link-invalid',
  overtaken: '410 link-invalid',
  'not-allowed': '409 desk-not-allowed',
  'station-busy': '409 calls-busy',
  'station-locked': '429 too-many-requests',
  'emergency-call': '409 emergency-call',
  'not-own-phone': '403 not-own-phone',
  'no-secret-code': '403 forbidden',
  'extension-locked': '429 too-many-requests',
};

test('each refusal is a sentence of its own', { timeout: PATIENCE }, async () => {
  const { server, bearer, only } = await start();
  const phones = [await bearer('101'), await bearer('102')];
  const details = new Set<string>();
  for (const [index, [refusal, said]] of Object.entries(SAID).entries()) {
    only.codeRefusal = refusal as CodeRefusal;
    const scanned = { ...phones[index % 2], body: { code: 'scanned' } };
    expect(await server.refusal('POST /api/terminal/sign-in', scanned)).toBe(said);
    details.add(REFUSALS[only.codeRefusal].detail);
  }
  expect(details.size).toBe(Object.keys(SAID).length);
});

test(
  'a phone that guesses is stopped, from whichever of its browsers; others go on',
  { timeout: PATIENCE },
  async () => {
    const { server, ada, bearer, only } = await start();
    only.codeRefusal = 'unknown-code';
    const guess = { body: { code: 'WDJBMJHT' } };
    for (let count = 0; count < 10; count++)
      expect(
        await server.refusal(`POST /api/terminal/sign-in${count % 2 === 0 ? '' : '/station'}`, {
          ...ada,
          ...guess,
        }),
      ).toBe('410 link-invalid');
    const again = await bearer('101');
    only.codeRefusal = null;
    for (const browser of [ada, again])
      expect(await server.refusal('POST /api/terminal/sign-in', { ...browser, ...guess })).toBe(
        '429 too-many-requests',
      );
    expect(
      (await server.call('POST /api/terminal/sign-in', { ...(await bearer('102')), ...guess })).status,
    ).toBe(204);
  },
);

test(
  'a network from which codes are guessed is stopped, one whose codes have been used or have expired is not',
  { timeout: PATIENCE },
  async () => {
    const { server, ada, station, bearer, only } = await start();
    await server.call('POST /api/extensions', {
      body: { number: '103', name: 'Chloe', kind: 'person', allowVirtualization: true },
    });
    const [ben, chloe] = [await bearer('102'), await bearer('103')];
    const tryAs = async (phone: typeof ada, refusal: CodeRefusal, times: number) => {
      only.codeRefusal = refusal;
      const said = new Set<string>();
      for (let count = 0; count < times; count++)
        said.add(
          await server.refusal('POST /api/terminal/sign-in', { ...phone, body: { code: 'WDJBMJHT' } }),
        );
      return [...said];
    };
    expect(await tryAs(chloe, 'expired', 5)).toEqual(['410 link-invalid']);
    for (const phone of [ada, station, ben])
      expect(await tryAs(phone, 'unknown-code', 10)).toEqual(['410 link-invalid']);
    expect(await tryAs(chloe, 'unknown-code', 1)).toEqual(['429 too-many-requests']);
  },
);

test('without the token of a phone there is nothing to try', async () => {
  const { server } = await start();
  server.signedOut();
  for (const request of ['POST /api/terminal/sign-in', 'POST /api/terminal/sign-in/station'])
    expect(await server.refusal(request, { body: { code: 'x' } })).toBe('401 terminal-unknown');
  expect(await server.refusal('POST /api/terminal/station-code')).toBe('401 terminal-unknown');
});

test(
  'the address that a station shows is the public one of the server, where it has one, however the station was opened',
  { timeout: PATIENCE },
  async () => {
    const { server, station } = await start(new URL('https://perch.example'));
    const { json } = await server.call('POST /api/terminal/station-code', station);
    expect(json).toMatchObject({ page: 'https://perch.example/sign-in', onlyHere: false });
  },
);
