import { problem } from '@perch/shared';
import type { Access, Endpoint } from '@perch/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AdministratorSession } from '../management/administrators.ts';
import type { Management } from '../management/management.ts';
import { Refusal } from '../management/refusal.ts';
import type { EnrolledBrowser } from '../management/terminals.ts';
import { sendProblem } from './problems.ts';
import { sessionCookie } from './session-cookie.ts';

/** Who calls, proven; `token` is what proved it. */
interface Callers {
  readonly anyone: Record<never, never>;
  readonly administrator: AdministratorSession & { readonly token: string };
  readonly terminal: EnrolledBrowser & { readonly token: string };
}

type BodyOf<E> = E extends { readonly body: infer B extends z.ZodType } ? z.output<B> : undefined;
type ParamsOf<E> = E extends { readonly path: `${string}:number${string}` } ? { number: string } : unknown;
type AnswerOf<E> = E extends { readonly response: infer R extends z.ZodType } ? z.output<R> : undefined;

export type Handler<E extends Endpoint> = (call: {
  readonly caller: Callers[E['access']];
  readonly body: BodyOf<E>;
  readonly params: ParamsOf<E>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}) => AnswerOf<E> | Refusal | Promise<AnswerOf<E> | Refusal>;

/** Registers one operation of the contract: who may call it, what it takes and gives, what OpenAPI says of it. */
export function operation<E extends Endpoint>(
  app: FastifyInstance,
  management: Management,
  endpoint: E,
  handle: Handler<E>,
): void {
  const callers = new WeakMap<FastifyRequest, Callers[Access]>();
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: schemaOf(endpoint),
    // Before the body is read: a stranger learns nothing about what would have been right.
    onRequest: async (request, reply) => {
      const caller = callerOf(endpoint.access, request, management);
      if (caller instanceof Refusal) return sendProblem(reply, caller);
      callers.set(request, caller);
      return undefined;
    },
    handler: async (request, reply) => {
      const answer = await handle({
        caller: callers.get(request) as Callers[E['access']],
        body: request.body as BodyOf<E>,
        params: request.params as ParamsOf<E>,
        request,
        reply,
      });
      if (answer instanceof Refusal) return sendProblem(reply, answer);
      return answer === undefined ? reply.code(204).send() : reply.send(answer);
    },
  });
}

function callerOf(
  access: Access,
  request: FastifyRequest,
  { administrators, terminals }: Management,
): Callers[Access] | Refusal {
  switch (access) {
    case 'anyone':
      return {};
    case 'administrator': {
      const token = sessionCookie(request);
      const session = token === undefined ? undefined : administrators.session(token);
      if (token === undefined || !session) return new Refusal('not-signed-in', 'Sign in first.');
      return { ...session, token };
    }
    case 'terminal': {
      const token = /^bearer +(\S{1,128})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const browser = terminals.authenticate(token);
      return browser instanceof Refusal ? browser : { ...browser, token };
    }
  }
}

const SECURITY = { anyone: [], administrator: [{ session: [] }], terminal: [{ terminalToken: [] }] };

function schemaOf({ path, access, summary, body, response }: Endpoint) {
  return {
    summary,
    tags: [path.split('/')[2] ?? ''],
    security: SECURITY[access],
    ...(body && { body }),
    ...(path.includes(':number') && { params: z.object({ number: z.string().max(8) }) }),
    response: {
      ...(response ? { 200: response } : { 204: z.undefined().describe('Done.') }),
      '4xx': {
        description: 'Refused; `detail` says why.',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}
