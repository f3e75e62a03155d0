import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Account } from '../load.ts';
import type { Peer } from '../peer.ts';
import { listening, startServer, unusedPort } from '../pinned-process.ts';

const DOMAIN = 'bench.test';
const PACKAGES = 'kamailio kamailio-websocket-modules kamailio-sqlite-modules kamailio-extra-modules';

/** Debian's Kamailio as a WebSocket registrar and proxy: the server to be measured against. */
export async function startKamailio(accounts: readonly Account[]): Promise<Peer> {
  const path = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const command = path.map((folder) => join(folder, 'kamailio')).find((file) => existsSync(file));
  if (command === undefined) throw new Error(`Kamailio is not installed: apt-get install -y ${PACKAGES}`);

  const folder = await mkdtemp(join(tmpdir(), 'perch-bench-kamailio-'));
  const port = await unusedPort();
  const template = await readFile(new URL('kamailio.cfg', import.meta.url), 'utf8');
  const configuration = join(folder, 'kamailio.cfg');
  await writeFile(
    configuration,
    template.replaceAll('BENCH_FOLDER', folder).replaceAll('BENCH_PORT', String(port)),
  );
  writeUsers(join(folder, 'users.db'), accounts);

  const server = startServer(command, [
    '-f',
    configuration,
    '-DD',
    '-E',
    '-m',
    '1024',
    '-M',
    '64',
    '-Y',
    folder,
  ]);
  await listening(server, port);
  return {
    server,
    target: {
      pid: server.pid,
      host: '127.0.0.1',
      port,
      path: '/',
      domain: DOMAIN,
      authenticatedFlows: false,
    },
    async end() {
      await server.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** The table that Kamailio's `htable` module reads at its start: user to HA1. */
function writeUsers(file: string, accounts: readonly Account[]): void {
  const database = new Database(file);
  database.exec(`
    CREATE TABLE version(id INTEGER PRIMARY KEY, table_name VARCHAR(32) UNIQUE NOT NULL, table_version INTEGER NOT NULL);
    INSERT INTO version(table_name, table_version) VALUES ('htable', 2);
    CREATE TABLE htable(
      id INTEGER PRIMARY KEY NOT NULL, key_name VARCHAR(64) NOT NULL, key_type INTEGER DEFAULT 0 NOT NULL,
      value_type INTEGER DEFAULT 0 NOT NULL, key_value VARCHAR(128) NOT NULL, expires INTEGER DEFAULT 0 NOT NULL
    );`);
  const insert = database.prepare('INSERT INTO htable(key_name, key_value) VALUES (?, ?)');
  database.transaction(() => {
    for (const { username, password } of accounts) {
      insert.run(username, createHash('md5').update(`${username}:${DOMAIN}:${password}`).digest('hex'));
    }
  })();
  database.close();
}
