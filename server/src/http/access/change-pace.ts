import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import { hashOf } from '../../management/tokens.ts';
import { terminalToken } from './terminal-token.ts';

/** Changes that a browser may make in a minute: each is written to the disk before any other request is handled. */
const MOST_CHANGES = 300;

const TOO_MANY_CHANGES = new Refusal(
  'too-many-requests',
  'That is more than this browser may change in a minute. Try again soon.',
);

type Paced = <Answer>(
  request: FastifyRequest,
  change: () => Answer | Promise<Answer>,
) => Promise<Answer | Refusal>;

/**
 * Makes changes that a terminal's page asks for, unless its browser asks for too many.
 * @param most that a browser may make in a minute.
 */
export function changePace(app: FastifyInstance, most = MOST_CHANGES): Paced {
  const count = app.createRateLimit({
    max: most,
    timeWindow: 60_000,
    keyGenerator: (request) => browserOf(terminalToken(request)),
  });
  return async (request, change) => {
    const counted = await count(request);
    return !counted.isAllowed && counted.isExceeded ? TOO_MANY_CHANGES : change();
  };
}

/** Tells browsers apart without keeping their tokens. */
export const browserOf = (token: string): string => hashOf(token).toString('base64url');
