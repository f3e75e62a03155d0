import { api, organizationId } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import { hashOf } from '../../management/tokens.ts';
import { changePace } from '../access/change-pace.ts';
import { failureLimit } from '../access/failure-limit.ts';
import { ownerAt } from '../access/own-phone.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** How often a browser may subscribe in a minute. */
const MOST_CHANGES = 10;
/** Wrong words in a minute of one visitor. */
const MOST_WRONG = 30;

const NO_PUSH_SERVICE = new Refusal(
  'invalid-request',
  'Push messages are sent to public addresses that begin with https: only.',
);
const OVER = new Refusal('not-found', 'This call no longer rings on that phone.');

/** Push messages to phones whose page is closed or asleep. */
export function pushRoutes(app: FastifyInstance, { management, push, clock }: HttpPorts): void {
  const { exchanges, extensions } = management;
  const paced = changePace(app, MOST_CHANGES);
  const limit = failureLimit(app, MOST_WRONG);

  operation(app, management, api.pushSettings, ({ caller }) => ({
    key: push.publicKey,
    endpoint: push.endpointOf(caller.terminal, hashOf(caller.token)) ?? null,
  }));

  operation(app, management, api.subscribePush, ({ caller, body, request }) =>
    paced(request, async () => {
      const owner = await ownerAt(management, caller);
      if (owner instanceof Refusal) return owner;
      if (!push.isPushService(body.endpoint)) return NO_PUSH_SERVICE;
      const { terminal } = caller;
      await push.subscribe({ ...body, terminal, browser: hashOf(caller.token), madeAt: clock.now() });
      return undefined;
    }),
  );

  operation(app, management, api.unsubscribePush, async ({ caller }) => {
    await push.unsubscribe(caller.terminal, hashOf(caller.token));
    return undefined;
  });

  operation(app, management, api.answerPush, ({ body, request }) =>
    limit(request, async () => {
      const organization = organizationId(body.organization);
      if (!extensions.organizations().some(({ id }) => id === organization)) return OVER;
      const answer = await exchanges.of(organization).answerPush(body.word, body.says);
      return answer === 'done' ? undefined : OVER;
    }),
  );
}
