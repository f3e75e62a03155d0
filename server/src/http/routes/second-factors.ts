import { api, type SignInPolicy } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { failureLimit } from '../access/failure-limit.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** One's own second factor; resetting another's; who has to have one. */
export function secondFactorRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { people, secondFactors, sessions } = management;
  const limit = failureLimit(app, 10);

  operation(app, management, api.secondFactor, ({ caller }) => secondFactors.view(caller.person));

  operation(app, management, api.beginSecondFactor, ({ caller, body, request }) =>
    limit(request, () =>
      secondFactors.begin(caller.person, {
        password: body.password,
        signedInAt: caller.session.openedAt,
      }),
    ),
  );

  operation(app, management, api.confirmSecondFactor, ({ caller, body, request }) =>
    limit(request, () => secondFactors.confirm(caller.person, body.code)),
  );

  operation(app, management, api.renewRecoveryCodes, ({ caller, body, request }) =>
    limit(request, () => secondFactors.renewCodes(caller.person, body.code)),
  );

  operation(app, management, api.removeSecondFactor, async ({ caller, body, request }) => {
    const refusal = await limit(request, () => secondFactors.remove(caller.person, body.code));
    // The organization may demand one.
    if (!refusal) sessions.review();
    return refusal;
  });

  operation(app, management, api.resetSecondFactor, ({ caller, params }) =>
    people.resetSecondFactor(caller.person, params.person),
  );

  operation(app, management, api.signInPolicy, ({ caller }) => secondFactors.policy(caller.person));

  operation(app, management, api.changeSignInPolicy, async ({ caller, body, note }) => {
    note({ before: factsOf(await secondFactors.policy(caller.person)), after: factsOf(body) });
    const refusal = await secondFactors.changePolicy(caller.person, body);
    if (!refusal) sessions.review();
    return refusal;
  });
}

const factsOf = ({ secondFactorOf }: SignInPolicy) => ({ secondFactorOf });
