import { api, type PersonLink as LinkView } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PersonLink } from '../../../management/person-links.ts';
import { Refusal } from '../../../management/refusal.ts';
import { noteComing } from '../../audited.ts';
import { failureLimit } from '../../access/failure-limit.ts';
import { baseUrlOf, isOnlyHere, personUrl } from '../../links.ts';
import { operation } from '../../operation.ts';
import type { HttpOptions, HttpPorts } from '../../ports.ts';

/** Mails that one visitor may have sent in a minute. */
const MOST_MAILS = 5;

const NO_MAIL = new Refusal('no-mail', 'This server sends no mail. Ask your administrator for a link.');
const TOO_MANY_MAILS = new Refusal(
  'too-many-requests',
  'That was asked for too often. Try again in a minute.',
);

/** The people of an organization, and the links with which they choose a password; the organizations of the server. */
export function peopleRoutes(app: FastifyInstance, { publicUrl }: HttpOptions, ports: HttpPorts): void {
  const { people, sessions, organizations, extensions } = ports.management;
  const limit = failureLimit(app, 10);
  const countMail = app.createRateLimit({ max: MOST_MAILS, timeWindow: 60_000 });

  /** Mails the link to its person where the server can; otherwise it is shown to the one who has made it. */
  const handOver = async (
    { person, token, expiresAt }: PersonLink,
    request: FastifyRequest,
  ): Promise<LinkView> => {
    const url = personUrl(baseUrlOf(request, publicUrl), token);
    const { name: organization } = extensions.organization(person.organization);
    const isInvitation = person.passwordHash === null;
    const language = await people.languages.ofMailTo(person);
    const mail = { to: person.email, organization, url, expiresAt, isInvitation, language };
    const isMailed = (await ports.mailLink?.(mail)) ?? false;
    return { url: isMailed ? null : url, expiresAt, onlyHere: isOnlyHere(url) };
  };
  const handOverOrRefuse = (link: PersonLink | Refusal, request: FastifyRequest) =>
    link instanceof Refusal ? link : handOver(link, request);

  operation(app, ports.management, api.people, ({ caller }) => people.all(caller.person));

  operation(app, ports.management, api.invitePerson, async ({ caller, body, request, note }) => {
    const { email, roles, extension, groups } = body;
    note({ about: email, after: { roles, extension, groups } });
    return handOverOrRefuse(await people.invite(caller.person, body), request);
  });

  operation(app, ports.management, api.changePerson, ({ caller, params, body }) =>
    people.change(caller.person, params.person, body),
  );

  operation(app, ports.management, api.removePerson, async ({ caller, params }) => {
    const removed = await people.remove(caller.person, params.person);
    return removed instanceof Refusal ? removed : undefined;
  });

  operation(app, ports.management, api.issuePersonLink, async ({ caller, params, request }) =>
    handOverOrRefuse(await people.issueLink(caller.person, params.person), request),
  );

  operation(app, ports.management, api.forgetProvided, ({ caller, params }) =>
    people.forgetIdentity(caller.person, params.person),
  );

  operation(app, ports.management, api.personSessions, ({ caller, params }) =>
    people.sessionsOf(caller.person, params.person),
  );

  operation(app, ports.management, api.closePersonSession, ({ caller, params }) =>
    people.closeSession(caller.person, params.person, params.session),
  );

  operation(app, ports.management, api.ownSessions, ({ caller }) =>
    sessions.of(caller.person.id, caller.session),
  );

  operation(app, ports.management, api.closeOwnSession, ({ caller, params }) =>
    sessions.close(caller.person.id, params.session),
  );

  operation(app, ports.management, api.lookAtLink, async ({ body, request }) => {
    const person = await limit(request, () => people.links.person(body.token));
    if (person instanceof Refusal) return person;
    return { email: person.email, organization: extensions.organization(person.organization).name };
  });

  operation(app, ports.management, api.choosePassword, async ({ body, request }) => {
    const person = await limit(request, () =>
      noteComing(ports.management, api.choosePassword, request.arrival.visitor, (came) =>
        people.links.choosePassword(body.token, body.password, came),
      ),
    );
    if (person instanceof Refusal) return person;
    ports.journal.passwordChosen(person.email, request.arrival.visitor);
    return undefined;
  });

  operation(app, ports.management, api.forgotPassword, async ({ body, request }) => {
    if (!ports.mailLink) return NO_MAIL;
    const counted = await countMail(request);
    if (!counted.isAllowed && counted.isExceeded) return TOO_MANY_MAILS;
    const { visitor } = request.arrival;
    // Not waited for: how long it takes would tell whether somebody has this address.
    void people
      .withEmail(body.email)
      .then((known) =>
        Promise.all(
          known.map(async (person) => {
            const link = await noteComing(ports.management, api.forgotPassword, visitor, (came) => {
              came(person);
              return people.links.for(person, null);
            });
            await handOver(link, request);
          }),
        ),
      )
      .catch((error: unknown) => ports.journal.failed('POST /api/links/forgot', error));
    return undefined;
  });

  operation(app, ports.management, api.organizations, () => organizations.all());

  operation(app, ports.management, api.createOrganization, async ({ caller, body, request, note }) => {
    note({ about: body.domain, after: { name: body.name, administrator: body.administrator } });
    const { administrator: email, ...wish } = body;
    const first = { email, passwordHash: null, roles: ['administrator'] } as const;
    const person = await organizations.create(wish, first);
    if (person instanceof Refusal) return person;
    ports.journal.organizationCreated(wish.domain, request.arrival.visitor);
    return handOver(await people.links.for(person, caller.person.email), request);
  });
}
