import type { FastifyRequest } from 'fastify';

/** The bearer token of a terminal's browser (RFC 6750 §2.1); empty where there is none. */
export const terminalToken = (request: FastifyRequest): string =>
  /^bearer +(\S{1,128})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
