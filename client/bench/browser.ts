import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { wholeChromiumPath, FLAGS, voiceFlags } from '../tests/support/chromium.ts';
import { writeTone } from '../tests/support/tone.ts';

/** As Lighthouse has it (CSS pixels). */
const PHONE_SCREEN = { width: 412, height: 823 };

/** A browser with a profile of its own, whose microphone is a tone of so many Hz. */
export class BenchBrowser {
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  static async launch(hertz: number): Promise<BenchBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-bench-browser-'));
    const wav = join(folder, 'voice.wav');
    await writeTone(wav, hertz);
    const browser = await puppeteer.launch({
      executablePath: wholeChromiumPath ?? chromium.executablePath(),
      userDataDir: join(folder, 'profile'),
      args: [...FLAGS, ...voiceFlags(wav)],
      ignoreDefaultArgs: ['--mute-audio'],
      defaultViewport: PHONE_SCREEN,
    });
    return new BenchBrowser(browser, folder);
  }

  newPage(): Promise<Page> {
    return this.#browser.newPage();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The phone or station on the page is registered. */
export async function untilReady(page: Page): Promise<void> {
  await page.waitForSelector('main[data-state] .health.ready', { timeout: 30_000 });
}

/** The settings of a device on which somebody has gone through the first steps, and which takes a tone for a voice. */
export async function introduce(page: Page, url: string): Promise<void> {
  await page.goto(new URL('/favicon.svg', url).href);
  await page.evaluate(() => {
    const soundProcessing = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    localStorage.setItem('perch.settings', JSON.stringify({ introduced: true, soundProcessing }));
  });
}
