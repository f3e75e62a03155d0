import * as z from 'zod/mini';
import { organizationName } from '../display-name.ts';
import { type Action, RULES } from '../management/rights.ts';
import type { Endpoint } from './api-endpoint.ts';
import { instant } from './api-values.ts';

/** What outlives a token: by a link, a session, a token or a webhook that it gets there, a script would go on after its end; and what is erased is gone. */
const OUTLIVING = [
  'use-account',
  'manage-people',
  'manage-organizations',
  'manage-personal-data',
  'manage-webhooks',
] as const satisfies readonly Action[];
export type TokenAction = Exclude<Action, (typeof OUTLIVING)[number]>;

/** Can a token be made for this? */
export const isTokenAction = (action: string): action is TokenAction =>
  Object.hasOwn(RULES, action) && !(OUTLIVING as readonly string[]).includes(action);

/** What a token can be made for: everything but that. */
export const TOKEN_ACTIONS = Object.keys(RULES).filter(isTokenAction);

/** A token with which scripts use this API as the person who has made it, as far as that person's rights go at that moment. */
export const apiTokenView = z.object({
  id: z.string(),
  name: z.string(),
  /** What it may be used for. */
  actions: z.array(z.enum(TOKEN_ACTIONS)),
  madeAt: instant,
  expiresAt: instant,
  /** When and from where it was last used. */
  usedAt: z.nullable(instant),
  usedFrom: z.nullable(z.string()),
});
export type ApiTokenView = z.infer<typeof apiTokenView>;

const newApiToken = z.object({
  name: organizationName,
  actions: z.array(z.enum(TOKEN_ACTIONS)).check(z.minLength(1, 'Choose what it may be used for.')),
  days: z._default(z.int().check(z.gte(1), z.lte(365)), 90),
});
export type NewApiToken = z.infer<typeof newApiToken>;

/** Tokens for scripts. */
export const tokensApi = {
  ownTokens: {
    method: 'GET',
    path: '/api/session/tokens',
    access: 'use-account',
    summary: 'One’s own tokens for scripts.',
    response: z.array(apiTokenView),
  },
  makeToken: {
    method: 'POST',
    path: '/api/session/tokens',
    access: 'use-account',
    summary:
      'Makes a token for scripts, which is shown this once: `Authorization: Bearer` with it stands for its maker.',
    body: newApiToken,
    response: z.object({ secret: z.string(), token: apiTokenView }),
  },
  revokeToken: {
    method: 'DELETE',
    path: '/api/session/tokens/:apiToken',
    access: 'use-account',
    summary: 'Revokes one of one’s own tokens.',
  },
  personTokens: {
    method: 'GET',
    path: '/api/people/:person/tokens',
    access: 'manage-people',
    summary: 'The tokens that somebody has made.',
    response: z.array(apiTokenView),
  },
  revokePersonToken: {
    method: 'DELETE',
    path: '/api/people/:person/tokens/:apiToken',
    access: 'manage-people',
    summary: 'Revokes a token that somebody has made.',
  },
} as const satisfies Record<string, Endpoint>;
