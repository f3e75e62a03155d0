import { isTokenAction, isWithin, scopeOf } from '@perch/shared';
import type { Access, Action, Scope } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noSuchExtension } from '../../management/extensions.ts';
import type { Management } from '../../management/management.ts';
import type { StoredPerson } from '../../management/repositories.ts';
import type { SignedIn } from '../../management/sessions.ts';
import { Refusal, RefusedPerson } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import { sessionCookie } from './session-cookie.ts';
import { terminalToken } from './terminal-token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it. Pages and files have none: anyone may read them. */
    readonly access?: Access | 'metrics-token' | 'description';
  }
}

/** A phone that makes a request; `token` is the proof. */
export type TerminalCaller = EnrolledBrowser & { readonly token: string };

/** Somebody who makes a request that their role allows, and what it may be about. */
export interface PersonCaller {
  readonly person: StoredPerson;
  readonly scope: Scope;
  /** The name of the token for scripts that stands for them; `undefined`: they are signed in. */
  readonly token?: string;
}

/** Somebody who is signed in, and does something with their own account. */
export type AccountCaller = SignedIn & { readonly scope: Scope };

export type Caller = object | TerminalCaller | PersonCaller | AccountCaller;
export type CallerOf<A extends Access> = A extends 'anyone'
  ? object
  : A extends 'terminal'
    ? TerminalCaller
    : A extends 'use-account'
      ? AccountCaller
      : PersonCaller;

export const NOT_SIGNED_IN = new Refusal('not-signed-in', 'Sign in first.');

const FORBIDDEN = new Refusal('forbidden', 'Your role in this organization does not allow that.');

const TOKEN_UNKNOWN = new Refusal('not-signed-in', 'This token is unknown, has expired, or was revoked.');

const NOT_FOR_TOKEN = new Refusal('forbidden', 'This token was not made for that.');

export const SECOND_FACTOR_MISSING = new Refusal(
  'second-factor-missing',
  'Your organization demands a second factor. Set it up first.',
);

/** Throws for a route that reads from the API, or changes anything, without a word on who may call it. */
export function refuseOpenRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ url, method, config }) => {
    const reads = [method].flat().every((one) => one === 'GET' || one === 'HEAD');
    if ((!reads || url.startsWith('/api')) && config?.access === undefined)
      throw new Error(`nobody has said who may call ${[method].flat().join()} ${url}`);
  });
}

/** Who makes the request, or why they may not: by the rules of `shared/src/management/rights.ts`, and nothing else. */
export async function callerOf(
  access: Access,
  request: FastifyRequest,
  management: Management,
): Promise<Caller | Refusal> {
  switch (access) {
    case 'anyone':
      return {};
    case 'terminal':
      return terminalOf(request, management);
    default: {
      const secret = terminalToken(request);
      return secret === ''
        ? signedIn(access, request, management)
        : bySecret(access, secret, request, management);
    }
  }
}

/** Is somebody signed in, or is there a token of theirs, whatever they may do? */
export async function isKnown(
  request: FastifyRequest,
  { sessions, apiTokens }: Management,
): Promise<boolean> {
  const { visitor } = request.arrival;
  const secret = terminalToken(request);
  if (secret !== '') return (await apiTokens.find(secret, visitor)) !== undefined;
  const token = sessionCookie(request);
  return token !== undefined && (await sessions.signedIn(token, visitor)) !== undefined;
}

async function signedIn(
  access: Action,
  request: FastifyRequest,
  { sessions, extensions }: Management,
): Promise<AccountCaller | Refusal> {
  const token = sessionCookie(request);
  const session = token === undefined ? undefined : await sessions.signedIn(token, request.arrival.visitor);
  if (!session) return NOT_SIGNED_IN;
  const { person } = session;
  if (session.lacksSecondFactor && access !== 'use-account')
    return new RefusedPerson(person, SECOND_FACTOR_MISSING);
  const scope = scopeFor(person, access, request, extensions);
  return scope instanceof Refusal ? new RefusedPerson(person, scope) : { ...session, scope };
}

/** A script, for the person who has made its token: never for more than that person may do now. */
async function bySecret(
  access: Action,
  secret: string,
  request: FastifyRequest,
  { apiTokens, extensions }: Management,
): Promise<PersonCaller | Refusal> {
  const found = await apiTokens.find(secret, request.arrival.visitor);
  if (!found) return TOKEN_UNKNOWN;
  const { person, token } = found;
  const refused = (refusal: Refusal) => new RefusedPerson(person, refusal, token.name);
  if (!isTokenAction(access) || !token.actions.includes(access)) return refused(NOT_FOR_TOKEN);
  if (await apiTokens.isHeldBack(token, person)) return refused(SECOND_FACTOR_MISSING);
  const scope = scopeFor(person, access, request, extensions);
  return scope instanceof Refusal ? refused(scope) : { person, scope, token: token.name };
}

/** What a request may be about. What is out of reach is answered as what there is not. */
function scopeFor(
  person: StoredPerson,
  access: Action,
  request: FastifyRequest,
  extensions: Management['extensions'],
): Scope | Refusal {
  const scope = scopeOf(person, access);
  if (!scope) return FORBIDDEN;
  const { number } = request.params as { readonly number?: string };
  if (number === undefined || scope.kind === 'everything') return scope;
  const extension = extensions.find(person.organization, number);
  if (extension instanceof Refusal) return extension;
  return isWithin(scope, extension) ? scope : noSuchExtension(number);
}

function terminalOf(request: FastifyRequest, { terminals }: Management): TerminalCaller | Refusal {
  const token = terminalToken(request);
  const browser = terminals.authenticate(token);
  if (browser instanceof Refusal) return browser;
  terminals.heard(token, request.arrival.visitor);
  return { ...browser, token };
}
