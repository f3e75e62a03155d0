import { expect, type Locator, type Page } from '@playwright/test';
import type { DemoExtension } from '../../../server/tests/support/served-organization.ts';
import { PROMPT_TEXTS } from '@perch/shared';
import { language, word } from './words.ts';

/** A station or phone page, as the person in front of it uses it: by what its buttons are called. */
export class Handset {
  readonly page: Page;
  readonly number: string;
  readonly #root: Locator;

  constructor(page: Page, number: string) {
    this.page = page;
    this.number = number;
    this.#root = page.locator('main[data-state]');
  }

  /** Opens an enrolment link and waits until the server says that it holds the registration. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.expectReady();
  }

  async changeSettings(changes: object): Promise<void> {
    await this.page.evaluate((values) => {
      const kept = JSON.parse(localStorage.getItem('perch.settings') ?? '{}') as object;
      localStorage.setItem('perch.settings', JSON.stringify({ ...kept, ...values }));
    }, changes);
    await this.page.reload();
    await this.expectReady();
  }

  /** Taps the digits one by one on the keypad that is open. */
  async press(digits: string): Promise<void> {
    await pressKeys(this.page.getByRole('group', { name: word('keypad') }), digits);
  }

  async dial(number: string): Promise<void> {
    await this.press(number);
    await this.page.getByRole('button', { name: word('call'), exact: true }).click();
  }

  async answer(): Promise<void> {
    await this.page.getByRole('button', { name: word('answer'), exact: true }).click();
  }

  async decline(): Promise<void> {
    await this.page.getByRole('button', { name: word('decline'), exact: true }).click();
  }

  /** Lets the caller leave a message. */
  async toVoicemail(): Promise<void> {
    await this.page.getByRole('button', { name: word('to_voicemail'), exact: true }).click();
  }

  async hangUp(): Promise<void> {
    await this.page.getByRole('button', { name: word('end_call'), exact: true }).click();
  }

  async toggleMute(): Promise<void> {
    const [mute, unmute] = ['mute', 'unmute'].map((key) =>
      this.page.getByRole('button', { name: word(key), exact: true }),
    ) as [Locator, Locator];
    await mute.or(unmute).click();
  }

  /** Puts the other side on hold, or takes it back. */
  async toggleHold(): Promise<void> {
    const [hold, unhold] = ['hold', 'unhold'].map((key) =>
      this.page.getByRole('button', { name: word(key), exact: true }),
    ) as [Locator, Locator];
    await hold.or(unhold).click();
  }

  /** Presses a button of the call's page. */
  async act(key: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.getByRole('button', { name: word(key, values), exact: true }).click();
  }

  /** Opens Transfer and chooses a number for the call. */
  async chooseTransfer(number: string): Promise<void> {
    await this.act('transfer');
    await this.page.getByRole('button', { name: new RegExp(`^Choose ${number} `) }).click();
  }

  /** Calls another number, with the call that is under way on hold. */
  async addCall(number: string): Promise<void> {
    await this.act('add_call');
    await this.page.getByRole('button', { name: new RegExp(`^Choose ${number} `) }).click();
    await this.act('call');
  }

  /** Dials the Center, gives the right code, leaves as soon as it is done, and waits until the guest is there. */
  async takeOver({ number, name, secretCode }: DemoExtension): Promise<void> {
    await this.dial(`*30${number}`);
    await this.expectCodeAsked();
    await this.press(`${secretCode ?? ''}#`);
    await this.#leaveCenter();
    await this.expectGuest(name, number);
  }

  /** Dials `*30` alone, and leaves as soon as it is done. */
  async dialReturn(): Promise<void> {
    await this.dial('*30');
    await this.#leaveCenter();
    await this.expectIdle();
  }

  /** Does not hear the Center out, unless it was quicker. */
  async #leaveCenter(): Promise<void> {
    const done = this.page.getByRole('button', { name: word('done'), exact: true });
    const idle = this.page.locator('main:is([data-state=free], [data-state=taken], [data-state=locked])');
    await expect(done.or(idle)).toBeVisible({ timeout: 20_000 });
    await done.click({ timeout: 5_000 }).catch(() => this.expectIdle());
  }

  /** Presses one of the keys that a voicemail call offers, by what its button says. */
  async choose(offer: string): Promise<void> {
    const offers = this.page.getByRole('group', { name: word('mailbox_call_keys') });
    await offers.getByRole('button', { name: word(`mailbox_call_${offer}`), exact: true }).click();
  }

  /** Calls a number that does not answer, skips the greeting, and speaks to the mailbox for some seconds. */
  async speakToMailbox(number: string): Promise<void> {
    await this.dial(number);
    await this.choose('skip');
    await this.expectRecorded();
  }

  /** Three seconds and more of what is said here are recorded. */
  async expectRecorded(): Promise<void> {
    const timer = this.page.getByRole('timer', { name: word('mailbox_call_recorded') });
    await expect(timer).toHaveText(/^0:(0[3-9]|[1-5]\d)$/, { timeout: 20_000 });
  }

  async expectSaid(text: string): Promise<void> {
    await expect(this.page.getByText(text).first()).toBeVisible({ timeout: 20_000 });
  }

  /** Everything that the page has in the browser's stores, as one text. Files of the page are without their hash, which may spell any word. */
  stored(): Promise<string> {
    return this.page.evaluate(async () => {
      const done = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('not read'));
        });
      const databases: unknown[] = [];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await done(indexedDB.open(name));
        databases.push(name);
        for (const store of database.objectStoreNames)
          databases.push(store, await done(database.transaction(store).objectStore(store).getAll()));
        database.close();
      }
      const cached: string[] = [];
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys())
          cached.push(url.replace(/-[\w-]{8}(?=\.\w+$)/, ''));
      }
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, databases, cached]);
    });
  }

  async expectState(state: string): Promise<void> {
    await expect(this.#root).toHaveAttribute('data-state', state, { timeout: 20_000 });
  }

  async expectReady(): Promise<void> {
    const ready = this.page.getByRole('status').filter({ hasText: new RegExp(`^${word('health_ready')}$`) });
    await expect(ready).toBeVisible({ timeout: 30_000 });
  }

  /** No call here, neither ringing nor talking nor with the Center. */
  async expectIdle(): Promise<void> {
    await expect(this.#root).toHaveAttribute('data-state', /^(free|taken|locked)$/, { timeout: 20_000 });
  }

  async expectTalking(): Promise<void> {
    await this.expectState('in-call');
    await expect(this.page.getByRole('timer')).toBeVisible();
  }

  async expectRinging(name: string, number: string): Promise<void> {
    const alert = this.page.getByRole('alert');
    await expect(alert).toContainText(name);
    await expect(alert).toContainText(number);
  }

  async expectCodeAsked(): Promise<void> {
    await expect(this.page.getByText(PROMPT_TEXTS[language()]['enter-code'])).toBeVisible({
      timeout: 15_000,
    });
  }

  /** There is no guest on this station. */
  async expectFree(): Promise<void> {
    await this.expectState('free');
  }

  async expectGuest(name: string, number: string): Promise<void> {
    await this.expectState('taken');
    await expect(this.#root).toContainText(name);
    await expect(this.#root).toContainText(number);
  }

  /** The owner is on another terminal, which is named. */
  async expectAway(name: string, number: string): Promise<void> {
    await this.expectState('locked');
    await expect(this.#root).toContainText(name);
    await expect(this.#root).toContainText(number);
  }

  async expectHome(): Promise<void> {
    await this.expectState('free');
  }

  /** A number is written, and the page says why it will not be called. */
  async expectMayNotDial(number: string): Promise<void> {
    await this.press(number);
    await expect(this.page.getByText(word('locked_dials_nothing', { center: '*30' }))).toBeVisible();
    await expect(this.page.getByRole('button', { name: word('call'), exact: true })).toBeDisabled();
  }
}

/**
 * Taps keys of a keypad. While a secret is entered, star and hash also say what they do there. Once the first is found to be at rest and not
 * covered, the others are tapped as quickly as a person does.
 */
export async function pressKeys(keypad: Locator, keys: string): Promise<void> {
  for (const [index, key] of [...keys].entries()) {
    const name = new RegExp(`^${key === '*' ? word('key_star') : key === '#' ? word('key_hash') : key}(,|$)`);
    await keypad.getByRole('button', { name }).click({ force: index > 0 });
  }
}
