import { auditCheck, type AuditEntry, auditPage } from '@perch/shared';
import { expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { Call } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import type { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

/** Codes that nobody has. */
const WRONG = ['907315', '640281', '773019'];

/** Dials, and gives these codes one after the other. */
async function visit(phone: SipClient, page: PageClient, dialled: string, codes: readonly string[]) {
  const dialog = await new Call(phone, dialled).answered();
  for (const code of codes) {
    for (const digit of `${code}#`)
      expect(
        sip.status(
          await dialog.request('INFO', {
            fields: ['Content-Type: application/dtmf-relay'],
            body: `Signal=${digit}\r\nDuration=100\r\n`,
          }),
        ),
      ).toBe(200);
  }
  const outcome = await page.outcome();
  await dialog.request('BYE');
  return outcome;
}

test('what is tried at phones and at the door is in the audit, and no secret that was used for it', async () => {
  const { organization } = on.server;
  const ada = on.server.line('101');
  const desk = await on.register('201');
  const page = await PageClient.open(on.server.line('201').url);
  await visit(desk, page, '*30101', WRONG);
  expect(await visit(desk, page, '*30101', [ada.secretCode ?? ''])).toBe('accepted');
  expect(await visit(desk, page, '*30', [])).toBe('returned');
  page.close();

  const post = (path: string, body: object) =>
    fetch(`${organization.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const guesses = ['guess one, wrong', 'guess two, wrong'];
  await post('/api/session', { email: organization.admin.email, password: guesses[0] });
  await post('/api/session', { email: 'nobody@nowhere.test', password: guesses[1] });
  const administrator = await Administrator.signIn(organization);
  const { password: issued } = (await administrator.ask('POST /api/extensions/102/sip-credentials')) as {
    readonly password: string;
  };
  await administrator.ask('PUT /api/extensions/102/secret-code', { code: '558213' });
  await administrator.ask('PUT /api/extensions/102/voicemail-pin', { pin: '246802' });

  const read = async () => auditPage.parse(await administrator.ask('GET /api/audit?size=200')).entries;
  const line = ({ who, action, about, result }: AuditEntry) => `${who} ${action} ${about ?? ''} ${result}`;
  await expect
    .poll(async () => (await read()).map(line).reverse())
    .toEqual(
      expect.arrayContaining([
        ...WRONG.map(() => '201 takeOver 101 wrong-code'),
        '201 takeOver 101 done',
        '201 goHome 101 done',
        `${organization.admin.email} signIn ${organization.admin.email} wrong-credentials`,
        'nobody@nowhere.test signIn nobody@nowhere.test wrong-credentials',
      ]),
    );
  expect(auditCheck.parse(await administrator.ask('GET /api/audit/check'))).toMatchObject({ brokenAt: null });

  const lines = [...organization.extensions, ...organization.stations];
  const secrets = [
    ...lines.flatMap(({ secretCode, voicemailPin, sip: { password } }) => [
      secretCode,
      voicemailPin,
      password,
    ]),
    ...[organization.admin.password, administrator.cookie.split('=')[1] ?? '', page.token],
    ...[...WRONG, ...guesses, issued, '558213', '246802'],
  ].filter((secret) => secret !== null);
  // Times and seals are long enough to have four digits by chance.
  const told = (await read()).map(({ seal: _, at: __, ...entry }) => JSON.stringify(entry)).join();
  expect(secrets.length).toBeGreaterThan(20);
  for (const secret of secrets) expect([secret, told.includes(secret)]).toEqual([secret, false]);
});
