import { api, type ProblemCode, type Session } from '@perch/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { StoredPerson } from '../../../management/repositories.ts';
import type { Proof } from '../../../management/second-factors.ts';
import type { SignedIn } from '../../../management/sessions.ts';
import { Refusal, RefusedAddress, RefusedPerson } from '../../../management/refusal.ts';
import { networkOf } from '../../../network/address.ts';
import { noteComing } from '../../audited.ts';
import { failureLimit, type FailureLimit } from '../../access/failure-limit.ts';
import type { RefusedSignIns } from '../../access/refused-sign-ins.ts';
import {
  clearSignInCookie,
  setSessionCookie,
  setSignInCookie,
  signInCookie,
} from '../../access/session-cookie.ts';
import { browserOf } from '../../access/visiting-browser.ts';
import { operation } from '../../operation.ts';
import type { HttpPorts } from '../../ports.ts';
import { Redirect } from '../../redirect.ts';

/** Sign-ins that one network may begin in a minute: each asks the provider, and is remembered for a while. */
const MOST_BEGUN = 60;

const TOO_MANY_BEGUN = new Refusal(
  'too-many-requests',
  'Too many sign-ins were begun from your network. Try again in a minute.',
);

interface Door {
  /** Of codes, together with passwords. */
  readonly limit: FailureLimit;
  readonly refused: RefusedSignIns;
  readonly view: (signedIn: SignedIn) => Promise<Session>;
}

/** Signing in at a provider: there, back, and, where there was no second factor, a code of ours. */
export function providedSignInRoutes(
  app: FastifyInstance,
  ports: HttpPorts,
  { limit, refused, view }: Door,
): void {
  const { management, journal } = ports;
  const { providedSignIns } = management;
  const count = app.createRateLimit({
    max: MOST_BEGUN,
    timeWindow: 60_000,
    keyGenerator: ({ arrival }) => networkOf(arrival.visitor),
  });

  const returns = failureLimit(app, 10);

  const noteRefused = (refusal: Refusal, request: FastifyRequest): void => {
    const email = nameOf(refusal) ?? providedSignIns.name ?? '';
    journal.signInRefused(email, request.arrival.visitor);
    refused.note(email, request.arrival.visitor, refusal);
  };

  /** What the audit says of anyone who comes in. */
  const noted = <Answer>(
    request: FastifyRequest,
    work: (came: (person: StoredPerson, proof?: Proof) => void) => Promise<Answer>,
  ) =>
    noteComing(management, api.signIn, request.arrival.visitor, (came) =>
      work((person, proof) =>
        came(person, { provider: providedSignIns.name ?? null, ...(proof && { secondFactor: proof }) }),
      ),
    );

  const open = (signedIn: SignedIn, request: FastifyRequest, reply: FastifyReply): void => {
    journal.signedIn(signedIn.person.email, request.arrival.visitor);
    clearSignInCookie(reply);
    setSessionCookie(request, reply, signedIn.token, signedIn.session.expiresAt);
  };

  operation(app, management, api.beginProvided, async ({ query, request, reply }) => {
    const counted = await count(request);
    const begun =
      !counted.isAllowed && counted.isExceeded
        ? TOO_MANY_BEGUN
        : await providedSignIns.begin(query.organization);
    if (begun instanceof Refusal) return pageFor(begun.code);
    setSignInCookie(request, reply, begun.handle);
    return new Redirect(begun.url.href);
  });

  operation(app, management, api.completeProvided, async ({ request, reply }) => {
    const { search } = new URL(request.url, 'http://localhost');
    const handle = signInCookie(request);
    // Any page can send browsers here: what nobody has begun is no guess, and its cookie may be of one that was.
    if (!providedSignIns.isBegun(handle)) return pageFor('sign-in-over');
    const outcome = await returns(request, () =>
      noted(request, (came) => providedSignIns.complete(handle, search, browserOf(request), came)),
    );
    if (outcome instanceof Refusal) {
      noteRefused(outcome, request);
      clearSignInCookie(reply);
      return pageFor(outcome.code);
    }
    if ('handle' in outcome) {
      setSignInCookie(request, reply, outcome.handle);
      return pageFor('second-factor-needed');
    }
    open(outcome, request, reply);
    return new Redirect('/admin');
  });

  operation(app, management, api.proveProvided, async ({ body, request, reply }) => {
    const handle = signInCookie(request);
    const outcome = await limit(request, () =>
      noted(request, (came) => providedSignIns.prove(handle, body.code, browserOf(request), came)),
    );
    if (outcome instanceof Refusal) {
      noteRefused(outcome, request);
      return outcome;
    }
    open(outcome, request, reply);
    return view(outcome);
  });
}

/** The sign-in page says it in words. */
const pageFor = (code: ProblemCode): Redirect => new Redirect(`/admin?sign-in=${code}`);

function nameOf(refusal: Refusal): string | undefined {
  if (refusal instanceof RefusedPerson) return refusal.person.email;
  return refusal instanceof RefusedAddress ? refusal.email : undefined;
}
