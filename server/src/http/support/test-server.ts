import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { enrolledTerminal, enrolmentLink, problem } from '@perch/shared';
import type { EnrolledTerminal } from '@perch/shared';
import { MemoryAccounts } from '../../accounts.ts';
import { PortionedWork } from '../../collections/portioned-work.ts';
import { FakeExchanges } from '../../management/support/fake-exchanges.ts';
import type { IdentityProvider } from '../../management/ports.ts';
import { createManagement } from '../../management/management.ts';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { Refusal } from '../../management/refusal.ts';
import { type DoorBounds, doorBounds } from '../../network/connections.ts';
import { Origins } from '../../network/origins.ts';
import { closing } from '../../personal/closing.ts';
import { Erasures } from '../../personal/erasures.ts';
import { PersonalData } from '../../personal/personal-data.ts';
import { isPushService } from '../../push/delivery.ts';
import { PushedBrowsers } from '../../push/pushed-browsers.ts';
import { openStorage } from '../../storage/sqlite/open-storage.ts';
import { makeDataFolder } from '../../storage/sqlite/support/made-folder.ts';
import { createHttpServer } from '../http-server.ts';
import type { HttpOptions, LinkMail } from '../ports.ts';
import { WebhookDeliveries } from '../../webhooks/deliveries.ts';
import { postOver } from '../../webhooks/post.ts';
import { Webhooks } from '../../webhooks/webhooks.ts';
import { scratchFolder } from '../../storage/support/scratch-folder.ts';
import { systemWorld } from '../../world/world.ts';

export const ADMINISTRATOR = { email: 'boss@demo.test', password: 'correct horse battery' };
export const ORGANIZATION = { name: 'Demo', domain: 'demo.test' };

export const METRICS_TOKEN = 'a-token-that-is-long-enough';

interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** For tests: pages and API over real management and storage; calls are faked. */
export async function startTestServer({
  canMail = true,
  trustsProxy,
  provider,
  bounds = doorBounds(undefined),
  ...options
}: Partial<HttpOptions> & {
  readonly canMail?: boolean;
  readonly bounds?: DoorBounds;
  readonly provider?: IdentityProvider;
} = {}) {
  const folder = scratchFolder();
  await makeDataFolder(join(folder, 'data'));
  const storage = await openStorage(join(folder, 'data'), systemWorld, (file, error) => {
    throw new Error(file, { cause: error });
  });
  const cutOff: string[] = [];
  const accounts = new MemoryAccounts((terminal, reason) => {
    cutOff.push(reason);
    http.reviewPagesOf(terminal);
  });
  const exchanges = new FakeExchanges((organization) => storage.book(organization), systemWorld.chance);
  const journal: string[] = [];
  const converted: Buffer[] = [];
  /** What happens while a sound is being made ready. */
  const meanwhile = { converting: (): void => undefined, mailing: (): boolean => true };
  const mailed: LinkMail[] = [];
  const management = createManagement({
    ...storage,
    accounts,
    exchanges,
    canMail,
    provider,
    world: systemWorld,
  });
  await management.start();
  const webhookNetworks = (address: string) => address.startsWith('127.');
  const deliveries = new WebhookDeliveries({
    ...{ store: storage.webhooks, clock: systemWorld.clock, chance: systemWorld.chance },
    post: postOver(webhookNetworks, systemWorld.clock),
    turnedOff: async ({ name }, why) => void journal.push(`webhook-off ${name} ${why}`),
    journal: {
      ...{ delivered: () => undefined, failed: () => undefined, turnedOff: () => undefined },
      broken: (error) => void journal.push(`webhooks-broken ${String(error)}`),
    },
  });
  const erasures = new Erasures(
    {
      store: storage.erasures,
      ...closing(management),
      deleteSound: async () => undefined,
      failed: (error) => journal.push(`erasure-failed ${String(error)}`),
    },
    systemWorld.clock,
  );
  const push = await PushedBrowsers.open(
    {
      store: storage.push,
      clock: systemWorld.clock,
      chance: systemWorld.chance,
      journal: { sent: () => undefined, failed: () => undefined },
      isPhone: (token) => accounts.extensionOf(token) !== undefined,
      isService: (endpoint) => isPushService(endpoint, () => false),
    },
    () => async () => ({ outcome: 'taken' }),
  );
  const note =
    (what: string) =>
    (...rest: readonly unknown[]) =>
      void journal.push([what, ...rest.map(String)].join(' '));
  const http = await createHttpServer(
    {
      host: '127.0.0.1',
      port: 0,
      publicUrl: undefined,
      tls: undefined,
      trustsProxy,
      metricsToken: METRICS_TOKEN,
      isDescribedToAll: false,
      iceServers: [{ urls: 'stun:stun.example.org' }],
      turn: undefined,
      clientFolder: join(folder, 'client'),
      ...options,
    },
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
      webhooks: new Webhooks({
        store: storage.webhooks,
        deliveries,
        allows: webhookNetworks,
        world: systemWorld,
      }),
      personalData: new PersonalData({
        ...{ store: storage.erasures, erasures, management, clock: systemWorld.clock },
        calls: (organization) => storage.records(organization),
        sound: async () => undefined,
      }),
      bounds,
      later: new PortionedWork(() => systemWorld.clock.monotonic(), note('failed')),
      clock: systemWorld.clock,
      origins: new Origins({ trustsProxy, publicUrl: options.publicUrl }, note('origin-refused')),
      journal: {
        organizationCreated: note('organization-created'),
        signedIn: note('signed-in'),
        signInRefused: note('sign-in-refused'),
        passwordChosen: note('password-chosen'),
        enrolled: note('enrolled'),
        stationPinTried: note('station-pin-tried'),
        certificate: { taken: note('certificate-taken'), refused: note('certificate-refused') },
        failed: note('failed'),
      },
      upgradeToSip: (_request, socket) => socket.end('HTTP/1.1 418 A Teapot\r\n\r\n'),
      convertSound: async (file) => {
        converted.push(file);
        meanwhile.converting();
        const isWave = file.subarray(0, 4).equals(Buffer.from('RIFF'));
        return isWave ? [file] : new Refusal('unreadable-sound', 'This is no WAV, Ogg or MP3 file.');
      },
      mailLink: canMail
        ? async (mail) => {
            mailed.push(mail);
            return meanwhile.mailing();
          }
        : undefined,
      trouble: () => storage.trouble(),
      metrics: async () => ({ contentType: 'text/plain', text: 'perch_flows 7\n' }),
    },
  );

  let cookie = '';
  /** One request, by the signed-in administrator once there is one. */
  async function call(request: string, { body, headers = {} }: Call = {}) {
    const [method, url] = request.split(' ') as ['GET', string];
    const response = await http.app.inject({
      method,
      url,
      headers: { ...(cookie && { cookie }), ...headers },
      ...(body !== undefined && { payload: body as object }),
    });
    const set = response.cookies.find(({ name }) => name === 'perch_session');
    if (set) cookie = `perch_session=${set.value}`;
    const json: unknown =
      response.body.startsWith('{') || response.body.startsWith('[') ? response.json() : undefined;
    return { status: response.statusCode, json, headers: response.headers, text: response.body, cookie: set };
  }

  /** The code of a refusal. @throws where the answer is no problem in the form of RFC 9457. */
  async function refusal(request: string, given: Call = {}): Promise<string> {
    const { status, json, headers } = await call(request, given);
    const refused = problem.parse(json);
    if (headers['content-type'] !== 'application/problem+json; charset=utf-8')
      throw new Error(`${request}: ${String(headers['content-type'])} is not how a problem is sent`);
    if (!/^[A-Z0-9].*[.!]$/.test(refused.detail)) throw new Error(`${refused.detail} is no sentence`);
    return `${status} ${refused.code}`;
  }

  return {
    http,
    storage,
    management,
    erasures,
    accounts,
    exchanges,
    journal,
    converted,
    meanwhile,
    mailed,
    cutOff,
    folder,
    call,
    refusal,
    signedOut: () => (cookie = ''),
    /** The cookie of the open session. */
    cookie: () => cookie,
    setUp: () =>
      call('POST /api/setup', {
        body: { token: management.setup.token, organization: ORGANIZATION, administrator: ADMINISTRATOR },
      }),
    extensionOf(number: string): Extension {
      const [organization] = management.extensions.organizations();
      const extension = organization && management.extensions.find(organization.id, number);
      if (!extension || extension instanceof Refusal) throw new Error(`no extension ${number}`);
      return extension;
    },
    async enrol(number: string, body: object = {}): Promise<EnrolledTerminal> {
      const issued = await call(`POST /api/extensions/${number}/enrolments`, { body });
      const code = new URL(enrolmentLink.parse(issued.json).url).hash.slice(1);
      return enrolledTerminal.parse((await call('POST /api/enrolments/redeem', { body: { code } })).json);
    },
    async close() {
      await http.close();
      await erasures.close();
      await deliveries.close();
      await management.close();
      await storage.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;
