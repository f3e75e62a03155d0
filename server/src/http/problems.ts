import { STATUS_CODES } from 'node:http';
import type { Problem, ProblemCode } from '@perch/shared';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { Refusal } from '../management/refusal.ts';
import { Unwritable } from '../management/unwritable.ts';
import { translated } from '../words/words.ts';
import { languageAsked } from './page-language.ts';
import type { HttpJournal } from './ports.ts';

/** The one place where a refusal becomes a status. */
const STATUS: Readonly<Record<ProblemCode, number>> = {
  'invalid-request': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'provider-refused': 401,
  'sign-in-over': 401,
  'second-factor-needed': 401,
  'terminal-unknown': 401,
  'email-unverified': 403,
  'person-unknown': 403,
  'person-mismatch': 403,
  'cross-origin': 403,
  forbidden: 403,
  'setup-closed': 403,
  'extension-suspended': 403,
  'pin-needed': 403,
  'wrong-pin': 403,
  'in-kiosk-mode': 403,
  'wrong-second-factor': 403,
  'second-factor-missing': 403,
  'not-own-phone': 403,
  'not-found': 404,
  'number-taken': 409,
  'organization-needed': 409,
  'domain-taken': 409,
  'email-taken': 409,
  'last-administrator': 409,
  'guest-present': 409,
  'second-factor-on': 409,
  'second-factor-off': 409,
  'not-virtual': 409,
  'desk-occupied': 409,
  'desk-not-allowed': 409,
  'emergency-call': 409,
  'nothing-to-undo': 409,
  'nothing-to-return': 409,
  'nothing-to-extend': 409,
  'phone-locked': 409,
  'favourites-full': 409,
  'calls-busy': 409,
  'conference-full': 409,
  'transfer-over': 409,
  'no-mail': 409,
  'no-forward': 409,
  'nobody-here': 409,
  'too-many-tokens': 409,
  'enrolment-invalid': 410,
  'link-invalid': 410,
  'file-too-large': 413,
  'wrong-file-type': 415,
  'weak-code': 422,
  'unreadable-sound': 422,
  'too-many-requests': 429,
  'station-pin-locked': 429,
  unavailable: 500,
  'provider-unavailable': 502,
  'disk-full': 507,
};

type Errors = Problem['errors'];

/** For a path that does not exist, or is malformed. */
export const NOTHING_HERE = new Refusal('not-found', 'There is nothing here.');

/** Sends a refusal in the form of RFC 9457, its sentences in the language of the person who asks. */
export function sendProblem(reply: FastifyReply, { code, detail }: Refusal, errors?: Errors): FastifyReply {
  const status = STATUS[code];
  const language = languageAsked(reply.request);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: translated(detail, language),
    code,
    ...(errors && { errors }),
  };
  // A string, because the route's serializers are for successful answers.
  return reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Answers requests in which something was thrown: by Fastify about the request, or by us. */
export function errorHandler(journal: HttpJournal) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      if (error.validationContext === 'params') return sendProblem(reply, NOTHING_HERE);
      const language = languageAsked(request);
      const errors = error.validation.map(({ instancePath, message = 'is wrong' }) => {
        const field = instancePath.slice(1).replaceAll('/', '.');
        // Our messages are sentences; mistakes that only a program can make have zod's message.
        const said = message.endsWith('.') ? message : `At "${field}": ${message}.`;
        return { field, message: translated(said, language) };
      });
      const detail = errors.map((one) => one.message).join(' ');
      return sendProblem(reply, new Refusal('invalid-request', detail), errors);
    }
    // Too large, no JSON, the wrong type …: Fastify's status is enough, without a code of our own.
    if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
      return sendProblem(reply, new Refusal('invalid-request', `${error.message}.`.replace('..', '.')));
    if (error instanceof Unwritable) {
      journal.failed(`${request.method} ${request.routeOptions.url ?? 'unknown'}`, error);
      return sendProblem(
        reply,
        new Refusal(error.trouble === 'full' ? 'disk-full' : 'unavailable', error.sentence),
      );
    }
    journal.failed(`${request.method} ${request.routeOptions.url ?? 'unknown'}`, error);
    return sendProblem(
      reply,
      new Refusal('unavailable', 'The server could not do that. What went wrong is in its log.'),
    );
  };
}
