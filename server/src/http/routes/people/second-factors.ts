import { api, type SignInPolicy } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../../management/refusal.ts';
import { failureLimit } from '../../access/failure-limit.ts';
import { operation } from '../../operation.ts';
import type { HttpPorts } from '../../ports.ts';

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

  // Anyone who is signed in elsewhere has shown less than is asked for from now on, or may be the reason for the change.
  operation(app, management, api.confirmSecondFactor, async ({ caller, body, request }) => {
    const codes = await limit(request, () => secondFactors.confirm(caller.person, body.code));
    if (!(codes instanceof Refusal)) await sessions.closeOthers(caller);
    return codes;
  });

  operation(app, management, api.renewRecoveryCodes, ({ caller, body, request }) =>
    limit(request, () => secondFactors.renewCodes(caller.person, body.code)),
  );

  operation(app, management, api.removeSecondFactor, async ({ caller, body, request }) => {
    const refusal = await limit(request, () => secondFactors.remove(caller.person, body.code));
    if (!refusal) await sessions.closeOthers(caller);
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
