import { expect, type Locator, type Page } from '@playwright/test';
import { expectTone } from './hearing.ts';
import { pressKeys } from './handset.ts';
import { word } from './words.ts';

/** The voicemail of a phone or station page, as the person in front of it uses it. */
export class Mailbox {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The messages that the page shows, newest first. */
  get messages(): Locator {
    return this.#page
      .getByRole('button', { name: /message from/i })
      .and(this.#page.locator('[aria-expanded]'));
  }

  /** The lamp: so many new messages, or none. */
  async expectNew(count: number, timeout = 1_000): Promise<void> {
    const lamp = this.#page.getByText(new RegExp(`${String(count)} new message`));
    await (count === 0
      ? expect(this.#page.getByText(/\d+ new message/)).toHaveCount(0, { timeout })
      : expect(lamp.first()).toBeAttached({ timeout }));
  }

  /** Goes where the messages are. */
  async open(): Promise<void> {
    const name = new RegExp(`^${word('voicemail')}`);
    await this.#page.getByRole('tab', { name }).or(this.#page.getByRole('button', { name })).first().click();
  }

  /** Opens a message, by its place from the newest on; it plays at once. */
  async play(position: number): Promise<void> {
    await this.messages.nth(position).click();
    await this.listen();
  }

  /** Plays what is open, unless it plays already. */
  async listen(): Promise<void> {
    const play = this.#page.getByRole('button', { name: word('voicemail_play'), exact: true });
    const pause = this.#page.getByRole('button', { name: word('voicemail_pause'), exact: true });
    await expect(play.or(pause)).toBeVisible();
    if (await play.isVisible()) await play.click();
  }

  async expectPlays(hertz: number): Promise<void> {
    await expectTone(this.#page, hertz, 'recording');
  }

  /** It has played to its end. */
  async expectPlayed(): Promise<void> {
    const audio = this.#page.locator('#recording-audio');
    await expect(audio).toHaveJSProperty('ended', true);
  }

  async delete(): Promise<void> {
    await this.#page.getByRole('button', { name: word('voicemail_delete'), exact: true }).click();
  }

  async undo(): Promise<void> {
    await this.#page.getByRole('button', { name: /^undo/i }).click();
  }

  async unlock(pin: string): Promise<void> {
    await pressKeys(this.#page.getByRole('group', { name: word('voicemail_pin_keys') }), `${pin}#`);
  }
}
