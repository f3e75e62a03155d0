import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../management/refusal.ts';

/** Lets an address try until it has failed too often; whoever succeeds is never counted. */
export type FailureLimit = <Answer>(
  request: FastifyRequest,
  attempt: () => Promise<Answer>,
) => Promise<Answer | Refusal>;

/** @param max failures in a minute, from one address; what is being tried counts until it is known to succeed. */
export function failureLimit(app: FastifyInstance, max: number): FailureLimit {
  const count = app.createRateLimit({ max, timeWindow: 60_000 });
  const trying = new Map<string, number>();
  return async (request, attempt) => {
    const before = await count(request, { increment: false });
    const others = trying.get(request.ip) ?? 0;
    if (!before.isAllowed && before.remaining <= others)
      return new Refusal('too-many-requests', 'That has failed too often. Try again in a minute.');
    trying.set(request.ip, others + 1);
    try {
      const answer = await attempt();
      if (answer instanceof Refusal) await count(request);
      return answer;
    } finally {
      const left = (trying.get(request.ip) ?? 1) - 1;
      if (left > 0) trying.set(request.ip, left);
      else trying.delete(request.ip);
    }
  };
}
