import { expect } from '@playwright/test';
import puppeteer, { type Browser, type Page, Puppeteer } from 'puppeteer-core';
import { firefoxPath } from '../support/programs.ts';
import { word } from '../support/words.ts';

const LIMIT_MS = 20_000;
/** Seconds of the other side's sound that are recorded and measured. */
const EAR_SECONDS = 0.6;
/** Of what is heard, where it is one tone: what the jitter buffer does at the beginning is the rest. */
const MOST = 0.8;

/**
 * What can be pressed or filled in, by what it is called. Puppeteer's own way asks the browser for accessible names, which takes Firefox a second
 * for each press, on both cores.
 */
Puppeteer.registerCustomQueryHandler('called', {
  queryOne: (node, name) =>
    [...(node as Element | Document).querySelectorAll<HTMLElement>('button, input')].find((each) => {
      const label = (each as HTMLInputElement).labels?.[0]?.textContent ?? each.textContent;
      const said = (each.getAttribute('aria-label') ?? label).replace(/\s+/g, ' ').trim();
      return said === name && each.checkVisibility() && each.closest('[inert]') === null;
    }) ?? null,
});

/** A phone page in Debian's Firefox, over WebDriver BiDi, used by what its buttons are called. */
export class FirefoxPhone {
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /** A browser of its own whose microphone is a tone of so many Hz, with the page behind that enrolment link; it is registered. */
  static async open(url: string, hertz: number): Promise<FirefoxPhone> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      ...(firefoxPath !== undefined && { executablePath: firefoxPath }),
      headless: true,
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.audio.fake_frequency': hertz,
        'media.navigator.permission.disabled': true,
        'media.autoplay.default': 0,
      },
    });
    try {
      const page = await browser.newPage();
      // In a call it asks whether it is to be left.
      page.on('dialog', (dialog) => void dialog.accept());
      await page.evaluateOnNewDocument(() => {
        const soundProcessing = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
        localStorage.setItem('perch.settings', JSON.stringify({ introduced: true, soundProcessing }));
      });
      await page.goto(url);
      const phone = new FirefoxPhone(browser, page);
      await phone.expectText(word('health_ready'));
      await page.evaluate(untilAtRest);
      return phone;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Ends the browser, and removes its profile. */
  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Presses the digits on the keypad, then Call. */
  async dial(number: string): Promise<void> {
    for (const digit of number) await this.#click(digit);
    const dialled = (): Promise<string | undefined> =>
      this.#page.evaluate(() => document.querySelector<HTMLInputElement>('.pad input')?.value);
    await expect.poll(dialled, { message: 'what is dialled', timeout: 5_000 }).toBe(number);
    await this.#click(word('call'));
  }

  /** Types on the keyboard, into the page as a whole. */
  async type(digits: string): Promise<void> {
    await this.#page.keyboard.type(digits);
  }

  /** Types a number, then Enter. */
  async dialByKeyboard(number: string): Promise<void> {
    await this.type(number);
    await this.#page.keyboard.press('Enter');
  }

  async answer(): Promise<void> {
    await this.#click(word('answer'));
  }

  async hangUp(): Promise<void> {
    await this.#click(word('end_call'));
  }

  /** Presses a button of the call's page. */
  async act(key: string): Promise<void> {
    await this.#click(word(key));
  }

  /** Opens Transfer and writes a number for the call. */
  async chooseTransfer(number: string): Promise<void> {
    await this.act('transfer');
    await this.#page
      .locator(`::-p-called(${word('number')})`)
      .setWaitForStableBoundingBox(false)
      .setTimeout(LIMIT_MS)
      .fill(number);
  }

  /** Loads the page anew, in a call too. */
  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async expectText(text: string): Promise<void> {
    await expect
      .poll(() => this.#page.evaluate(() => document.body.innerText), { message: text, timeout: LIMIT_MS })
      .toContain(text);
  }

  async expectState(state: string): Promise<void> {
    const seen = (): Promise<string | undefined> =>
      this.#page.evaluate(() => document.querySelector<HTMLElement>('main[data-state]')?.dataset['state']);
    await expect.poll(seen, { message: `the page is ${state}`, timeout: LIMIT_MS }).toBe(state);
  }

  /**
   * The other side's sound is that tone. It is recorded and then decoded: where the machine has no output device, Firefox runs no
   * audio context that could analyse it at once.
   */
  async expectTone(hertz: number): Promise<void> {
    await expect
      .poll(() => this.#page.evaluate(shareOfTone, hertz, EAR_SECONDS), {
        message: `Firefox hears a tone of ${String(hertz)} Hz`,
        timeout: LIMIT_MS,
        intervals: [100],
      })
      .toBeGreaterThan(MOST);
  }

  /** Without waiting for animations, as a person would. */
  async #click(name: string): Promise<void> {
    await this.#page
      .locator(`::-p-called(${name})`)
      .setWaitForStableBoundingBox(false)
      .setEnsureElementIsInTheViewport(false)
      .setTimeout(LIMIT_MS)
      .click();
  }
}

/**
 * What can be pressed stays where it is: that the browser has no output device is known a second after the page has loaded, and the sign
 * that says so moves the keys. Runs in the page.
 */
async function untilAtRest(): Promise<void> {
  const place = (): number | undefined =>
    [...document.querySelectorAll('main button')].at(-1)?.getBoundingClientRect().top;
  let before;
  do {
    before = place();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  } while (place() !== before);
}

/** How much of what the page's call sounds like is that tone: 0 to 1. Runs in the page. */
async function shareOfTone(hertz: number, seconds: number): Promise<number> {
  const stream = document.querySelector<HTMLAudioElement>('#remote-audio')?.srcObject;
  if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return 0;
  const recorder = new MediaRecorder(stream);
  const recorded = new Promise<Blob>((resolve) => {
    recorder.ondataavailable = ({ data }) => resolve(data);
  });
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1_000 * seconds));
  recorder.stop();
  const octets = await (await recorded).arrayBuffer();
  if (octets.byteLength === 0) return 0;
  const decoder = new OfflineAudioContext(1, 1, 48_000);
  const samples = (await decoder.decodeAudioData(octets)).getChannelData(0).subarray(-12_000);
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 48_000);
  let [last, before, energy] = [0, 0, 0];
  for (const sample of samples) {
    [last, before] = [sample + coefficient * last - before, last];
    energy += sample ** 2;
  }
  const power = last ** 2 + before ** 2 - coefficient * last * before;
  return energy > 0.001 * samples.length ? (2 * power) / (samples.length * energy) : 0;
}
