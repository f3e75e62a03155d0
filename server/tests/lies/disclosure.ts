import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import { Administrator } from '../support/administrator.ts';
import { Call } from '../support/call.ts';
import type { Stage } from '../support/fixtures.ts';
import { PageClient } from '../support/page-client.ts';
import type { Lie } from './lie.ts';

/** Of each server that lies are tried on. */
export const METRICS_TOKEN = 'the-token-of-the-metrics-of-this-test';

const post = ({ server }: Stage, path: string, body: object, headers = {}): Promise<Response> =>
  fetch(server.organization.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** The secret of the authenticator app, in the address that it scans. */
const secretIn = (begun: unknown): string => /secret=([A-Z2-7]+)/.exec(JSON.stringify(begun))?.[1] ?? '';

/** Somebody registers with a password that is wrong. */
async function wrongPassword(on: Stage, username: string): Promise<void> {
  const guesser = await on.connect('101');
  const uri = `sip:${guesser.domain}`;
  const request = { to: `<${guesser.address()}>` };
  const challenge = await guesser.transact('REGISTER', uri, request);
  const wrong = guesser.credentials(challenge, 'REGISTER', uri, 'MD5', 'wrong');
  const fields = [wrong.replace(/username="[^"]*"/, `username="${username}"`)];
  await guesser.transact('REGISTER', uri, { ...request, fields });
  guesser.close();
}

/** Things that are told to those whom they do not concern, and tries that are not counted. */
export const DISCLOSURE: readonly Lie[] = [
  {
    name: 'metrics are read without their token',
    guards: ['metrics are for who has the token'],
    works: async ({ server }) => {
      const read = await fetch(`${server.organization.url}/metrics`, {
        headers: { authorization: `Bearer ${METRICS_TOKEN}x` },
      });
      return read.ok;
    },
  },
  {
    name: 'a link that makes a browser a phone is used once more',
    guards: ['links have so many uses', 'links have so many uses, at once too'],
    works: async (on) => {
      const made = await on.server.administer('POST', '/api/extensions/104/enrolments', {
        uses: 1,
        hours: 1,
      });
      const { url } = (await made.json()) as { readonly url: string };
      const code = new URL(url).hash.slice(1);
      const uses = [
        await post(on, '/api/enrolments/redeem', { code }),
        await post(on, '/api/enrolments/redeem', { code }),
      ];
      if (uses[0]?.ok !== true) throw new Error('the link cannot be used at all');
      return uses[1]?.ok === true;
    },
  },
  {
    name: 'a code that a station shows is used once more',
    guards: ['a station’s code works once'],
    works: async ({ server }) => {
      const [station, ada, ben] = await Promise.all(
        ['201', '101', '102'].map((number) => PageClient.open(server.line(number).url)),
      );
      const shown = await station?.ask('POST /api/terminal/station-code');
      const { typed } = (shown?.json ?? {}) as { readonly typed?: string };
      const first = await ada?.ask('POST /api/terminal/sign-in', { code: typed });
      if (first?.status !== 204) throw new Error('the code cannot be used at all');
      await station?.ask('POST /api/terminal/return');
      const second = await ben?.ask('POST /api/terminal/sign-in', { code: typed });
      await station?.ask('POST /api/terminal/return');
      for (const page of [station, ada, ben]) page?.close();
      return second?.status === 204;
    },
  },
  {
    name: 'a sign-in code that was looked at over a shoulder',
    guards: ['a sign-in code works once'],
    works: async (on) => {
      const { email, password } = on.server.organization.admin;
      const management = await Administrator.signIn(on.server.organization);
      const begun = await management.ask('POST /api/session/second-factor', { password });
      const code = TOTP.generate({ secret: Secret.fromBase32(secretIn(begun)) });
      const confirmed = await management.ask('POST /api/session/second-factor/confirm', { code });
      const [recovery = ''] = (confirmed as { readonly codes: readonly string[] }).codes;
      const again = await post(on, '/api/session', { email, password, code });
      await management.ask('POST /api/session/second-factor/remove', { code: recovery });
      return again.ok;
    },
  },
  {
    name: 'a link of ours that leads to another site',
    guards: ['proxies are those that are trusted'],
    works: async (on) => {
      const { cookie } = await Administrator.signIn(on.server.organization);
      const headers = { cookie, 'x-forwarded-host': 'elsewhere.example' };
      const made = await post(on, '/api/extensions/104/enrolments', { uses: 1, hours: 1 }, headers);
      return (await made.text()).includes('elsewhere.example');
    },
  },
  {
    name: 'a refusal that tells who has an account',
    guards: ['unknown addresses are refused like wrong passwords'],
    works: async (on) => {
      const { email } = on.server.organization.admin;
      const refusals = await Promise.all(
        [email, 'nobody@elsewhere.example'].map(async (address) =>
          (await post(on, '/api/session', { email: address, password: 'wrong' })).text(),
        ),
      );
      return refusals[0] !== refusals[1];
    },
  },
  {
    name: 'the time of a refusal tells which accounts there are: hashes are counted',
    guards: ['as many digests for an unknown account'],
    works: async (on) => {
      const counts: number[] = [];
      for (const username of ['102', '998']) {
        const before = on.hashes();
        await wrongPassword(on, username);
        counts.push(on.hashes() - before);
      }
      return counts[0] !== counts[1];
    },
  },
  {
    name: 'the time of a refusal tells who has an account: hashes are counted',
    guards: ['as many hashes for an unknown address'],
    works: async (on) => {
      const counts: number[] = [];
      for (const email of [on.server.organization.admin.email, 'somebody@elsewhere.example']) {
        const before = on.hashes();
        await post(on, '/api/session', { email, password: 'wrong' });
        counts.push(on.hashes() - before);
      }
      return counts[0] !== counts[1];
    },
  },
  {
    name: 'a secret in the log, in metrics or in what is told of an error',
    guards: ['what phones send is not logged'],
    works: async (on) => {
      const { server } = on;
      const { admin, extensions, stations } = server.organization;
      const page = await PageClient.open(server.line('103').url);
      const phone = await on.connect('103');
      await phone.register({ fields: [`Authorization: Bearer ${page.token}`] });
      const visit = await new Call(await on.register('201'), '*30101').answered();
      for (const digit of `${server.line('101').secretCode ?? ''}#`)
        await visit.request('INFO', {
          fields: ['Content-Type: application/dtmf-relay'],
          body: `Signal=${digit}\r\nDuration=100\r\n`,
        });
      await visit.request('BYE');
      const management = await Administrator.signIn(server.organization);
      const refused = await post(on, '/api/people', { email: admin.password }, { cookie: management.cookie });
      const metrics = await fetch(`${server.organization.url}/metrics`, {
        headers: { authorization: `Bearer ${METRICS_TOKEN}` },
      });
      const told = [await metrics.text(), await refused.text()];
      const secrets = [
        page.token,
        admin.password,
        METRICS_TOKEN,
        management.cookie.slice(management.cookie.indexOf('=') + 1),
        ...[...extensions, ...stations].flatMap((each) => [
          each.sip.password,
          new URL('phoneUrl' in each ? each.phoneUrl : each.stationUrl).hash.slice(1),
        ]),
      ];
      // What has been logged before this line has been written before it.
      const last = `last-${phone.token().slice(0, 8)}`;
      await wrongPassword(on, last);
      await expect.poll(() => server.printed).toContain(last);
      return secrets.some((secret) => [server.printed, ...told].some((text) => text.includes(secret)));
    },
  },
  {
    name: 'a password is guessed from addresses that are invented',
    guards: ['proxies are those that are trusted'],
    works: async (on) => {
      const tries = Array.from({ length: 12 }, (_, last) =>
        post(
          on,
          '/api/session',
          { email: 'nobody@elsewhere.example', password: 'wrong' },
          { 'x-forwarded-for': `198.51.${String(100 + last)}.1` },
        ),
      );
      return (await Promise.all(tries)).every(({ status }) => status !== 429);
    },
  },
];
