import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../management/refusal.ts';

/** Lets an address try until it has failed too often; whoever succeeds is never counted. */
export type FailureLimit = <Answer>(
  request: FastifyRequest,
  attempt: () => Promise<Answer>,
) => Promise<Answer | Refusal>;

/** @param max failures in a minute, from one address. */
export function failureLimit(app: FastifyInstance, max: number): FailureLimit {
  const count = app.createRateLimit({ max, timeWindow: 60_000 });
  return async (request, attempt) => {
    const before = await count(request, { increment: false });
    if (!before.isAllowed && before.remaining <= 0)
      return new Refusal('too-many-requests', 'That has failed too often. Try again in a minute.');
    const answer = await attempt();
    if (answer instanceof Refusal) await count(request);
    return answer;
  };
}
