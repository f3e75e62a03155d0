import { NIGHTLY, NIGHTLY_DEED, WEBHOOK_DEED } from '@perch/shared';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryAccounts } from './accounts.ts';
import { openCopies } from './backup/copies.ts';
import type { Config } from './config/config.ts';
import { PortionedWork } from './collections/portioned-work.ts';
import { createEdge } from './edge/edge.ts';
import { type Border, LocalOrganizations, withinProcess } from './cluster/local.ts';
import { createHttpServer } from './http/http-server.ts';
import { listeningUrl, setupUrl } from './http/links.ts';
import { LONGEST_GREETING_MS } from './exchange/voicemail/ports.ts';
import { mailedStore } from './mail/mailed-store.ts';
import { administratorsTold, linksMailed } from './mail/mailed-at-once.ts';
import { Mailer } from './mail/mailer.ts';
import { WebhookDeliveries } from './webhooks/deliveries.ts';
import { postOver } from './webhooks/post.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { smtpDelivery } from './mail/smtp.ts';
import { createManagement, type Management } from './management/management.ts';
import { Refusal } from './management/refusal.ts';
import { slowVerify } from './management/slow-hash.ts';
import type { MediaEngine } from './media/endpoint.ts';
import { convertSound } from './media/conversion/conversion.ts';
import { UnreadableSound } from './media/ogg/ogg-opus.ts';
import { loadVoices } from './media/playback/prompts.ts';
import { createWebRtcEngine, type WebRtcEngineOptions } from './media/webrtc/webrtc-engine.ts';
import { OpenIdProvider } from './openid/openid-provider.ts';
import { createJournal } from './observability/journal.ts';
import { measureLevels } from './observability/levels.ts';
import { loadTraces } from './observability/traces/load-traces.ts';
import { watchedCalls, watchedVirtualizations } from './observability/watched-stores.ts';
import { createWebSocketTransport } from './sip/transport/websocket.ts';
import { doorBounds, openFilesLimit } from './network/connections.ts';
import { Origins } from './network/origins.ts';
import { Readiness } from './readiness.ts';
import { Nightly } from './retention/nightly.ts';
import { closing } from './personal/closing.ts';
import { Erasures } from './personal/erasures.ts';
import { PersonalData } from './personal/personal-data.ts';
import { isPushService, webPushDelivery } from './push/delivery.ts';
import { PushedBrowsers } from './push/pushed-browsers.ts';
import { openRecordings } from './recordings/recordings.ts';
import { openStorage } from './storage/sqlite/open-storage.ts';
import { systemWorld, type World } from './world/world.ts';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CLIENT_FOLDER = folder('../../client/dist');
const PROMPTS_FOLDER = folder('../prompts');

/** A server that listens. */
export interface RunningServer {
  /** Where browsers reach it, without a path. */
  readonly url: string;
  readonly management: Management;
  /** The link that creates the organization; `undefined` once there is one. */
  setupLink(): string | undefined;
  /** Logs and counts an uncaught error of ours. */
  failed(error: unknown): void;
  /** Loads the files that have been replaced on the disk: the certificate and its key. */
  reload(): void;
  /** Refuses new connections, tells phones to come back later, and closes storage. Calls go on between the browsers. */
  stop(): Promise<void>;
}

/** What a server needs besides its settings. */
export interface ServerWorld extends World {
  openMedia(options: WebRtcEngineOptions): Promise<MediaEngine>;
  /** How organizations are reached. */
  readonly border: Border;
}

export const THIS_MACHINE: ServerWorld = {
  ...systemWorld,
  openMedia: createWebRtcEngine,
  border: withinProcess,
};

/**
 * Starts a whole Perch in this process.
 * @throws {UnusableData} where the data folder cannot be used; the system's error where a port is taken.
 */
export async function startServer(config: Config, world: ServerWorld = THIS_MACHINE): Promise<RunningServer> {
  const { clock, chance } = world;
  const traces = await loadTraces(config.sendsTraces, clock);
  const journal = createJournal(config.logLevel, traces);
  const voices = loadVoices(PROMPTS_FOLDER);
  const storage = await openStorage(config.dataFolder, world, (file, error) =>
    journal.storage.failed(file, error),
  );
  if (storage.notice) journal.storage.noticed(storage.notice);
  const recordings = await openRecordings({
    folder: join(config.dataFolder, 'voicemail'),
    minFreeBytes: config.minFreeDiskBytes,
    clock,
    journal: journal.recordings,
  });
  const mailer =
    config.mail &&
    new Mailer({
      outbox: storage.outbox,
      open: ({ organization, message }) => recordings.stream(organization, message),
      deliver: smtpDelivery(config.mail, clock),
      publicUrl: config.mail.publicUrl,
      clock,
      journal: journal.mail,
      chance: () => chance.fraction(),
    });
  const media = await world.openMedia({
    port: config.mediaPort,
    ...(config.mediaAddresses.length > 0 && { addresses: config.mediaAddresses }),
    voices,
    clock,
    chance,
    onFailure: (error) => journal.media.failed(error),
  });

  const accounts = new MemoryAccounts((terminal, reason) => {
    edge.reviewFlowsOf(terminal, reason);
    http.reviewPagesOf(terminal);
  });
  const push = await PushedBrowsers.open(
    {
      store: storage.push,
      clock,
      chance,
      journal: journal.push,
      isPhone: (token) => accounts.extensionOf(token) !== undefined,
      isService: (endpoint) => isPushService(endpoint, config.push.isOwn),
    },
    (key) => webPushDelivery({ ...config.push, key, clock }),
  );
  const readiness = new Readiness(() => storage.trouble(), clock, journal.storage);
  const exchanges = new LocalOrganizations(
    (organization) => ({
      organization,
      book: storage.book(organization.id),
      verifySecret: slowVerify,
      virtualizations: watchedVirtualizations(
        storage.virtualizations(organization.id),
        journal.exchange.virtualization,
      ),
      stayTerms: storage.stayTerms(organization.id),
      ...{ own: storage.own(organization.id), helpCalls: storage.helpCalls(organization.id) },
      calls: watchedCalls(storage.calls(organization.id), journal.exchange.call),
      voicemail: {
        store: mailedStore(storage.mailboxes(organization.id), mailer),
        recordings: recordings.of(organization.id),
        limits: config.voicemail,
        canMail: mailer !== undefined,
        journal: journal.voicemail,
      },
      pushMessages: push,
      noAnswerMs: config.noAnswerMs,
      media,
      clock,
      chance,
      journal: journal.exchange,
    }),
    world.border,
  );
  const management = createManagement({
    organizations: storage.organizations,
    terminals: storage.terminals,
    people: storage.people,
    secondFactors: storage.secondFactors,
    identities: storage.identities,
    apiTokens: storage.apiTokens,
    audit: storage.audit,
    accounts,
    exchanges,
    canMail: mailer !== undefined,
    provider: config.openId && new OpenIdProvider(config.openId, clock, journal.openId.failed),
    world,
  });
  const erasures = new Erasures(
    {
      store: storage.erasures,
      ...closing(management),
      deleteSound: (organization, id) => recordings.of(organization).delete(id),
      failed: (error) => journal.process.failed(error),
    },
    clock,
  );
  const tellAdministrators =
    config.mail &&
    administratorsTold(config.mail, world, {
      nameOf: (organization) => management.extensions.organization(organization).name,
      administrators: (organization) => management.people.administrators(organization),
    });
  const deliveries = new WebhookDeliveries({
    ...{ store: storage.webhooks, clock, chance, journal: journal.webhooks },
    post: postOver(config.allowsWebhook, clock),
    turnedOff: async ({ organization, name }, why) => {
      const done = { who: NIGHTLY, address: null, action: WEBHOOK_DEED, about: name, result: 'done' };
      await management.audit.note(organization, { ...done, before: null, after: { why } });
      await tellAdministrators?.(organization, { name, why });
    },
  });
  const bounds = doorBounds(openFilesLimit());
  const later = new PortionedWork(() => clock.monotonic(), journal.process.failed);
  const edge = createEdge({
    bounds: bounds.flows,
    accounts,
    organizations: (organization) => exchanges.portOf(organization),
    journal: journal.edge,
    ...{ clock, random: chance },
    urgent: () => later.giveWay(),
  });
  const origins = new Origins(config, journal.network.originRefused);
  const sip = createWebSocketTransport({
    ...{ listener: edge, clock, later },
    allowsOrigin: (origin, request) => origins.allows(origin, request),
    arrivalOf: (request) => origins.arrivalOf(request),
  });
  const http = await createHttpServer(
    { ...config, clientFolder: CLIENT_FOLDER },
    {
      management,
      push,
      history: (organization) => ({
        calls: storage.records(organization),
        moves: storage.records(organization),
        claims: storage.records(organization),
        stays: storage.stays(organization),
        additions: storage.additions(organization),
      }),
      personalData: new PersonalData({
        ...{ store: storage.erasures, erasures, management, clock },
        calls: (organization) => storage.records(organization),
        sound: (organization, id) => recordings.stream(organization, id),
      }),
      webhooks: new Webhooks({ store: storage.webhooks, deliveries, allows: config.allowsWebhook, world }),
      journal: journal.http,
      ...{ origins, bounds, clock, later },
      convertSound: (file) => convertSound(file, LONGEST_GREETING_MS).catch(asRefusal),
      mailLink: config.mail && linksMailed(config.mail, world),
      upgradeToSip: (request, socket, head) => sip.handleUpgrade(request, socket, head),
      trouble: () => readiness.trouble(),
      metrics: () => journal.metrics.text(),
    },
  );

  measureLevels(journal.metrics, {
    readiness,
    recordings,
    flows: () => sip.size,
    strangers: () => edge.counts.strangers,
    count: (what) => exchanges.count(what),
    outbox: () => storage.outbox.size(),
  });
  const nightly = new Nightly(
    {
      keepings: () => management.organizations.keepings(),
      oldThings: (organization) => storage.oldThings(organization),
      deleted: (organization, what) =>
        management.audit.note(organization, {
          ...{ who: NIGHTLY, address: null, action: NIGHTLY_DEED, about: null },
          ...{ result: 'done', before: null, after: what },
        }),
      failed: (error) => journal.process.failed(error),
    },
    clock,
  );
  await management.start();
  await erasures.start();
  deliveries.wake();
  const copies = await openCopies(config.dataFolder, storage, { journal: journal.storage, clock });
  const port = await http.listen();
  const url = listeningUrl(config, port);
  return {
    url,
    management,
    setupLink: () => management.setup.token && setupUrl(url, management.setup.token),
    failed: (error) => journal.process.failed(error),
    reload: () => http.reload(),
    stop: async () => {
      readiness.stopping();
      sip.close();
      await http.close();
      edge.close();
      await nightly.close();
      await erasures.close();
      await deliveries.close();
      await exchanges.close();
      await mailer?.close();
      await media.close();
      await management.close();
      await copies.close();
      await storage.close();
      await traces?.close();
    },
  };
}

/** An unreadable file is the uploader's mistake, and is reported to them. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof UnreadableSound) return new Refusal('unreadable-sound', error.message);
  throw error;
}
