import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../management/refusal.ts';
import type { Origins } from '../network/origins.ts';
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

const UNDER_TLS = {
  'Strict-Transport-Security': 'max-age=31536000',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
};

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Sets the security headers of every answer, and checks the origin of every request that changes something. */
export async function secure(app: FastifyInstance, origins: Origins): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // 'self' covers WebSockets to the same host (CSP 3 §6.7.2.8), but not in older Safari.
        connectSrc: ["'self'", (request) => webSockets(origins.arrivalOf(request).origin)],
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
    // Only useful under TLS (see `UNDER_TLS`); without it, some log a warning in every console.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });

  app.addHook('onSend', async (request, reply) => {
    reply.header('Permissions-Policy', PERMISSIONS);
    if (request.arrival.scheme === 'https') reply.headers(UNDER_TLS);
  });

  // Beside SameSite=Strict: a form of another site cannot act with an administrator's cookie.
  app.addHook('onRequest', async (request, reply) => {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (SAFE_METHODS.has(request.method)) return;
    if (origin === undefined ? ownOrNoSite(site) : origins.allows(origin, request.raw)) return;
    const detail =
      origin === undefined
        ? 'Only pages of this server may do that.'
        : origins.sentenceFor(origin.slice(0, 200), request.raw);
    return sendProblem(reply, new Refusal('cross-origin', detail));
  });
}

const webSockets = (origin: string): string => origin.replace(/^http/, 'ws');

const ownOrNoSite = (site: string | string[] | undefined): boolean =>
  site === undefined || site === 'same-origin' || site === 'none';
