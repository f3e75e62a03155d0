import { rmSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account } from '../load.ts';
import type { Peer } from '../peer.ts';
import { listening, type Server, startServer, unusedPort } from '../pinned-process.ts';
import { DOMAIN, prepareOrganization } from './organization.ts';

/** The checkout that this file belongs to. */
export const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));

type Desks = Awaited<ReturnType<typeof prepareOrganization>>;
interface Prepared {
  readonly folder: string;
  readonly desks: Desks;
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'perch-bench-'));

/** The folders that servers of this run have copies of, by who is in them: to fill one takes as long as to measure for several seconds. */
const prepared = new Map<string, Promise<Prepared>>();

async function prepare(accounts: readonly Account[], pages: number): Promise<Prepared> {
  const folder = await newFolder();
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return { folder, desks: await prepareOrganization(folder, accounts, pages) };
}

/** The Perch of a checkout as delivered, with a data folder of its own on disk. `settings`: variables of its environment. */
export async function startPerch(
  checkout: string,
  accounts: readonly Account[],
  pages = 0,
  settings: NodeJS.ProcessEnv = {},
): Promise<Peer> {
  const key = JSON.stringify([pages, accounts]);
  const preparing = prepared.get(key) ?? prepare(accounts, pages);
  prepared.set(key, preparing);
  const { folder: filled, desks } = await preparing;
  const folder = await newFolder();
  await cp(filled, folder, { recursive: true });
  const { server, port } = await startOn(folder, checkout, settings);
  return {
    server,
    desks,
    pages: desks.pages,
    target: {
      pid: server.pid,
      host: '127.0.0.1',
      port,
      path: '/sip',
      domain: DOMAIN,
      authenticatedFlows: true,
    },
    messages: async () =>
      (await readdir(join(folder, 'voicemail'), { recursive: true })).filter((file) => file.endsWith('.opus'))
        .length,
    collectGarbage: () => server.signal('SIGUSR2'),
    async end() {
      await server.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** Starts the Perch of a checkout on a data folder; resolves once it can be reached at the port. */
export async function startOn(
  folder: string,
  checkout = CHECKOUT,
  settings: NodeJS.ProcessEnv = {},
): Promise<{ server: Server; port: number }> {
  const port = Number(settings['PERCH_PORT'] ?? (await unusedPort()));
  const preload = new URL('../collect-garbage-on-signal.ts', import.meta.url).href;
  const server = startServer(
    process.execPath,
    ['--expose-gc', '--import', preload, join(checkout, 'server/src/main.ts')],
    {
      ...process.env,
      NODE_ENV: 'production',
      PERCH_PORT: String(port),
      PERCH_DATA: folder,
      ...settings,
    },
  );
  await listening(server, port);
  return { server, port };
}
