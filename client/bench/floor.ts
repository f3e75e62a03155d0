import type { CDPSession, Page } from 'puppeteer-core';
import type { DemoServer } from '../../server/tests/support/demo-server.ts';
import type { BenchBrowser } from './browser.ts';

const STATIONS = 500;
const FIRST_NUMBER = 3_000;
const CHANGES = 100;
const BURSTS = 10;
/** How much slower the page's processor is made. */
const THROTTLED = 4;
const SCREEN = { width: 1_440, height: 900 };
/** Rows of a table that the server takes at once. */
const ROWS = 200;
/** From one change to the next (milliseconds): a few a second, in no step with the page's frames. */
const PAUSE_MS = 153;

/** Milliseconds. */
export interface FloorTimes {
  /** From when the page is asked for until every card is there. */
  readonly loaded: number;
  /** Of each change, from when the page's machine has heard of it until the frame that shows it is painted. */
  readonly shown: readonly number[];
  /** The same from when it is asked of the server, whose work and the writing to the disk are in it. */
  readonly changes: readonly number[];
  /** From when twenty changes are asked for at once until all are painted, each time. */
  readonly bursts: readonly number[];
}

declare global {
  interface Window {
    /** When the frame was painted in which the card of that number first had that text (milliseconds, by the machine's clock). */
    benchCard?: (number: string, text: string) => Promise<number>;
  }
}

/** Changes stations on the floor of a large organization, and takes the times on a slow page. */
export async function measureFloor(
  browser: BenchBrowser,
  perch: DemoServer,
  progress: (what: string) => void,
): Promise<FloorTimes> {
  await furnish(perch);
  progress(`${String(STATIONS)} stations`);
  const page = await browser.newPage();
  await page.setViewport(SCREEN);
  const cookie = await signIn(page, perch);
  const session: CDPSession = await page.createCDPSession();
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLED });
  await session.send('Network.enable');
  const arrivals = new Map<string, number>();
  session.on('Network.webSocketFrameReceived', ({ timestamp, response: { payloadData } }) => {
    const [name] = /Renamed \d+/.exec(payloadData) ?? [];
    if (name !== undefined) arrivals.set(name, wallClock(timestamp * 1_000));
  });
  await page.evaluateOnNewDocument(watchCards);
  const begun = Date.now();
  await page.goto(new URL('/admin', perch.organization.url).href);
  const last = String(FIRST_NUMBER + STATIONS - 1);
  const loaded = (await page.evaluate((number) => window.benchCard?.(number, number), last)) ?? Number.NaN;
  progress(`loaded: ${(loaded - begun).toFixed(0)} ms`);

  let count = 0;
  /** Gives a station another name. @returns how long that took until it was painted: since it was asked for, and since it was heard of. */
  const change = async (): Promise<readonly [asked: number, heard: number]> => {
    count += 1;
    // Stations all over the floor: 197 has no divisor in common with their number.
    const number = String(FIRST_NUMBER + ((count * 197) % STATIONS));
    const name = `Renamed ${String(count)}`;
    const painted = page.evaluate((...of) => window.benchCard?.(...of), number, name);
    const askedAt = Date.now();
    const answer = await fetch(new URL(`/api/extensions/${number}`, perch.organization.url), {
      method: 'PATCH',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const at = (await painted) ?? Number.NaN;
    return [at - askedAt, at - (arrivals.get(name) ?? Number.NaN)];
  };
  const [changes, shown]: [number[], number[]] = [[], []];
  for (let each = 0; each < CHANGES; each += 1) {
    const [asked, heard] = await change();
    changes.push(asked);
    shown.push(heard);
    if (changes.length % 25 === 0) progress(`${String(changes.length)} changes`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const bursts: number[] = [];
  for (let each = 0; each < BURSTS; each += 1) {
    const all = await Promise.all(Array.from({ length: 20 }, change));
    bursts.push(Math.max(...all.map(([asked]) => asked)));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await page.close();
  return { loaded: loaded - begun, shown, changes, bursts };
}

/** Chromium's instants are those of the machine's monotonic clock (milliseconds). */
const wallClock = (monotonic: number): number =>
  monotonic + Date.now() - Number(process.hrtime.bigint() / 1_000n) / 1_000;

/** Stations enough for a large organization, of ten groups. */
async function furnish(perch: DemoServer): Promise<void> {
  const rows = Array.from({ length: STATIONS }, (_, index) => {
    const number = String(FIRST_NUMBER + index);
    return `${number},Station ${number},station,Group ${String(index % 10)},yes`;
  });
  const csv = ['number,name,kind,group,allow_virtualization', ...rows].join('\n');
  for (let skip = 0; skip < STATIONS; skip += ROWS)
    await perch.administer('POST', '/api/extension-imports', { csv, skip, size: ROWS, dryRun: false });
}

/** @returns the cookie, for requests beside the page. */
async function signIn(page: Page, perch: DemoServer): Promise<string> {
  await page.goto(new URL('/favicon.svg', perch.organization.url).href);
  const { email, password } = perch.organization.admin;
  await page.evaluate(async (body) => {
    await fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  }, JSON.stringify({ email, password }));
  const cookies = await page.browserContext().cookies();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Runs in the page, before anything of it. */
function watchCards(): void {
  const painted = (): Promise<number> =>
    new Promise((resolve) => {
      // The task after a frame's callbacks runs once that frame has been painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        port2.postMessage(undefined);
      });
    });
  window.benchCard = (number, text) =>
    new Promise((resolve) => {
      const isThere = (): boolean =>
        document.querySelector(`article[aria-label^="${number} "]`)?.textContent.includes(text) === true;
      const observer = new MutationObserver(() => {
        if (!isThere()) return;
        observer.disconnect();
        resolve(painted());
      });
      if (isThere()) resolve(painted());
      else observer.observe(document, { subtree: true, childList: true, characterData: true });
    });
}
