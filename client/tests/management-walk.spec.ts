import type { Locator, Page } from '@playwright/test';
import { languages } from '@perch/shared';
import { Call } from '../../server/tests/support/call.ts';
import type { ServedOrganization } from '../../server/tests/support/served-organization.ts';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import type { Place } from '../src/pages/admin/place.ts';
import { isComplete } from './support/complete.ts';
import { expect, testInTongue as test } from './support/fixtures.ts';
import { expectDialog } from './support/key-walk.ts';
import { PageWalk } from './support/page-walk.ts';
import { containing, passesOf, saying, type Tongue, word } from './support/words.ts';

const heading = (page: Page, key: string): Locator =>
  page.getByRole('heading', { name: word(key), level: 1 });
const button = (page: Page, key: string, values = {}): Locator =>
  page.getByRole('button', { name: new RegExp(`^${saying(key, values)}$`) });
const sentence = (key: string, values = {}): RegExp => new RegExp(saying(key, values));

/** A page of management: how to get there, what is there once it is whole, and the keys that open its dialogs. */
interface Walk {
  readonly path: string;
  readonly there: (page: Page) => Locator;
  /** What of it shows only after something has been done, by keys. */
  readonly open?: (page: Page) => Promise<void>;
  readonly dialogs?: (page: Page) => readonly Locator[];
}

/** All that the router knows: a page that is new has to be walked, or this is no record of all. */
const PAGES: Readonly<Record<Place['kind'] | 'station' | 'none', Walk>> = {
  floor: {
    path: '/admin',
    there: (page) => page.getByRole('article', { name: containing('203 Server room') }),
    dialogs: (page) => [
      button(page, 'end_session_of', { who: '101 Ada' }).first(),
      button(page, 'move_session_of', { who: '101 Ada' }).first(),
      button(page, 'account_of', { email: 'admin@demo.perch.test' }),
    ],
  },
  plan: {
    path: '/admin/floor/plan',
    there: (page) => button(page, 'plan_put', { desk: '202 Back office' }),
    open: async (page) => {
      await button(page, 'plan_put', { desk: '202 Back office' }).press('Enter');
      const station = page.getByRole('button', { name: /^202/ });
      // What has just been put somewhere is under the arrow keys.
      await expect(station).toBeFocused();
      const before = await station.boundingBox();
      await page.keyboard.press('Shift+ArrowRight');
      await expect.poll(async () => (await station.boundingBox())?.x).toBeGreaterThan(before?.x ?? 0);
    },
  },
  wall: {
    path: '/admin/floor/wall',
    there: (page) => page.getByRole('list', { name: word('stations') }),
  },
  extensions: {
    path: '/admin/extensions',
    there: (page) => page.getByText('Chloe', { exact: true }),
    open: async (page) => {
      const head = page.getByRole('columnheader', { name: word('name') });
      await head.getByRole('button').press('Enter');
      await expect(head).toHaveAttribute('aria-sort', 'ascending');
      await head.getByRole('button').press('Space');
      await expect(head).toHaveAttribute('aria-sort', 'descending');
      await expect(head.getByRole('button')).toBeFocused();
      await page.getByRole('checkbox').first().press('Space');
    },
    dialogs: (page) => [
      button(page, 'import_extensions'),
      button(page, 'new_extension'),
      button(page, 'change_selected'),
    ],
  },
  extension: {
    path: '/admin/extensions/101',
    there: (page) => button(page, 'return_to_base'),
    open: async (page) => {
      await button(page, 'issue_credentials').press('Enter');
      await expect(page.getByText(word('shown_once'))).toBeVisible();
    },
    dialogs: (page) => [button(page, 'delete_extension', { number: '101' })],
  },
  station: {
    path: '/admin/extensions/201',
    there: (page) => button(page, 'make_link'),
    open: async (page) => {
      await button(page, 'make_link').press('Enter');
      await expect(page.getByLabel(word('enrolment_link'), { exact: true })).toBeVisible();
      await expect(page.getByRole('img', { name: word('enrolment_qr') })).toBeVisible();
    },
    // Its guest is asked about.
    dialogs: (page) => [page.getByRole('switch', { name: word('allow_virtualization') })],
  },
  records: {
    path: '/admin/calls',
    there: (page) => button(page, 'records_show').first(),
    open: async (page) => {
      await button(page, 'records_show').first().press('Enter');
      await expect(page.getByRole('list', { name: word('records_timeline') })).toContainText(
        sentence('tl_called', { dialled: '999' }),
      );
    },
  },
  stays: { path: '/admin/calls/stays', there: (page) => page.getByText(word('stay_there_now')).first() },
  why: {
    path: '/admin/calls/why?extension=101',
    there: (page) => page.getByText(sentence('why_guest')),
  },
  ladders: {
    path: '/admin/calls/sip',
    there: (page) => page.getByRole('cell', { name: '999', exact: true }),
  },
  ladder: {
    path: '/admin/calls/sip/leg-2',
    there: (page) => page.getByRole('list', { name: word('ladders') }),
    open: async (page) => {
      const invite = page.getByRole('button', { name: /INVITE/ }).first();
      await invite.press('Enter');
      await expect(page.getByText('Call-ID:')).toBeVisible();
      await invite.press('ArrowDown');
      await expect(page.getByRole('button', { name: /488/ })).toBeFocused();
    },
  },
  reports: {
    path: '/admin/reports',
    there: (page) => page.getByRole('heading', { name: word('report_rows') }),
    open: async (page) => {
      const per = page.getByLabel(word('report_per'), { exact: true });
      await per.press('ArrowDown');
      await page.getByText(sentence('report_times_chosen')).press('Enter');
      await page.getByRole('checkbox').first().press('Space');
      await page.getByLabel(word('report_sort')).press('ArrowDown');
      await expect(page.getByText(sentence('report_top', { figure: word('figure_offered') }))).toBeVisible();
      await expect(per).toHaveValue('station');
    },
  },
  people: {
    path: '/admin/people',
    there: (page) => button(page, 'invite'),
    dialogs: (page) => [button(page, 'invite'), page.getByRole('button', { name: 'eve@demo.perch.test' })],
  },
  audit: {
    path: '/admin/audit',
    there: (page) => page.getByRole('cell', { name: word('deed_sign_in') }).first(),
    open: async (page) => {
      await button(page, 'audit_check').press('Enter');
      await expect(page.getByRole('status').filter({ hasText: /\d/ })).toBeVisible();
    },
  },
  webhooks: {
    path: '/admin/organization/webhooks',
    there: (page) => page.getByRole('button', { name: 'CRM' }),
    dialogs: (page) => [button(page, 'webhook_new'), page.getByRole('button', { name: 'CRM' })],
  },
  'personal-data': {
    path: '/admin/organization/personal-data',
    there: (page) => page.getByRole('button', { name: containing('Ada (101)') }),
    open: async (page) => {
      await page.getByLabel(word('personal_data_search')).fill('101');
      await expect(page.getByRole('button', { name: containing('Ben (102)') })).toBeHidden();
    },
    dialogs: (page) => [page.getByRole('button', { name: containing('Ada (101)') })],
  },
  organization: { path: '/admin/organization', there: (page) => heading(page, 'organization') },
  organizations: {
    path: '/admin/organizations',
    there: (page) => page.getByText('demo.perch.test', { exact: true }),
    dialogs: (page) => [button(page, 'new_organization')],
  },
  none: { path: '/admin/nowhere', there: (page) => heading(page, 'no_such_page') },
};

for (const [name, tongues] of passesOf(languages))
  test.describe(() => {
    test.use({ tongue: tongues[0] ?? 'en' });
    test(`every page of management in ${name} with the keyboard alone, and without a finding of axe`, async ({
      perch,
      page,
    }) => {
      if (isComplete) test.setTimeout(1_800_000);
      await walkAll(perch, page, tongues);
    });
  });

async function walkAll(perch: ServedOrganization, page: Page, tongues: readonly Tongue[]): Promise<void> {
  const { admin } = perch.organization;
  const clients = await Promise.all(
    ['102', '103', '201', '202'].map((number) =>
      SipClient.registered(perch.organization, perch.line(number)),
    ),
  );
  const [ben] = clients;
  if (ben === undefined) throw new Error('nobody is there');
  await new Call(ben, '999').response(404);
  // Without an offer it becomes no call.
  await new Call(ben, '103', { body: '' }).response(488);
  await perch.administer('POST', '/api/extensions/101/move', { to: '201' });
  await perch.administer('POST', '/api/extensions/102/move', { to: '103' });
  const hook = { name: 'CRM', url: 'https://crm.example.org/hook', events: ['call.ended'] };
  await perch.administer('POST', '/api/webhooks', hook);
  const rights = { roles: ['supervisor'], extension: null, groups: null };
  const invited = await perch.administer('POST', '/api/people', { email: 'eve@demo.perch.test', ...rights });
  const { url } = (await invited.json()) as { readonly url: string };

  await page.goto(url);
  await expect(page.getByLabel(word('welcome_password'))).toBeVisible();
  const walk = await PageWalk.on(page, tongues);
  await walk.look('invitation');
  await walk.goTo('/admin');
  await expect(button(page, 'forgot_password')).toBeVisible();
  await walk.look('sign-in');
  await page.getByLabel(word('email')).fill(admin.email);
  await page.getByLabel(word('password')).fill(admin.password);
  await page.keyboard.press('Enter');

  const pages = Object.entries(PAGES);
  for (const [index, [name, { path, there, open, dialogs }]] of pages.entries()) {
    await test.step(name, async () => {
      await walk.turnAt(index, pages.length);
      await walk.goTo(path);
      await expect(there(page)).toBeVisible();
      await walk.look(name);
      if (open) {
        await open(page);
        await walk.look(`${name}, opened`);
      }
      for (const opener of dialogs?.(page) ?? [])
        await expectDialog(page, opener, () => walk.look(`${name}, dialog of ${String(opener)}`));
    });
  }
  for (const client of clients) client.close();
}
