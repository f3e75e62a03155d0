import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hashOf } from '../../management/tokens.ts';
import { parseAddress } from '../../network/address.ts';
import { NOTHING_HERE, sendProblem } from '../problems.ts';
import type { HttpOptions, HttpPorts } from '../ports.ts';
import { terminalToken } from '../access/terminal-token.ts';

const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/** For monitoring. */
export function healthRoutes(
  app: FastifyInstance,
  { metricsToken, trustsProxy }: HttpOptions,
  { metrics, trouble }: HttpPorts,
): void {
  // Liveness: fails only where a restart would help.
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));

  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
    const reason = await trouble();
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });

  /** A request that came through an untrusted proxy may be from anywhere, and is refused even with the token. */
  const mayRead = (request: FastifyRequest): boolean => {
    if (metricsToken === undefined) return false;
    const { headers, raw } = request;
    const forwarded = FORWARDED.some((name) => headers[name] !== undefined);
    if (forwarded && !trustsProxy?.(parseAddress(raw.socket.remoteAddress ?? '') ?? '')) return false;
    return timingSafeEqual(hashOf(terminalToken(request)), hashOf(metricsToken));
  };

  const guarded = { schema: { hide: true }, config: { access: 'metrics-token' } } as const;
  app.get('/metrics', guarded, async (request, reply) => {
    if (!mayRead(request)) return sendProblem(reply, NOTHING_HERE);
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(text);
  });
}
