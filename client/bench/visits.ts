import type { Page } from 'puppeteer-core';
import { digitsFor, PROMPT_TEXTS } from '@perch/shared';
import type { DemoServer } from '../../server/tests/support/demo-server.ts';
import { introduce, untilReady } from './browser.ts';

/** One kind of page, as somebody comes to it whose browser has been there before, but keeps no file of it. */
export interface Visit {
  readonly name: string;
  readonly path: string;
  /** What has to be so beforehand. */
  readonly prepare?: (page: Page, perch: DemoServer) => Promise<void>;
  /** It is a phone: what it loads is counted until it is registered. */
  readonly isPhone?: true;
  /** What is opened on it, judged as it lies there: an open list has no loading of its own. */
  readonly open?: (page: Page) => Promise<void>;
}

/** In this order: what one prepares stays for the next ones. */
export const VISITS: readonly Visit[] = [
  { name: 'home', path: '/' },
  { name: 'setup', path: '/setup#a-link-that-was-used' },
  { name: 'admin, sign-in', path: '/admin' },
  {
    name: 'phone, first run',
    path: '/phone/102',
    isPhone: true,
    prepare: (page, perch) => enrol(page, perch, '102'),
  },
  {
    name: 'phone',
    path: '/phone/102',
    isPhone: true,
    prepare: (page, perch) => introduce(page, perch.organization.url),
  },
  { name: 'phone, voicemail open', path: '/phone/102', isPhone: true, open: openVoicemail },
  { name: 'sign-in to a station', path: '/sign-in' },
  {
    name: 'station',
    path: '/station/201',
    isPhone: true,
    prepare: (page, perch) => enrol(page, perch, '201'),
  },
  { name: 'station with a guest', path: '/station/201', isPhone: true, prepare: takeOver },
  { name: 'admin, floor', path: '/admin', prepare: signIn },
  { name: 'admin, extensions', path: '/admin/extensions' },
  { name: 'admin, extension', path: '/admin/extensions/102' },
  { name: 'admin, extension virtual now', path: '/admin/extensions/101' },
  { name: 'admin, calls', path: '/admin/calls' },
  { name: 'admin, reports', path: '/admin/reports' },
  { name: 'admin, people', path: '/admin/people' },
  { name: 'admin, audit', path: '/admin/audit' },
  { name: 'admin, organization', path: '/admin/organization' },
];

async function enrol(page: Page, perch: DemoServer, number: string): Promise<void> {
  await page.goto(perch.line(number).url);
  await untilReady(page);
}

async function openVoicemail(page: Page): Promise<void> {
  await page.click('nav button:last-child');
  await page.waitForSelector('.shows-voicemail .panel p');
}

/** Ada takes the station over, by the keys of a keyboard. */
async function takeOver(page: Page, perch: DemoServer): Promise<void> {
  await page.goto(new URL('/station/201', perch.organization.url).href);
  await untilReady(page);
  const { number, secretCode } = perch.line('101');
  await page.keyboard.type(digitsFor({ name: 'center', number }));
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (text) => document.body.textContent.includes(text),
    {},
    PROMPT_TEXTS.en['enter-code'],
  );
  await page.keyboard.type(`${secretCode ?? ''}#`);
  await page.waitForSelector('main[data-state="taken"]');
}

async function signIn(page: Page, perch: DemoServer): Promise<void> {
  await page.goto(new URL('/favicon.svg', perch.organization.url).href);
  const { email, password } = perch.organization.admin;
  const body = JSON.stringify({ email, password });
  await page.evaluate(async (credentials) => {
    await fetch('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: credentials,
    });
  }, body);
}
