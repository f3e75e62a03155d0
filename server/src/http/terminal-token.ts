import type { FastifyRequest } from 'fastify';

/** What the browser of a terminal proves itself with (RFC 6750 §2.1); empty where it shows nothing of the kind. */
export const terminalToken = (request: FastifyRequest): string =>
  /^bearer +(\S{1,128})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
