import { api, mayAct } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../../management/refusal.ts';
import { SECOND_FACTOR_MISSING } from '../../access/access.ts';
import { operation } from '../../operation.ts';
import type { HttpPorts } from '../../ports.ts';

const BEYOND_ROLES = new Refusal(
  'forbidden',
  'Your roles do not allow all that this token is to be used for.',
);

/** Tokens for scripts: one's own, and those of others. */
export function apiTokenRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { apiTokens, people } = management;

  operation(app, management, api.ownTokens, ({ caller }) => apiTokens.of(caller.person.id));

  operation(app, management, api.makeToken, ({ caller, body, note }) => {
    // A token has no second factor: its maker must have shown what is demanded.
    if (caller.lacksSecondFactor) return SECOND_FACTOR_MISSING;
    const { name, actions, days } = body;
    if (!actions.every((action) => mayAct(caller.person.roles, action))) return BEYOND_ROLES;
    note({ about: name, after: { actions, days } });
    return apiTokens.make(caller, body);
  });

  operation(app, management, api.revokeToken, async ({ caller, params, note }) => {
    const tokens = await apiTokens.of(caller.person.id);
    note({ about: tokens.find(({ id }) => id === params.apiToken)?.name ?? params.apiToken });
    return apiTokens.revoke(caller.person.id, params.apiToken);
  });

  operation(app, management, api.personTokens, async ({ caller, params }) => {
    const person = await people.found(caller.person, params.person);
    return person instanceof Refusal ? person : apiTokens.of(person.id);
  });

  operation(app, management, api.revokePersonToken, async ({ caller, params, note }) => {
    const person = await people.found(caller.person, params.person);
    if (person instanceof Refusal) return person;
    const token = (await apiTokens.of(person.id)).find(({ id }) => id === params.apiToken);
    if (token) note({ subject: null, before: { token: token.name } });
    return apiTokens.revoke(person.id, params.apiToken);
  });
}
