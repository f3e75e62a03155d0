import { type Result as LighthouseResult, navigation, snapshot } from 'lighthouse';
import type { Page } from 'puppeteer-core';
import type { DemoServer } from '../../server/tests/support/demo-server.ts';
import type { BenchBrowser } from './browser.ts';
import { untilReady } from './browser.ts';
import type { Visit } from './visits.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
type Category = (typeof CATEGORIES)[number];

type Result = LighthouseResult['audits'][string];

/** What Lighthouse says of one page, by its default (mobile) setting. */
export interface FirstLoad {
  readonly name: string;
  /** 0 to 100. An open list has no performance of its own. */
  readonly scores: Readonly<Partial<Record<Category, number>>>;
  /** Milliseconds; CLS is a share of the screen. */
  readonly timings: Readonly<Record<'fcp' | 'lcp' | 'tbt' | 'cls', number | undefined>>;
  /** KiB of script as it travels, until the phone is registered or the page has come to rest. */
  readonly scriptKiB: number;
  /** Audits that are neither passed nor about time. */
  readonly failed: readonly string[];
}

/** Goes to the page as `visit` says, and has it judged. */
export async function measureFirstLoad(
  browser: BenchBrowser,
  perch: DemoServer,
  visit: Visit,
): Promise<FirstLoad> {
  const page = await browser.newPage();
  await visit.prepare?.(page, perch);
  const url = new URL(visit.path, perch.organization.url).href;
  const scriptKiB = await scriptBefore(page, url, visit.isPhone === true);
  const result = await judge(page, url, visit);
  await page.close();
  if (result === undefined) throw new Error(`Lighthouse says nothing of ${visit.name}`);
  const { lhr } = result;
  if (lhr.runtimeError !== undefined) throw new Error(`${visit.name}: ${lhr.runtimeError.message}`);
  const timing = (audit: string): number | undefined => lhr.audits[audit]?.numericValue;
  return {
    name: visit.name,
    scores: Object.fromEntries(
      CATEGORIES.flatMap((id) => {
        const score = lhr.categories[id]?.score;
        return typeof score === 'number' ? [[id, Math.round(score * 100)]] : [];
      }),
    ),
    timings: {
      fcp: timing('first-contentful-paint'),
      lcp: timing('largest-contentful-paint'),
      tbt: timing('total-blocking-time'),
      cls: timing('cumulative-layout-shift'),
    },
    scriptKiB,
    failed: CATEGORIES.filter((id) => id !== 'performance').flatMap((id) =>
      (lhr.categories[id]?.auditRefs ?? [])
        .filter(({ id: audit }) => (lhr.audits[audit]?.score ?? 1) < 1)
        .map(({ id: audit }) => `${audit}: ${whereOf(lhr.audits[audit])}`),
    ),
  };
}

/** The elements that an audit names, as it cites them. */
function whereOf(audit: Result | undefined): string {
  const items =
    audit?.details !== undefined && 'items' in audit.details ? (audit.details.items as unknown[]) : [];
  return items
    .map(
      (item) =>
        (item as { readonly node?: { readonly snippet?: string } }).node?.snippet ?? JSON.stringify(item),
    )
    .join(' ');
}

function judge(page: Page, url: string, { open }: Visit): ReturnType<typeof navigation> {
  const flags = { logLevel: 'error' as const, onlyCategories: [...CATEGORIES] };
  if (open === undefined) return navigation(page, url, { flags });
  const [, ...withoutPerformance] = CATEGORIES;
  return open(page).then(() => snapshot(page, { flags: { ...flags, onlyCategories: withoutPerformance } }));
}

/** The compressed octets of the scripts of a first visit (KiB): nothing of the page is kept in the browser. */
async function scriptBefore(page: Page, url: string, isPhone: boolean): Promise<number> {
  const session = await page.createCDPSession();
  await session.send('Network.clearBrowserCache');
  await session.send('Storage.clearDataForOrigin', {
    origin: new URL(url).origin,
    storageTypes: 'service_workers,cache_storage',
  });
  await session.detach();
  const watch = await page.evaluateOnNewDocument(noteReady);
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: isPhone ? 'load' : 'networkidle0' });
  if (isPhone) await untilReady(page);
  await page.removeScriptToEvaluateOnNewDocument(watch.identifier);
  const octets = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name, startTime }) => name.endsWith('.js') && startTime < (window.benchReadyAt ?? Infinity))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  return octets / 1024;
}

declare global {
  interface Window {
    /** When the phone was registered (milliseconds since the page was asked for). */
    benchReadyAt?: number;
  }
}

function noteReady(): void {
  new MutationObserver((_changes, observer) => {
    if (document.querySelector('.health.ready') === null) return;
    window.benchReadyAt = performance.now();
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
}
