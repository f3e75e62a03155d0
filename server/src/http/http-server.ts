import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { TerminalId } from '@perch/shared';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { Misconfigured } from '../config/misconfigured.ts';
import { readTlsPair } from '../config/tls.ts';
import type { Arrival } from '../network/arrival.ts';
import { boundConnections } from '../network/connections.ts';
import { letInOneByOne } from '../network/doorway.ts';
import { boundPipelining } from '../network/pipelining.ts';
import { isKnown, NOT_SIGNED_IN, refuseOpenRoutes } from './access/access.ts';
import { RefusedRequests } from './access/refused-requests.ts';
import { Certificates } from './certificates.ts';
import { PageEventSockets } from './page-events.ts';
import { pages } from './pages.ts';
import type { HttpOptions, HttpPorts } from './ports.ts';
import { errorHandler, sendProblem } from './problems.ts';
import { apiTokenRoutes } from './routes/people/api-tokens.ts';
import { auditRoutes } from './routes/audit.ts';
import { claimRoutes } from './routes/claims.ts';
import { extensionListRoutes } from './routes/extension-lists.ts';
import { extensionSetupRoutes } from './routes/extension-setup.ts';
import { extensionRoutes } from './routes/extensions.ts';
import { healthRoutes } from './routes/health.ts';
import { organizationRoutes } from './routes/organization.ts';
import { peopleRoutes } from './routes/people/people.ts';
import { personalDataRoutes } from './routes/people/personal-data.ts';
import { secondFactorRoutes } from './routes/people/second-factors.ts';
import { pushRoutes } from './routes/push.ts';
import { ownThingsRoutes } from './routes/own-things.ts';
import { ladderRoutes } from './routes/ladders.ts';
import { recordRoutes } from './routes/records.ts';
import { reportRoutes } from './routes/reports.ts';
import { setupAndSession } from './routes/people/setup-and-session.ts';
import { ownCallsRoutes } from './routes/own-calls.ts';
import { stationCodeRoutes } from './routes/station-codes.ts';
import { terminalRoutes } from './routes/terminal.ts';
import { voicemailRoutes } from './routes/voicemail.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { secure } from './security.ts';
import { offersSip, refuse } from '../sip/transport/websocket.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Sender and destination, past trusted proxies. Use this instead of `ip`, `host` and `protocol`, which ignore proxies here. */
    readonly arrival: Arrival;
  }
}

/**
 * Connections that may wait to be accepted. When the network comes back, every phone of a large organization connects in
 * the same second: one that finds no room tries again a second later. Linux grants at most `net.core.somaxconn`, 4,096 by default.
 */
const BACKLOG = 8_192;

/** Pages, API, page events, and the upgrade to SIP. */
export interface HttpServer {
  /** For tests: answers requests without a socket. */
  readonly app: FastifyInstance;
  /**
   * @returns the port.
   * @throws {Misconfigured} with a sentence where the port is taken or forbidden, or the address is not ours.
   */
  listen(): Promise<number>;
  /** A credential of that terminal was withdrawn: pages whose token is no longer accepted are closed. */
  reviewPagesOf(terminal: TerminalId): void;
  /** Reads the certificate's files now. Without TLS, or where the files are wrong, nothing changes. */
  reload(): void;
  /** Takes no more requests, and ends the open ones. */
  close(): Promise<void>;
}

export async function createHttpServer(options: HttpOptions, ports: HttpPorts): Promise<HttpServer> {
  const { tls, clientFolder, trustsProxy } = options;
  const { origins, bounds } = ports;
  const pair = tls && readTlsPair(tls);
  const secured =
    pair &&
    Fastify({
      ...COMMON,
      https: { ...SILENCE, handshakeTimeout: SILENCE_MS, cert: pair.certificate, key: pair.key },
    });
  const app = (secured ?? Fastify({ ...COMMON, http: SILENCE })) as FastifyInstance;
  const certificates =
    secured &&
    new Certificates(
      tls,
      pair,
      ports.clock,
      ({ certificate, key }) => secured.server.setSecureContext({ cert: certificate, key }),
      ports.journal.certificate,
    );
  app.server.headersTimeout = SILENCE_MS;
  const doorway = letInOneByOne(app.server, {
    later: ports.later,
    clock: ports.clock,
    silenceMs: SILENCE_MS,
  });
  boundPipelining(app.server, ports.later);
  boundConnections(app.server, bounds.connections, trustsProxy);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(errorHandler(ports.journal));
  // Bodies that forms of other sites can send are refused: only JSON is taken, and sounds by the operations that want one.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('arrival', {
    getter(this: FastifyRequest) {
      return origins.arrivalOf(this.raw);
    },
  });

  app.decorate('later', ports.later);
  app.decorate(
    'refusedRequests',
    new RefusedRequests(ports.management, ports.clock, (error) => ports.journal.failed('audit', error)),
  );

  refuseOpenRoutes(app);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(swagger, openApi);
  await secure(app, origins);
  setupAndSession(app, ports);
  peopleRoutes(app, options, ports);
  personalDataRoutes(app, ports);
  secondFactorRoutes(app, ports);
  apiTokenRoutes(app, ports);
  auditRoutes(app, ports);
  extensionRoutes(app, options, ports);
  extensionSetupRoutes(app, ports);
  extensionListRoutes(app, ports);
  ladderRoutes(app, ports);
  recordRoutes(app, ports);
  reportRoutes(app, ports);
  organizationRoutes(app, ports);
  webhookRoutes(app, ports);
  claimRoutes(app, ports);
  ownCallsRoutes(app, ports);
  terminalRoutes(app, options, ports);
  stationCodeRoutes(app, options, ports);
  ownThingsRoutes(app, ports);
  voicemailRoutes(app, ports);
  pushRoutes(app, ports);
  healthRoutes(app, options, ports);
  const described = { schema: { hide: true }, config: { access: 'description' } } as const;
  app.get('/api/openapi.json', described, async (request, reply) => {
    const mayRead = options.isDescribedToAll || (await isKnown(request, ports.management));
    return mayRead
      ? reply.header('Cache-Control', 'no-store').send(app.swagger())
      : sendProblem(reply, NOT_SIGNED_IN);
  });
  await pages(app, clientFolder);

  const events = new PageEventSockets(ports.management, bounds.pages, ports.clock);
  // Clients that are told host and port only, such as baresip, ask for `/`.
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?')[0];
    const { origin } = request.headers;
    if (path === '/sip' || (path === '/' && offersSip(request))) ports.upgradeToSip(request, socket, head);
    else if (path !== '/api/events') refuse(socket, '404 Not Found');
    else if (origin !== undefined && !origins.allows(origin, request)) refuse(socket, '403 Forbidden');
    else events.handleUpgrade(request, socket, head, origins.arrivalOf(request).visitor);
  });

  return {
    app,
    listen: () => listen(app, options),
    reviewPagesOf: (terminal) => events.review(terminal),
    reload: () => certificates?.reload(),
    close: async () => {
      certificates?.close();
      events.close();
      const closed = app.close();
      doorway.close();
      await closed;
    },
  };
}

/** How long a connection may take for the TLS handshake, and then for the headers of a request (milliseconds). */
const SILENCE_MS = 10_000;
/** How often that is checked (milliseconds); Node's default is 30 s. */
const SILENCE = { connectionsCheckingInterval: 1_000 };

const COMMON = {
  bodyLimit: 64 * 1024,
  // The largest greeting, over a line of 1 Mbit/s.
  requestTimeout: 140_000,
  forceCloseConnections: true,
};

/** Every address of the machine where none is named: IPv6 and IPv4, or IPv4 where there is nothing else. */
async function listen(app: FastifyInstance, { host, port }: HttpOptions): Promise<number> {
  try {
    await app.listen({ host: host ?? '::', port, backlog: BACKLOG });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (host === undefined && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) {
      await app.listen({ host: '0.0.0.0', port, backlog: BACKLOG });
    } else if (code === 'EADDRINUSE') {
      throw new Misconfigured(`Port ${port} is taken by another program. Stop it, or set PERCH_PORT.`);
    } else if (code === 'EACCES') {
      throw new Misconfigured(`Port ${port} may not be used by this user. Set PERCH_PORT to one above 1023.`);
    } else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Misconfigured(`PERCH_HOST is ${host}, which is no address of this machine.`);
    } else {
      throw error;
    }
  }
  return (app.server.address() as AddressInfo).port;
}

const openApi = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Perch',
      description: 'What administrators and phones can do, apart from calling.',
      version: '1',
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'perch_session' },
        terminalToken: { type: 'http', scheme: 'bearer', description: 'Of a browser that is a phone.' },
        apiToken: { type: 'http', scheme: 'bearer', description: 'A token for scripts, `perch_…`.' },
      },
    },
  },
  transform: jsonSchemaTransform,
  transformObject: jsonSchemaTransformObject,
} as const;
