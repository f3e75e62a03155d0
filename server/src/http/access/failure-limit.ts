import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import { networkOf } from '../../network/address.ts';

const networkOfVisitor = ({ arrival }: FastifyRequest): string => networkOf(arrival.visitor);

/** Lets visitors try until they have failed too often; successes are never counted. */
export type FailureLimit = <Answer>(
  request: FastifyRequest,
  attempt: () => Promise<Answer>,
) => Promise<Answer | Refusal>;

/**
 * @param max failures in a minute of one visitor; a try that is under way counts until it succeeds.
 * @param whose the key that tells visitors apart; their network by default.
 */
export function failureLimit(
  app: FastifyInstance,
  max: number,
  whose: (request: FastifyRequest) => string = networkOfVisitor,
): FailureLimit {
  const count = app.createRateLimit({ max, timeWindow: 60_000, keyGenerator: whose });
  const trying = new Map<string, number>();
  return async (request, attempt) => {
    const visitor = whose(request);
    const before = await count(request, { increment: false });
    const others = trying.get(visitor) ?? 0;
    if (!before.isAllowed && before.remaining <= others)
      return new Refusal('too-many-requests', 'That has failed too often. Try again in a minute.');
    trying.set(visitor, others + 1);
    try {
      const answer = await attempt();
      if (answer instanceof Refusal) await count(request);
      return answer;
    } finally {
      const left = (trying.get(visitor) ?? 1) - 1;
      if (left > 0) trying.set(visitor, left);
      else trying.delete(visitor);
    }
  };
}
