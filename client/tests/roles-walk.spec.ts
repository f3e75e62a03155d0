import type { Locator, Page } from '@playwright/test';
import { languages, type Role } from '@perch/shared';
import { Secret, TOTP } from 'otpauth';
import { Administrator } from '../../server/tests/support/administrator.ts';
import type { ServedOrganization } from '../../server/tests/support/served-organization.ts';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import type { Place } from '../src/pages/admin/place.ts';
import { isComplete } from './support/complete.ts';
import { expect, testInTongue as test } from './support/fixtures.ts';
import { expectDialog } from './support/key-walk.ts';
import { PageWalk } from './support/page-walk.ts';
import { containing, passesOf, saying, type Tongue, word } from './support/words.ts';

const PASSWORD = 'a long new password';

const heading = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('heading', { name, level: 1, exact: true });
const account = (page: Page, email: string): Locator =>
  page.getByRole('button', { name: new RegExp(saying('account_of', { email })) });

/** Where each place is, and what it is called: a word, or a name. */
const PLACES: Readonly<Record<Place['kind'], readonly [path: string, key: string | RegExp]>> = {
  floor: ['/admin', 'floor'],
  plan: ['/admin/floor/plan', 'plan'],
  wall: ['/admin/floor/wall', 'floor'],
  extensions: ['/admin/extensions', 'extensions'],
  extension: ['/admin/extensions/101', containing('101 Ada')],
  records: ['/admin/calls', 'records'],
  stays: ['/admin/calls/stays', 'records'],
  why: ['/admin/calls/why', 'records'],
  ladders: ['/admin/calls/sip', 'records'],
  ladder: ['/admin/calls/sip/leg-1', 'ladders'],
  reports: ['/admin/reports', 'reports'],
  people: ['/admin/people', 'people'],
  audit: ['/admin/audit', 'audit'],
  organization: ['/admin/organization', 'organization'],
  'personal-data': ['/admin/organization/personal-data', 'personal_data'],
  webhooks: ['/admin/organization/webhooks', 'webhooks'],
  organizations: ['/admin/organizations', 'organizations'],
};

interface RoleWalk {
  readonly groups?: readonly string[];
  readonly extension?: string;
  /** The rooms of the bar, by their words. */
  readonly bar: readonly string[];
  /** All others are no pages for them. */
  readonly sees: readonly Place['kind'][];
  /** What looks different from what an administrator is shown, and what is there once it is whole. */
  readonly looks: readonly (readonly [path: string, there: (page: Page) => Locator])[];
  /** What nobody offers them. */
  readonly without: readonly string[];
}

const NO_EXTENSION = (page: Page): Locator =>
  heading(page, new RegExp(saying('no_such_extension', { number: '102' })));
const FLOOR_AND_CALLS = [
  ...(['floor', 'plan', 'wall', 'extensions', 'extension'] as const),
  ...(['records', 'stays', 'why', 'reports'] as const),
];

/** A role that is new has to be walked, or this is no record of all. */
const ROLE_WALKS: Readonly<Record<Exclude<Role, 'administrator'>, RoleWalk>> = {
  supervisor: {
    groups: ['Sales'],
    bar: ['floor', 'extensions', 'records', 'reports'],
    sees: FLOOR_AND_CALLS,
    looks: [
      ['/admin', (page) => page.getByRole('article', { name: containing('101 Ada') })],
      ['/admin/extensions/101', (page) => page.getByRole('button', { name: word('return_to_base') })],
      ['/admin/extensions/102', NO_EXTENSION],
    ],
    without: ['new_extension', 'issue_credentials', 'invite'],
  },
  owner: {
    extension: '101',
    bar: ['my_extension', 'records', 'reports'],
    sees: ['extension', 'records', 'stays', 'why', 'reports'],
    looks: [
      ['/admin/extensions/101', (page) => page.getByRole('button', { name: word('return_to_base') })],
      ['/admin/extensions/102', NO_EXTENSION],
      ['/admin/calls/why', (page) => page.getByText(new RegExp(saying('why_guest')))],
    ],
    without: ['issue_credentials', 'make_link', 'move_number'],
  },
  operator: {
    bar: ['organizations'],
    sees: ['organizations'],
    looks: [['/admin/organizations', (page) => page.getByText('demo.perch.test', { exact: true })]],
    without: ['token_new'],
  },
};

for (const [name, tongues] of passesOf(languages))
  test.describe(() => {
    test.use({ tongue: tongues[0] ?? 'en' });
    test(`each role is shown what it may see, and nothing else, in ${name}, with the keyboard alone and without a finding of axe`, async ({
      perch,
      page,
    }) => {
      if (isComplete) test.setTimeout(1_200_000);
      await walkRoles(perch, page, tongues);
    });
    test(`the pages before management in ${name} with the keyboard alone, and without a finding of axe`, async ({
      perch,
      page,
    }) => {
      if (isComplete) test.setTimeout(600_000);
      await walkBefore(perch, page, tongues);
    });
  });

async function walkRoles(perch: ServedOrganization, page: Page, tongues: readonly Tongue[]): Promise<void> {
  const { organization } = perch;
  const base = organization.url;
  const admin = await Administrator.signIn(organization);
  await admin.ask('PATCH /api/extensions/101', { group: 'Sales' });
  const station = await SipClient.registered(organization, perch.line('201'));
  await admin.ask('POST /api/extensions/101/move', { to: '201' });

  await page.goto(base);
  const walk = await PageWalk.on(page, tongues);
  for (const [role, { sees, bar, looks, without, extension = null, groups = null }] of Object.entries(
    ROLE_WALKS,
  )) {
    const email = `${role}@demo.perch.test`;
    const rights = { roles: [role], extension, groups };
    const { url } = (await admin.ask('POST /api/people', { email, ...rights })) as { readonly url: string };
    await admin.ask('POST /api/links/use', { token: new URL(url).hash.slice(1), password: PASSWORD });
    await page.context().clearCookies();
    await page.request.post(`${base}/api/session`, { data: { email, password: PASSWORD } });
    await walk.load(`${base}/admin`);
    await test.step(role, async () => {
      await expect(page.getByRole('navigation', { name: word('management') }).getByRole('link')).toHaveText(
        bar.map((name) => word(name)),
      );
      for (const [kind, [path, name]] of Object.entries(PLACES) as [
        Place['kind'],
        (typeof PLACES)[Place['kind']],
      ][]) {
        // It leads those who have no floor to what is theirs.
        if (kind === 'floor' && !sees.includes(kind)) continue;
        await walk.goTo(path);
        const key = sees.includes(kind) ? name : 'no_such_page';
        const named = typeof key === 'string' ? word(key) : key;
        await expect(heading(page, named)).toBeVisible();
      }
      for (const [path, there] of looks) {
        await walk.goTo(path);
        await expect(there(page)).toBeVisible();
        for (const name of without)
          await expect(page.getByRole('button', { name: word(name) })).toHaveCount(0);
        await walk.look(`${path} of ${role}`);
      }
      await expectDialog(page, account(page, email), async (dialog) => {
        await expect(dialog.getByRole('heading', { name: word('own_sessions') })).toBeVisible();
        await expect(dialog.getByRole('button', { name: word('token_new') })).toHaveCount(
          without.includes('token_new') ? 0 : 1,
        );
        await walk.look(`account of ${role}`);
      });
    });
  }
  await station.leave();
}

async function setUpSecondFactor(person: Administrator, password: string): Promise<void> {
  const { secret } = (await person.ask('POST /api/session/second-factor', { password })) as {
    secret: string;
  };
  const app = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
  await person.ask('POST /api/session/second-factor/confirm', { code: app.generate() });
}

/** The pages that nobody has signed in to, or not wholly. */
async function walkBefore(perch: ServedOrganization, page: Page, tongues: readonly Tongue[]): Promise<void> {
  const { organization } = perch;
  const { url: base } = organization;
  const asAdmin = await Administrator.signIn(organization);
  const email = 'eve@demo.perch.test';
  const { url } = (await asAdmin.ask('POST /api/people', {
    ...{ email, roles: ['administrator'], extension: null, groups: null },
  })) as { readonly url: string };
  const link = new URL(url);

  await page.goto(base);
  const walk = await PageWalk.on(page, tongues);
  await expect(page.getByText(word('not_enrolled_text'))).toBeVisible();
  await walk.look('home');
  await page.evaluate((phone) => localStorage.setItem('perch.terminal.101', JSON.stringify(phone)), {
    ...{ token: 'none', number: '101', kind: 'phone', iceServers: [] },
    sip: { url: 'wss://demo.perch.test', domain: 'demo.perch.test' },
  });
  await walk.load(base);
  await expect(page.getByRole('navigation', { name: word('phones_here') })).toBeVisible();
  await walk.look('home of a phone');
  await walk.load(`${base}/nowhere`);
  await expect(heading(page, word('no_such_page'))).toBeVisible();
  await walk.look('no page');
  await walk.load(`${base}/setup`);
  await expect(page.getByText(word('setup_needs_link'))).toBeVisible();
  await walk.look('setup without its link');
  // As somebody pastes the link over the address.
  await walk.load(async () => {
    await page.evaluate(() => (location.hash = 'of-setup'));
    await expect(page.getByRole('button', { name: word('create_organization') })).toBeVisible();
  });
  await walk.look('setup');
  await walk.load(`${base}/admin/welcome#used`);
  await expect(page.getByRole('alert')).toBeVisible();
  await walk.look('a link that does not hold');

  await walk.load(async () => {
    await page.evaluate((hash) => (location.hash = hash), link.hash);
    await expect(page.getByLabel(word('welcome_password'))).toBeVisible();
  });
  await page.getByLabel(word('welcome_password')).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(word('email'))).toHaveValue(email);
  await setUpSecondFactor(asAdmin, organization.admin.password);
  await asAdmin.ask('PUT /api/sign-in-policy', { secondFactorOf: 'administrators' });
  await walk.load(`${base}/admin`);
  await page.getByLabel(word('email')).fill(email);
  await page.getByLabel(word('password')).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(heading(page, word('second_factor_first'))).toBeVisible();
  await walk.look('a second factor is demanded');
  const person = { ...organization, admin: { ...organization.admin, email, password: PASSWORD } };
  await setUpSecondFactor(await Administrator.signIn(person), PASSWORD);
  await page.request.delete(`${base}/api/session`);
  await walk.load(`${base}/admin`);
  await page.getByLabel(word('email')).fill(email);
  await page.getByLabel(word('password')).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(word('app_code'))).toBeVisible();
  await walk.look('a code is asked for');
  await page.getByRole('button', { name: word('use_recovery_code') }).press('Enter');
  await expect(page.getByLabel(word('recovery_code'))).toBeVisible();
  await walk.look('a recovery code is asked for');
}
