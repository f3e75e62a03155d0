import type { FastifyRequest } from 'fastify';
import type { Browser } from '../../management/browser.ts';

export const browserOf = ({ headers, arrival }: FastifyRequest): Browser => ({
  browser: headers['user-agent'] ?? null,
  address: arrival.visitor,
});
