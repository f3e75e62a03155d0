import { isTokenAction, problem, recordingId } from '@perch/shared';
import type { Access, Endpoint, RecordingId } from '@perch/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Management } from '../management/management.ts';
import { Refusal, RefusedPerson } from '../management/refusal.ts';
import { type Caller, callerOf, type CallerOf } from './access/access.ts';
import { Entry, type Note } from './audited.ts';
import { ArchiveFile, sendArchive } from './files/archive-file.ts';
import { CsvFile, sendCsv } from './files/csv-file.ts';
import { LongList, sendLongList } from './files/long-list.ts';
import { sendProblem } from './problems.ts';
import { Redirect } from './redirect.ts';
import { sendSound, SoundFile } from './files/sound-file.ts';
import { sendText, TextFile } from './files/text-file.ts';
import { takeSounds, UploadTurns } from './files/uploads.ts';

/** What was asked for is at another address (RFC 9110 §15.4.4). */
const SEE_OTHER = 303;

type BodyOf<E> = E extends { readonly body: infer B extends z.core.$ZodType }
  ? z.output<B>
  : E extends { readonly upload: object }
    ? Buffer
    : undefined;
type QueryOf<E> = E extends { readonly query: infer Q extends z.core.$ZodType } ? z.output<Q> : undefined;
type ParamOf<E, Name extends string, Value> = E extends { readonly path: `${string}:${Name}${string}` }
  ? { readonly [name in Name]: Value }
  : unknown;
type ParamsOf<E> = ParamOf<E, 'number', string> &
  ParamOf<E, 'message', RecordingId> &
  ParamOf<E, 'enrolment', string> &
  ParamOf<E, 'person', string> &
  ParamOf<E, 'session', string> &
  ParamOf<E, 'apiToken', string> &
  ParamOf<E, 'subject', string> &
  ParamOf<E, 'webhook', string> &
  ParamOf<E, 'delivery', string> &
  ParamOf<E, 'ladder', string>;
type AnswerOf<E> = E extends { readonly lines: infer L extends z.core.$ZodType }
  ? LongList<z.output<L>>
  : E extends { readonly response: infer R extends z.core.$ZodType }
    ? z.output<R>
    : E extends { readonly sound: true }
      ? SoundFile
      : E extends { readonly csv: true }
        ? CsvFile
        : E extends { readonly text: true }
          ? TextFile
          : E extends { readonly archive: true }
            ? ArchiveFile
            : E extends { readonly redirect: true }
              ? Redirect
              : undefined;

export type Handler<E extends Endpoint> = (call: {
  readonly caller: CallerOf<E['access']>;
  readonly body: BodyOf<E>;
  readonly query: QueryOf<E>;
  readonly params: ParamsOf<E>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Adds to the entry in the audit, where one is made. */
  readonly note: (note: Note) => void;
}) => AnswerOf<E> | Refusal | Promise<AnswerOf<E> | Refusal>;

/** Registers one operation of the contract: who may call it, what it takes and returns, and its OpenAPI description. */
export function operation<E extends Endpoint>(
  app: FastifyInstance,
  management: Management,
  endpoint: E,
  handle: Handler<E>,
): void {
  const { upload } = endpoint;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const turns = upload && new UploadTurns();
  const register = (scope: FastifyInstance) =>
    scope.route({
      method: endpoint.method,
      url: endpoint.path,
      schema: schemaOf(endpoint),
      config: { access: endpoint.access },
      ...(endpoint.most !== undefined && { bodyLimit: endpoint.most }),
      // Before the body is read: a stranger learns nothing about what would have been right.
      onRequest: async (request, reply) => {
        // Answers are private: the next guest at this browser must not find them in its cache.
        reply.header('Cache-Control', 'no-store');
        const caller = await callerOf(endpoint.access, request, management);
        if (caller instanceof RefusedPerson) await app.refusedRequests.note(endpoint, request, caller);
        if (caller instanceof Refusal) return sendProblem(reply, caller);
        const refusal = 'terminal' in caller ? turns?.take(caller.terminal, reply) : undefined;
        if (refusal) return sendProblem(reply, refusal);
        callers.set(request, caller);
        return undefined;
      },
      handler: async (request, reply) => {
        const caller = callers.get(request) ?? {};
        const entry = await Entry.begin(management, endpoint, request, caller);
        const asked = {
          caller: caller as CallerOf<E['access']>,
          query: request.query as QueryOf<E>,
          // A request without a body has no type either, and is not parsed: an empty file.
          body: (upload ? (request.body ?? Buffer.alloc(0)) : request.body) as BodyOf<E>,
          params: request.params as ParamsOf<E>,
          request,
          reply,
          note: (note: Note) => entry?.add(note),
        };
        const operate = async () => handle(asked);
        const answer: unknown = await (entry ? entry.around(operate) : operate());
        if (answer instanceof Refusal) return sendProblem(reply, answer);
        if (answer instanceof SoundFile) return sendSound(reply, answer);
        if (answer instanceof LongList && endpoint.lines) return sendLongList(reply, answer, endpoint.lines);
        if (answer instanceof CsvFile) return sendCsv(reply, answer);
        if (answer instanceof TextFile) return sendText(reply, answer);
        if (answer instanceof ArchiveFile) return sendArchive(reply, answer);
        if (answer instanceof Redirect) return reply.redirect(answer.to, SEE_OTHER);
        return answer === undefined ? reply.code(204).send() : reply.send(answer);
      },
    });
  if (upload)
    void app.register(async (scope) => {
      takeSounds(scope, upload);
      register(scope);
    });
  else register(app);
}

function securityOf(access: Access) {
  if (access === 'anyone') return [];
  if (access === 'terminal') return [{ terminalToken: [] }];
  return isTokenAction(access) ? [{ session: [] }, { apiToken: [] }] : [{ session: [] }];
}

/** Parameters in paths: ids of messages and people are UUIDs, those of enrolments and sessions SHA-256 in base64url; a ladder is that of a call, or of a leg by its number; anything else is not found. */
const PARAMS = {
  number: z.string().max(8),
  message: z.uuid().transform(recordingId),
  enrolment: z.string().regex(/^[\w-]{43}$/),
  person: z.uuid(),
  session: z.string().regex(/^[\w-]{43}$/),
  apiToken: z.uuid(),
  subject: z.uuid(),
  webhook: z.uuid(),
  delivery: z.string().regex(/^msg_[\w-]{1,64}$/),
  ladder: z.string().regex(/^[\w-]{1,36}$/),
};

function schemaOf(endpoint: Endpoint) {
  const { path, access, summary, query, body, upload } = endpoint;
  const named = Object.entries(PARAMS).filter(([name]) => path.includes(`:${name}`));
  const params = named.length > 0 && z.object(Object.fromEntries(named));
  return {
    summary,
    tags: [path.split('/')[2] ?? ''],
    security: securityOf(access),
    ...(query && { querystring: query }),
    ...(body && { body }),
    ...(upload && {
      consumes: ['audio/*', 'application/octet-stream'],
      body: z.unknown().describe(`A sound file of at most ${upload.most} octets.`),
    }),
    ...(params && { params }),
    response: {
      ...successOf(endpoint),
      '4xx': {
        description: 'Refused; `detail` says why.',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}

function successOf({ response, sound, csv, text, archive, redirect }: Endpoint) {
  if (redirect) return { [SEE_OTHER]: z.undefined().describe('Go to the address in `Location`.') };
  if (csv)
    return {
      200: { description: 'A table (RFC 4180).', content: { 'text/csv': { schema: z.unknown() } } },
    };
  if (text) return { 200: { description: 'A text.', content: { 'text/plain': { schema: z.unknown() } } } };
  if (archive)
    return {
      200: { description: 'A zip archive.', content: { 'application/zip': { schema: z.unknown() } } },
    };
  if (sound)
    return {
      200: { description: 'An Ogg Opus file (RFC 7845).', content: { 'audio/ogg': { schema: z.unknown() } } },
    };
  return response ? { 200: response } : { 204: z.undefined().describe('Done.') };
}
