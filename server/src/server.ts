import { fileURLToPath } from 'node:url';
import { MemoryAccounts } from './accounts.ts';
import type { Config } from './config/config.ts';
import { createEdge } from './edge/edge.ts';
import { Exchanges } from './exchanges.ts';
import { createHttpServer } from './http/http-server.ts';
import { listeningUrl, setupUrl } from './http/links.ts';
import { addressOf, isOwnOrigin } from './http/origins.ts';
import { createManagement, type Management } from './management/management.ts';
import { loadSounds } from './media/prompts.ts';
import { createWebRtcEngine } from './media/webrtc-engine.ts';
import { createJournal } from './observability/journal.ts';
import { watchedCalls, watchedVirtualizations } from './observability/watched-stores.ts';
import { systemClock } from './sip/transport/system-clock.ts';
import { createWebSocketTransport } from './sip/transport/websocket.ts';
import { openStorage } from './storage/storage.ts';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CLIENT_FOLDER = folder('../../client/dist');
const PROMPTS_FOLDER = folder('../prompts/en');

/** A server that listens. */
export interface RunningServer {
  /** Where browsers reach it, without a path. */
  readonly url: string;
  readonly management: Management;
  /** The link that creates the organization; `undefined` once there is one. */
  setupLink(): string | undefined;
  /** Logs and counts a mistake of ours that nobody caught. */
  failed(error: unknown): void;
  /** Refuses what is new, tells phones to come back later, and closes the books. Calls go on between the browsers. */
  stop(): Promise<void>;
}

/**
 * Starts a whole Perch in this process.
 * @throws {UnusableData} where the data folder cannot be used; the system's error where a port is taken.
 */
export async function startServer(config: Config): Promise<RunningServer> {
  const { publicUrl, tls, trustsProxy, mediaAddresses } = config;
  const clock = systemClock;
  const journal = createJournal(config.logLevel);
  const [storage, sounds] = await Promise.all([
    openStorage(config.dataFolder, (file, error) => journal.storage.failed(file, error)),
    loadSounds(PROMPTS_FOLDER),
  ]);
  const media = await createWebRtcEngine({
    port: config.mediaPort,
    ...(mediaAddresses.length > 0 && { addresses: mediaAddresses }),
    sounds,
    clock,
    onFailure: (error) => journal.media.failed(error),
  });

  const accounts = new MemoryAccounts();
  const exchanges = new Exchanges((directory) => ({
    directory,
    secretCodes: management.extensions,
    virtualizations: watchedVirtualizations(
      storage.virtualizations(directory.organization.id),
      journal.exchange.virtualization,
    ),
    calls: watchedCalls(storage.calls(directory.organization.id), journal.exchange.call),
    media,
    clock,
    journal: journal.exchange,
  }));
  const management = createManagement({
    organizations: storage.organizations,
    extensions: storage.extensions,
    terminals: storage.terminals,
    administrators: storage.administrators,
    accounts,
    exchanges,
    connections: {
      closeAllOf: (terminal, reason) => {
        edge.closeFlowsOf(terminal, reason);
        http.closePagesOf(terminal, reason);
      },
    },
  });
  const edge = createEdge({
    accounts,
    switchboards: (organization) => exchanges.exchangeOf(organization),
    journal: journal.edge,
    clock,
  });
  const sip = createWebSocketTransport({
    listener: edge,
    clock,
    secure: tls !== undefined || publicUrl?.protocol === 'https:',
    allowsOrigin: (origin, request) => isOwnOrigin(origin, request.headers.host, publicUrl),
    addressOf: (request) => addressOf(request, trustsProxy),
  });
  const http = await createHttpServer(
    { ...config, clientFolder: CLIENT_FOLDER },
    {
      management,
      journal: journal.http,
      upgradeToSip: (request, socket, head) => sip.handleUpgrade(request, socket, head),
      metrics: () => journal.metrics.text(),
    },
  );

  const levels = {
    perch_flows: ['Flows that are open.', () => sip.size],
    perch_flows_unproven: [
      'Of these, flows that have not shown whose they are.',
      () => edge.counts.strangers,
    ],
    perch_registrations: ['Bindings of phones.', () => exchanges.count('registrations')],
    perch_calls: ['Calls under way.', () => exchanges.count('calls')],
  } as const;
  for (const [name, [help, read]] of Object.entries(levels)) journal.metrics.level({ name, help, read });

  await management.start();
  const port = await http.listen();
  const url = listeningUrl(config, port);
  return {
    url,
    management,
    setupLink: () => management.setup.token && setupUrl(url, management.setup.token),
    failed: (error) => journal.process.failed(error),
    stop: async () => {
      sip.close();
      await http.close();
      edge.close();
      await exchanges.close();
      await media.close();
      await storage.close();
    },
  };
}
