import type { Page } from 'puppeteer-core';
import type { DemoServer } from '../../server/tests/support/demo-server.ts';
import { BenchBrowser, introduce, untilReady } from './browser.ts';

/** Milliseconds of each call. */
export interface InTheHand {
  /** From *Call* on the keypad until the card of the call is painted. */
  readonly keyToCard: readonly number[];
  /** From *Call* until the phone of the other side shows who calls. */
  readonly keyToRing: readonly number[];
  /** From *Answer* until the caller hears the person who has answered. */
  readonly answerToSound: readonly number[];
}

const VOICES = { caller: 600, callee: 440 } as const;
const [CALLER, CALLEE] = ['102', '202'] as const;

declare global {
  interface Window {
    /** When what was waited for happened (milliseconds, by the clock that both pages share). */
    benchSeen?: Promise<number>;
    /** When the button was pressed, by the same clock. */
    benchPressed?: number;
  }
}

/** Calls from a phone to a station so many times, each answered and ended, and takes the times in the two pages. */
export async function measureInTheHand(perch: DemoServer, calls: number): Promise<InTheHand> {
  const browsers = await Promise.all([
    BenchBrowser.launch(VOICES.caller),
    BenchBrowser.launch(VOICES.callee),
  ]);
  try {
    const [caller, callee] = await Promise.all([
      open(browsers[0], perch, CALLER),
      open(browsers[1], perch, CALLEE),
    ]);
    const figures = { keyToCard: [] as number[], keyToRing: [] as number[], answerToSound: [] as number[] };
    for (let call = 0; call < calls; call += 1) {
      await caller.bringToFront();
      await caller.keyboard.type(CALLEE);
      await watchFor(caller, 'main[data-state="in-call"] .stage *');
      await watchFor(callee, 'main[data-state="ringing"] [role="alert"]');
      const called = await press(caller, 'button.go');
      figures.keyToCard.push((await seen(caller)) - called);
      figures.keyToRing.push((await seen(callee)) - called);
      await listenFor(caller, VOICES.callee);
      const answered = await press(callee, 'main[data-state="ringing"] button.go');
      figures.answerToSound.push((await seen(caller)) - answered);
      await press(caller, 'main[data-state="in-call"] button.stop');
      await Promise.all(
        [caller, callee].map((page) => page.waitForSelector('main[data-state="free"]', { timeout: 10_000 })),
      );
    }
    return figures;
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
  }
}

async function open(browser: BenchBrowser, perch: DemoServer, number: string): Promise<Page> {
  const page = await browser.newPage();
  await introduce(page, perch.organization.url);
  await page.goto(perch.line(number).url);
  await untilReady(page);
  return page;
}

/** Clicks as a finger does, and says when the page heard of it. */
async function press(page: Page, selector: string): Promise<number> {
  await page.waitForSelector(`${selector}:not(:disabled)`);
  await page.evaluate(() => {
    addEventListener(
      'click',
      () => {
        window.benchPressed = performance.timeOrigin + performance.now();
      },
      { capture: true, once: true },
    );
  });
  await page.click(selector);
  return page.evaluate(() => window.benchPressed ?? Number.NaN);
}

const seen = (page: Page): Promise<number> => page.evaluate(() => window.benchSeen ?? Number.NaN);

/** From now on the page looks at each frame whether that is there, and notes when the frame with it was painted. */
async function watchFor(page: Page, selector: string): Promise<void> {
  await page.evaluate((wanted) => {
    window.benchSeen = new Promise((resolve) => {
      const look = (): void => {
        if (document.querySelector(wanted) === null) requestAnimationFrame(look);
        else {
          // The task after a frame's callbacks runs once that frame has been painted.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            port2.postMessage(undefined);
          });
        }
      };
      look();
    });
  }, selector);
}

/** From now on the page listens to its call, and notes when that tone stands out in what it plays. */
async function listenFor(page: Page, hertz: number): Promise<void> {
  await page.evaluate((wanted) => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 1_024, smoothingTimeConstant: 0 });
    const levels = new Float32Array(analyser.frequencyBinCount);
    const bin = Math.round((wanted * analyser.fftSize) / context.sampleRate);
    const AUDIBLE_DECIBELS = -60;
    let heard: MediaStream | undefined;
    window.benchSeen = new Promise((resolve) => {
      const looking = setInterval(() => {
        const stream = document.querySelector<HTMLAudioElement>('#remote-audio')?.srcObject;
        if (stream instanceof MediaStream && stream !== heard && stream.getAudioTracks().length > 0) {
          heard = stream;
          context.createMediaStreamSource(stream).connect(analyser);
        }
        analyser.getFloatFrequencyData(levels);
        if ((levels[bin] ?? -Infinity) < AUDIBLE_DECIBELS) return;
        clearInterval(looking);
        void context.close();
        resolve(performance.timeOrigin + performance.now());
      }, 2);
    });
  }, hertz);
}
