import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startOn } from '../perch/perch.ts';
import { memoryKiB } from '../pinned-process.ts';
import { ADMINISTRATOR, fill, FIRST_NUMBER, type Size } from './fill.ts';

const DAY_MS = 86_400_000;
/** A year of a large organization. */
const SIZE: Omit<Size, 'until'> = { extensions: 5_000, calls: 1_000_000, stays: 50_000, days: 365 };
/** How often each page is asked for. */
const TIMES = 100;
/** The file that says that a folder is filled, and when. */
const FILLED = 'filled';
const noonOf = (instant: number): number => Math.floor(instant / DAY_MS) * DAY_MS + DAY_MS / 2;

/** How long the server took to answer (milliseconds). */
export interface PageTime {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
}

export interface RecordFigures {
  /** The first report of a year, which packs its days; once ever. */
  readonly firstReportMs: number;
  readonly pages: readonly PageTime[];
  readonly csv: { readonly rows: number; readonly seconds: number; readonly grownMiB: number };
}

const YEAR = 'report: a year';
const SOMEBODY = String(FIRST_NUMBER + 17);

/** Every kind of page that reads what has happened. `now`: the noon of its last day. */
function pagesOf(now: number): readonly (readonly [name: string, path: string])[] {
  const date = (daysAgo: number): string => new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10);
  const report = (days: number, more = ''): string =>
    `/api/reports?from=${date(days - 1)}&until=${date(0)}&timeZone=Europe/Berlin${more}`;
  const past = `until=${String(now - 200 * DAY_MS)}&from=${String(now - 201 * DAY_MS)}`;
  return [
    ['calls: the latest', '/api/records'],
    ['calls: a past day', `/api/records?${past}`],
    ['calls: result', '/api/records?result=declined'],
    ['calls: missed', '/api/records?missed=all'],
    ['calls: missed, not returned', '/api/records?missed=unreturned'],
    ['calls: missed on a past day, busy', `/api/records?missed=all&result=busy&${past}`],
    ['calls: missed, but answered', '/api/records?missed=all&result=answered'],
    ['calls: made on a past day', `/api/records?direction=made&${past}`],
    ['calls: of an extension', `/api/records?extension=${SOMEBODY}`],
    ['calls: of an extension, missed', `/api/records?extension=${SOMEBODY}&missed=unreturned`],
    ['calls: at a desk', `/api/records?station=${SOMEBODY}`],
    ['why it did not ring', `/api/records/why?extension=${SOMEBODY}&at=${String(now - 200 * DAY_MS)}`],
    ['stays: the latest', '/api/desk-stays'],
    ['stays: a past day', `/api/desk-stays?${past}`],
    ['stays: of an extension', `/api/desk-stays?extension=${SOMEBODY}`],
    ['report: today', report(1)],
    ['report: 30 days', report(30)],
    [YEAR, report(365)],
    ['report: a year, per station', report(365, '&per=station')],
    ['report: a year, per group', report(365, '&per=group')],
    ['report: a year, by missed, last page', report(365, '&sort=missed&skip=4950')],
    [
      'report: a year, 08:30 to 17:00, Monday to Friday',
      report(365, '&dayStart=08:30&dayEnd=17:00&weekdays=12345'),
    ],
    ['report: a year, of a group', report(365, '&group=Group%203')],
    ['report: a year, of an extension', report(365, `&extension=${SOMEBODY}`)],
  ];
}

/**
 * Fills a server with a past, and asks for each page of it, and for the file of all calls. `kept`: a folder that is filled where it is not
 * yet, and left there.
 */
export async function measureRecords(
  kept: string | undefined,
  progress: (what: string) => void,
): Promise<RecordFigures> {
  if (kept !== undefined) {
    await mkdir(kept, { recursive: true });
    return measureFolder(kept, await filled(kept, progress), progress);
  }
  const folder = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  try {
    return await measureFolder(folder, await filled(folder, progress), progress);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @returns the noon of its last day. */
async function filled(folder: string, progress: (what: string) => void): Promise<number> {
  const isFilled = (await readdir(folder)).includes(FILLED);
  if (!isFilled) await fill(folder, { ...SIZE, until: noonOf(Date.now()) }, progress);
  const mark = join(folder, FILLED);
  if (!isFilled) await writeFile(mark, '');
  return noonOf((await stat(mark)).mtimeMs);
}

/** The same of a folder that has been filled. */
async function measureFolder(
  folder: string,
  now: number,
  progress: (what: string) => void,
): Promise<RecordFigures> {
  const { server, port } = await startOn(folder);
  try {
    const ask = await signIn(`http://127.0.0.1:${String(port)}`);
    const pages = pagesOf(now);
    const firstReportMs = await timeOf(() => ask(pages.find(([name]) => name === YEAR)?.[1] ?? ''));
    progress(`first report: ${firstReportMs.toFixed(0)} ms`);
    const times: PageTime[] = [];
    for (const [name, path] of pages) {
      const each: number[] = [];
      for (let time = 0; time < TIMES; time++) each.push(await timeOf(() => ask(path)));
      const [p50, p99] = [quantile(each, 0.5), quantile(each, 0.99)];
      times.push({ name, p50, p99 });
      progress(`${name}: ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    }
    return { firstReportMs, pages: times, csv: await measureFile(() => ask('/api/records.csv'), server) };
  } finally {
    await server.end();
  }
}

/** @returns what asks for a path, and reads the answer to its end: how many lines it had. */
async function signIn(url: string): Promise<(path: string) => Promise<number>> {
  const response = await fetch(`${url}/api/session`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(ADMINISTRATOR),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path) => {
    const answer = await fetch(url + path, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    let lines = 0;
    for await (const octets of answer.body ?? [])
      for (const octet of octets as Uint8Array) if (octet === 10) lines += 1;
    return lines;
  };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** How fast the file comes, and by how much the server's memory grows meanwhile. */
async function measureFile(
  read: () => Promise<number>,
  server: { readonly pid: number; signal(name: NodeJS.Signals): void },
) {
  server.signal('SIGUSR2');
  await pause(2_000);
  const before = memoryKiB(server.pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memoryKiB(server.pid))), 250);
  let lines = 0;
  const ms = await timeOf(async () => (lines = await read()));
  clearInterval(watch);
  // The first line names the columns.
  return { rows: lines - 1, seconds: ms / 1_000, grownMiB: (most - before) / 1_024 };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** For people. */
export function recordsTable({ firstReportMs, pages, csv }: RecordFigures): string {
  const line = (title: string, ...cells: readonly string[]): string =>
    title.padEnd(56) + cells.map((each) => each.padStart(11)).join('');
  return [
    line(
      `ms, of ${SIZE.calls.toLocaleString('en')} calls of ${SIZE.extensions.toLocaleString('en')} extensions`,
      ...['p50', 'p99'],
    ),
    ...pages.map(({ name, p50, p99 }) => line(`  ${name}`, p50.toFixed(1), p99.toFixed(1))),
    line('  report: the first one ever of a year', firstReportMs.toFixed(0)),
    line('  file of all calls: rows', csv.rows.toLocaleString('en')),
    line('  file of all calls: seconds', csv.seconds.toFixed(1)),
    line('  file of all calls: MiB that memory grew', csv.grownMiB.toFixed(1)),
  ].join('\n');
}
