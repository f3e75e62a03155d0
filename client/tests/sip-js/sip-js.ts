import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { build } from 'vite';
import type { ServedOrganization } from '../../../server/tests/support/served-organization.ts';
import { expect } from '../support/fixtures.ts';

let script: Promise<string> | undefined;

/** `phone.ts` and SIP.js as one script. */
async function bundled(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL('phone.ts', import.meta.url)), formats: ['iife'], name: 'sipJs' },
    },
  });
  const [bundle] = [output].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error('SIP.js was not bundled');
  return bundle.output[0].code;
}

/** SIP.js as a telephone, in a page of its own. */
export class SipJs {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** A page with nothing but a SIP.js phone; it is registered as that extension. */
  static async open(context: BrowserContext, perch: ServedOrganization, number: string): Promise<SipJs> {
    const { sip, url } = perch.organization;
    const page = await context.newPage();
    // Chromium lets a page reach a local server only if that server sent it: one of its pages, emptied.
    await page.goto(`${url}/setup`);
    await page.evaluate(() => document.body.replaceChildren());
    await page.evaluate(await (script ??= bundled()));
    await page.evaluate((account) => window.sipJsPhone.register(account), {
      server: sip.url,
      domain: sip.domain,
      user: number,
      ...perch.line(number).sip,
    });
    return new SipJs(page);
  }

  call(number: string): Promise<void> {
    return this.page.evaluate((dialled) => window.sipJsPhone.call(dialled), number);
  }

  answer(): Promise<void> {
    return this.page.evaluate(() => window.sipJsPhone.answer());
  }

  hangUp(): Promise<void> {
    return this.page.evaluate(() => window.sipJsPhone.hangUp());
  }

  hold(): Promise<void> {
    return this.page.evaluate(() => window.sipJsPhone.hold());
  }

  resume(): Promise<void> {
    return this.page.evaluate(() => window.sipJsPhone.resume());
  }

  /** Holds the call at hand, and goes on with the other one. */
  swap(): Promise<void> {
    return this.page.evaluate(() => window.sipJsPhone.swap());
  }

  /** Sends the other side of the call at hand there, without asking there first. */
  transfer(number: string): Promise<void> {
    return this.page.evaluate((target) => window.sipJsPhone.transfer(target), number);
  }

  /** Joins the other sides of its two calls (RFC 5589 §7). */
  connect(): Promise<void> {
    return this.page.evaluate(() => window.sipJsPhone.connect());
  }

  async expectRinging(name: string): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => window.sipJsPhone.caller)).toBe(name);
  }

  async expectCalls(count: number): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => window.sipJsPhone.calls)).toBe(count);
  }

  /** Subscribes to the calls of an extension. */
  watch(number: string): Promise<void> {
    return this.page.evaluate((watched) => window.sipJsPhone.watch(watched), number);
  }

  /** The calls that it has been told of, those that are over included. */
  async expectWatched(...states: readonly string[]): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => window.sipJsPhone.watched)).toEqual(states);
  }

  /** The server has said that its transfer has gone through. */
  async expectTransferred(): Promise<void> {
    const said = expect.poll(() => this.page.evaluate(() => window.sipJsPhone.transferred));
    await said.toMatch(/^SIP\/2.0 200 /);
  }
}
