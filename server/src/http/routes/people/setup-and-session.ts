import { api } from '@perch/shared';
import type { Session } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import type { SignedIn } from '../../../management/sessions.ts';
import { Refusal } from '../../../management/refusal.ts';
import { networkOf } from '../../../network/address.ts';
import { noteComing } from '../../audited.ts';
import { failureLimit } from '../../access/failure-limit.ts';
import { RefusedSignIns } from '../../access/refused-sign-ins.ts';
import { providedSignInRoutes } from './provided-sign-ins.ts';
import { operation } from '../../operation.ts';
import type { HttpPorts } from '../../ports.ts';
import { browserOf } from '../../access/visiting-browser.ts';
import { clearSessionCookie, sessionCookie, setSessionCookie } from '../../access/session-cookie.ts';
import { SignInPace } from '../../access/sign-in-pace.ts';

const TOO_MANY_GUESSES = new Refusal(
  'too-many-requests',
  'The password of this account has been wrong too often. Try again in a minute.',
);

/** Is the password right, and only something else to be said, too? Such a try counts as no guess. */
const isHalfway = ({ code }: Refusal): boolean =>
  code === 'second-factor-needed' || code === 'organization-needed';

/** Creating the organization; signing in and out. */
export function setupAndSession(app: FastifyInstance, ports: HttpPorts): void {
  const { management, journal, clock } = ports;
  const { setup, sessions, providedSignIns, extensions, organizations, people } = management;
  const refused = new RefusedSignIns(management, clock, (error) =>
    journal.failed('POST /api/session', error),
  );
  const limit = failureLimit(app, 10);
  const pace = new SignInPace(() => clock.monotonic());

  const view = async ({ person, session, lacksSecondFactor }: SignedIn): Promise<Session> => {
    const { organization } = person;
    const { name, domain } = extensions.organization(organization);
    const [timeZone, language] = await Promise.all([
      organizations.timeZone(organization),
      organizations.language(organization),
    ]);
    return {
      email: person.email,
      roles: [...person.roles],
      extension: (person.extension && extensions.byId(person.extension)?.number) ?? null,
      language: people.languages.of(person),
      organization: { name, domain, timeZone, language },
      expiresAt: session.expiresAt,
      lacksSecondFactor,
      hasPassword: person.passwordHash !== null,
    };
  };

  providedSignInRoutes(app, ports, { limit, refused, view });

  operation(app, management, api.setUp, async ({ body, request, reply }) => {
    const { visitor } = request.arrival;
    const opened = await noteComing(management, api.setUp, visitor, (came) =>
      limit(request, () => setup.complete(body, browserOf(request), (person) => came(person))),
    );
    if (opened instanceof Refusal) return opened;
    journal.organizationCreated(body.organization.domain, visitor);
    setSessionCookie(request, reply, opened.token, opened.session.expiresAt);
    return view(opened);
  });

  operation(app, management, api.signIn, async ({ body, request, reply }) => {
    const network = networkOf(request.arrival.visitor);
    const account = body.email.toLowerCase();
    const tried = await limit(request, async () => {
      const wait = pace.waitFor(account, network);
      if (wait === 'too-many') return TOO_MANY_GUESSES;
      if (wait > 0) await new Promise<void>((resolve) => void clock.after(wait, resolve));
      const outcome = await noteComing(management, api.signIn, request.arrival.visitor, (came) =>
        sessions.signIn(body, browserOf(request), (person, proof) =>
          came(person, proof === undefined ? null : { secondFactor: proof }),
        ),
      );
      if (!(outcome instanceof Refusal)) pace.succeeded(account, network);
      else if (isHalfway(outcome)) return { halfway: outcome };
      else pace.failed(account, network);
      return outcome;
    });
    const opened = 'halfway' in tried ? tried.halfway : tried;
    if (opened instanceof Refusal) {
      journal.signInRefused(body.email, request.arrival.visitor);
      refused.note(body.email, request.arrival.visitor, opened);
      return opened;
    }
    journal.signedIn(body.email, request.arrival.visitor);
    setSessionCookie(request, reply, opened.token, opened.session.expiresAt);
    return view(opened);
  });

  operation(app, management, api.session, async ({ request }) => {
    const token = sessionCookie(request);
    const signedIn = token === undefined ? undefined : await sessions.signedIn(token);
    const { name } = providedSignIns;
    return {
      session: signedIn ? await view(signedIn) : null,
      provider: name === undefined ? null : { name },
    };
  });

  operation(app, management, api.setOwnLanguage, async ({ caller, body: { language }, note }) => {
    note({ before: { language: people.languages.of(caller.person) }, after: { language } });
    return people.languages.choose(caller.person, language);
  });

  operation(app, management, api.signOut, async ({ caller, reply }) => {
    await sessions.signOut(caller);
    clearSessionCookie(reply);
    return { next: await providedSignIns.signOutAddress(caller) };
  });
}
