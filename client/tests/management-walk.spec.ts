import type { Locator, Page, Request } from '@playwright/test';
import { Call } from '../../server/tests/support/call.ts';
import { SipClient } from '../../server/tests/support/sip-client.ts';
import type { Place } from '../src/pages/admin/place.ts';
import { expectAccessibleInBoth, expectAccessibleState, type LegibleLooks } from './support/axe.ts';
import { isComplete } from './support/complete.ts';
import { expect, test } from './support/fixtures.ts';
import { expectDialog, expectWalkable } from './support/key-walk.ts';
import { word } from './support/words.ts';

const SCREENS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
] as const;

const heading = (page: Page, key: string): Locator =>
  page.getByRole('heading', { name: word(key), level: 1 });
/** Names in a text are kept together by characters that nobody sees. */
const button = (page: Page, key: string, values = {}): Locator => {
  const letters = word(key, values).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return page.getByRole('button', {
    name: new RegExp(`^${letters.replaceAll(' ', '[\\u2068\\u2069 ]+')}\\u2069?$`),
  });
};

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
    there: (page) => page.getByRole('article', { name: '203 Server room' }),
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
    there: (page) => page.getByRole('button', { name: word('records_show').split('{')[0] ?? '' }).first(),
    open: async (page) => {
      await page
        .getByRole('button', { name: word('records_show').split('{')[0] ?? '' })
        .first()
        .press('Enter');
      await expect(page.getByRole('list', { name: word('records_timeline') })).toContainText(
        'Ben called 999.',
      );
    },
  },
  stays: { path: '/admin/calls/stays', there: (page) => page.getByText(word('stay_there_now')).first() },
  why: {
    path: '/admin/calls/why?extension=101',
    there: (page) => page.getByText('101 Ada was at', { exact: false }),
  },
  reports: {
    path: '/admin/reports',
    there: (page) => page.getByRole('heading', { name: word('report_rows') }),
    open: async (page) => {
      const per = page.getByLabel(word('report_per'), { exact: true });
      await per.press('ArrowDown');
      await page.getByText(word('report_times')).press('Enter');
      await page.getByRole('checkbox').first().press('Space');
      await page.getByLabel(word('report_sort')).press('ArrowDown');
      await expect(page.getByText(word('report_top', { figure: 'Offered' }))).toBeVisible();
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
  'personal-data': {
    path: '/admin/organization/personal-data',
    there: (page) => page.getByRole('button', { name: 'Ada (101)' }),
    open: async (page) => {
      await page.getByLabel(word('personal_data_search')).fill('101');
      await expect(page.getByRole('button', { name: 'Ben (102)' })).toBeHidden();
    },
    dialogs: (page) => [page.getByRole('button', { name: 'Ada (101)' })],
  },
  organization: { path: '/admin/organization', there: (page) => heading(page, 'organization') },
  organizations: {
    path: '/admin/organizations',
    there: (page) => page.getByText('demo.perch.test', { exact: true }),
    dialogs: (page) => [button(page, 'new_organization')],
  },
  none: { path: '/admin/nowhere', there: (page) => heading(page, 'no_such_page') },
};

/** One state of a page: nothing scrolls sideways, axe finds nothing, and the keys lead to everything. */
class Walker {
  readonly #page: Page;
  readonly #legible: LegibleLooks;
  readonly #awaited = new Set<Request>();
  #states = 0;

  private constructor(page: Page, legible: LegibleLooks) {
    this.#page = page;
    this.#legible = legible;
    page.on('request', (request) => this.#awaited.add(request));
    for (const over of ['requestfinished', 'requestfailed'] as const)
      page.on(over as 'requestfinished', (request) => this.#awaited.delete(request));
  }

  static async on(page: Page): Promise<Walker> {
    return new Walker(page, await page.evaluateHandle(() => new Set<string>()));
  }

  /** Parts of a page come with answers of their own: it is whole once none is awaited. */
  #whole(): Promise<void> {
    return expect.poll(() => this.#awaited.size).toBe(0);
  }

  async look(state: string): Promise<void> {
    const page = this.#page;
    await this.#whole();
    const index = this.#states++;
    const [first] = SCREENS;
    for (const screen of isComplete ? SCREENS : [first]) {
      if (isComplete) await page.setViewportSize(screen);
      const at = `${state} at ${String(screen.width)}`;
      await expectWalkable(page, at);
      const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await page.evaluate(sideways), `${at} scrolls sideways`).toBe(0);
      if (isComplete) await expectAccessibleInBoth(page, at);
      else await expectAccessibleState(page, at, index % 2 === 0 ? 'light' : 'dark', this.#legible);
    }
    if (isComplete) await page.setViewportSize(first);
  }
}

/** Goes on within management, as a link does: nothing is loaded anew. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((address) => {
    history.pushState(null, '', address);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

test('every page of management with the keyboard alone, and without a finding of axe', async ({
  perch,
  page,
}) => {
  if (isComplete) test.setTimeout(900_000);
  const { admin } = perch.organization;
  await page.setViewportSize(SCREENS[0]);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const clients = await Promise.all(
    ['102', '103', '201', '202'].map((number) =>
      SipClient.registered(perch.organization, perch.line(number)),
    ),
  );
  const [ben] = clients;
  if (ben === undefined) throw new Error('nobody is there');
  await new Call(ben, '999').response(404);
  await perch.administer('POST', '/api/extensions/101/move', { to: '201' });
  await perch.administer('POST', '/api/extensions/102/move', { to: '103' });
  const rights = { roles: ['supervisor'], extension: null, groups: null };
  const invited = await perch.administer('POST', '/api/people', { email: 'eve@demo.perch.test', ...rights });
  const { url } = (await invited.json()) as { readonly url: string };

  await page.goto(url);
  await expect(page.getByLabel(word('welcome_password'))).toBeVisible();
  const walker = await Walker.on(page);
  await walker.look('invitation');
  await goTo(page, '/admin');
  await expect(button(page, 'forgot_password')).toBeVisible();
  await walker.look('sign-in');
  await page.getByLabel(word('email')).fill(admin.email);
  await page.getByLabel(word('password')).fill(admin.password);
  await page.keyboard.press('Enter');

  for (const [name, { path, there, open, dialogs }] of Object.entries(PAGES)) {
    await test.step(name, async () => {
      await goTo(page, path);
      await expect(there(page)).toBeVisible();
      await walker.look(name);
      if (open) {
        await open(page);
        await walker.look(`${name}, opened`);
      }
      for (const opener of dialogs?.(page) ?? [])
        await expectDialog(page, opener, () => walker.look(`${name}, dialog of ${String(opener)}`));
    });
  }
  for (const client of clients) client.close();
});
