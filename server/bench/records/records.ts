import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOn } from '../perch/perch.ts';
import { type FileFigures, measureFile } from './call-file.ts';
import { ADMINISTRATOR, fill, PASSWORD, type Size, SUPERVISOR } from './fill.ts';
import { measureRetention, type RetentionFigures } from './retention.ts';
import { type AskedPage, filesOf, type Known, pagesOf, YEAR } from './pages.ts';

const DAY_MS = 86_400_000;
/** A year of a large organization. */
const SIZE: Omit<Size, 'until'> = { extensions: 5_000, calls: 1_000_000, stays: 50_000, days: 365 };
/** How often each page is asked for in a round, and each file. */
const TIMES = 20;
const FILE_TIMES = 1;
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
  readonly csv: FileFigures;
  readonly retention: RetentionFigures;
}

/** Of somebody who sees a few groups only. */
const pagesOfSupervisor = (known: Known): readonly AskedPage[] =>
  pagesOf(known)
    .filter(([name]) => /^(calls|stays|report|extensions|floor)/.test(name))
    .filter(([name]) => !/ of | at a desk|per |did not ring/.test(name))
    .map(([name, path]) => [`a supervisor’s ${name}`, path]);

/**
 * Fills a server with a past, and asks for each page of it, and for the file of all calls. `kept`: a folder that is filled where it is not
 * yet, and left there.
 */
export async function measureRecords(
  kept: string | undefined,
  rounds: number,
  progress: (what: string) => void,
): Promise<RecordFigures> {
  if (kept !== undefined) {
    await mkdir(kept, { recursive: true });
    return measureFolder(kept, await filled(kept, progress), rounds, progress);
  }
  const folder = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  try {
    return await measureFolder(folder, await filled(folder, progress), rounds, progress);
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
  rounds: number,
  progress: (what: string) => void,
): Promise<RecordFigures> {
  const { server, port } = await startOn(folder);
  try {
    const url = `http://127.0.0.1:${String(port)}`;
    const ask = await signIn(url, ADMINISTRATOR);
    const askAsSupervisor = await signIn(url, SUPERVISOR);
    const people = (await (await ask('/api/people')).json()) as readonly { id: string; email: string }[];
    const known = { now, person: people.find(({ email }) => email === SUPERVISOR)?.id ?? '' };
    const pages = [
      ...pagesOf(known).map((page) => [ask, TIMES, ...page] as const),
      ...pagesOfSupervisor(known).map((page) => [askAsSupervisor, TIMES, ...page] as const),
      ...filesOf(known).map((page) => [ask, FILE_TIMES, ...page] as const),
    ];
    const read = async (of: typeof ask, path: string): Promise<ArrayBuffer> => (await of(path)).arrayBuffer();
    const year = pagesOf(known).find(([name]) => name === YEAR)?.[1] ?? '';
    const firstReportMs = await timeOf(() => read(ask, year));
    progress(`first report: ${firstReportMs.toFixed(0)} ms`);
    const times: PageTime[] = [];
    for (const [of, often, name, path] of pages) {
      const each: number[] = [];
      for (let time = 0; time < often * rounds; time++) each.push(await timeOf(() => read(of, path)));
      const [p50, p99] = [quantile(each, 0.5), quantile(each, 0.99)];
      times.push({ name, p50, p99 });
      progress(`${name}: ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    }
    const csv = await measureFile(await ask('/api/records.csv'), SIZE.calls, server);
    await server.end();
    progress('deleting what is old');
    return { firstReportMs, pages: times, csv, retention: await measureRetention(folder) };
  } finally {
    await server.end();
  }
}

/** @returns what asks for a path as a person of that address does. */
async function signIn(url: string, email: string): Promise<(path: string) => Promise<Response>> {
  const response = await fetch(`${url}/api/session`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path) => {
    const answer = await fetch(url + path, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer;
  };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** For people. */
export function recordsTable({ firstReportMs, pages, csv, retention }: RecordFigures): string {
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
    line('  file of all calls: MiB above before, first tenth', csv.firstMiB.toFixed(1)),
    line('  file of all calls: MiB above before, last tenth', csv.lastMiB.toFixed(1)),
    line('  file of all calls: MiB above before, with garbage', csv.mostMiB.toFixed(1)),
    line('  a night: calls deleted', retention.deleted.calls.toLocaleString('en')),
    line('  a night: stays and attempts deleted', retention.deleted.moves.toLocaleString('en')),
    line('  a night: entries of the audit deleted', retention.deleted.audit.toLocaleString('en')),
    line('  a night: seconds without pauses', retention.seconds.toFixed(1)),
    line(
      '  a night: ms for which calls waited, p99 and longest',
      ...[retention.p99StallMs, retention.longestStallMs].map((ms) => ms.toFixed(1)),
    ),
  ].join('\n');
}
