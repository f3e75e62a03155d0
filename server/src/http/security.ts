import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../management/refusal.ts';
import { isOwnOrigin } from './origins.ts';
import { sendProblem } from './problems.ts';

const PERMISSIONS = [
  'microphone=(self)',
  'speaker-selection=(self)',
  'screen-wake-lock=(self)',
  'autoplay=(self)',
  'camera=()',
  'geolocation=()',
  'payment=()',
  'usb=()',
].join(', ');

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What every answer says to browsers, and what is asked of every request that changes something. */
export async function secure(
  app: FastifyInstance,
  { https, publicUrl }: { readonly https: boolean; readonly publicUrl: URL | undefined },
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // 'self' covers WebSockets to the same host (CSP 3 §6.7.2.8), a public address of another name does not.
        connectSrc: ["'self'", ...(publicUrl ? [publicUrl.origin.replace(/^http/, 'ws')] : [])],
        // Svelte's transitions and style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'data:', 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // Both mean nothing without TLS but a warning in every console.
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });

  app.addHook('onSend', async (_request, reply) => {
    reply.header('Permissions-Policy', PERMISSIONS);
  });

  // Beside SameSite=Strict: a form of another site cannot act with an administrator's cookie.
  app.addHook('onRequest', async (request, reply) => {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (SAFE_METHODS.has(request.method)) return;
    if (origin === undefined ? ownOrNoSite(site) : isOwnOrigin(origin, request.host, publicUrl)) return;
    return sendProblem(reply, new Refusal('cross-origin', 'Only pages of this server may do that.'));
  });
}

const ownOrNoSite = (site: string | string[] | undefined): boolean =>
  site === undefined || site === 'same-origin' || site === 'none';
