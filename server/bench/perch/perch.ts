import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account } from '../load.ts';
import type { Peer } from '../peer.ts';
import { listening, startServer, unusedPort } from '../pinned-process.ts';
import { DOMAIN, prepareOrganization } from './organization.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Perch as it is delivered, with a data folder of its own on disk. */
export async function startPerch(accounts: readonly Account[]): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  const desks = await prepareOrganization(folder, accounts);
  const port = await unusedPort();
  const preload = new URL('collect-garbage-on-signal.ts', import.meta.url).href;
  const server = startServer(process.execPath, ['--expose-gc', '--import', preload, MAIN], {
    ...process.env,
    NODE_ENV: 'production',
    PERCH_PORT: String(port),
    PERCH_DATA: folder,
  });
  await listening(server, port);
  return {
    server,
    desks,
    target: { host: '127.0.0.1', port, path: '/sip', domain: DOMAIN, authenticatedFlows: true },
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
