import { BlockList, isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { NOTHING_HERE, sendProblem } from '../problems.ts';
import type { HttpPorts } from '../ports.ts';

/** Where whoever watches a server stands: on the machine, or in the network behind it. */
const inside = new BlockList();
for (const [address, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
] as const)
  inside.addSubnet(address, prefix, 'ipv6');

/** For whoever watches the server. */
export function healthRoutes(app: FastifyInstance, { metrics, trouble }: HttpPorts): void {
  // Bad only where a new process would help.
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));

  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
    const reason = await trouble();
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });

  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const family = isIP(request.ip);
    if (family === 0 || !inside.check(request.ip, family === 4 ? 'ipv4' : 'ipv6'))
      return sendProblem(reply, NOTHING_HERE);
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(text);
  });
}
