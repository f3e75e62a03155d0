import { isWithin, scopeOf } from '@perch/shared';
import type { Access, Scope } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noSuchExtension } from '../../management/extensions.ts';
import type { Management } from '../../management/management.ts';
import type { SignedIn } from '../../management/sessions.ts';
import { Refusal, RefusedPerson } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import { sessionCookie } from './session-cookie.ts';
import { terminalToken } from './terminal-token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it. Pages and files have none: anyone may read them. */
    readonly access?: Access | 'metrics-token';
  }
}

/** A phone that makes a request; `token` is the proof. */
export type TerminalCaller = EnrolledBrowser & { readonly token: string };

/** Somebody who makes a request that their role allows, and what it may be about. */
export type PersonCaller = SignedIn & { readonly scope: Scope };

export type Caller = object | TerminalCaller | PersonCaller;
export type CallerOf<A extends Access> = A extends 'anyone'
  ? object
  : A extends 'terminal'
    ? TerminalCaller
    : PersonCaller;

const NOT_SIGNED_IN = new Refusal('not-signed-in', 'Sign in first.');

const FORBIDDEN = new Refusal('forbidden', 'Your role in this organization does not allow that.');

const SECOND_FACTOR_MISSING = new Refusal(
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

/** Who makes the request, or why they may not: by the rules of `shared/src/rights.ts`, and nothing else. */
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
      const token = sessionCookie(request);
      const signedIn =
        token === undefined ? undefined : await management.sessions.signedIn(token, request.arrival.visitor);
      if (!signedIn) return NOT_SIGNED_IN;
      const { person } = signedIn;
      if (signedIn.lacksSecondFactor && access !== 'use-account')
        return new RefusedPerson(person, SECOND_FACTOR_MISSING);
      const scope = scopeOf(person, access);
      if (!scope) return new RefusedPerson(person, FORBIDDEN);
      // What is out of reach is answered as what there is not.
      const { number } = request.params as { readonly number?: string };
      if (number !== undefined && scope.kind === 'some') {
        const extension = management.extensions.find(person.organization, number);
        if (extension instanceof Refusal) return new RefusedPerson(person, extension);
        if (!isWithin(scope, extension)) return new RefusedPerson(person, noSuchExtension(number));
      }
      const caller: PersonCaller = { ...signedIn, scope };
      return caller;
    }
  }
}

function terminalOf(request: FastifyRequest, { terminals }: Management): TerminalCaller | Refusal {
  const token = terminalToken(request);
  const browser = terminals.authenticate(token);
  if (browser instanceof Refusal) return browser;
  terminals.heard(token, request.arrival.visitor);
  return { ...browser, token };
}
