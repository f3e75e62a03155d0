import {
  type api,
  problem,
  type Endpoint,
  type Problem,
  type ProblemCode,
  type SoundBody,
} from '@perch/shared';
import type * as z from 'zod/mini';

type Operations = typeof api;
export type Operation = Operations[keyof Operations];

type BodyOf<E> = E extends { readonly body: infer B extends z.ZodMiniType }
  ? { readonly body: z.input<B> }
  : unknown;
type NumberOf<E> = E extends { readonly path: `${string}:number${string}` }
  ? { readonly number: string }
  : unknown;
type MessageOf<E> = E extends { readonly path: `${string}:message${string}` }
  ? { readonly message: string }
  : unknown;
type EnrolmentOf<E> = E extends { readonly path: `${string}:enrolment${string}` }
  ? { readonly enrolment: string }
  : unknown;
type PersonOf<E> = E extends { readonly path: `${string}:person${string}` }
  ? { readonly person: string }
  : unknown;
type SessionOf<E> = E extends { readonly path: `${string}:session${string}` }
  ? { readonly session: string }
  : unknown;
type ApiTokenOf<E> = E extends { readonly path: `${string}:apiToken${string}` }
  ? { readonly apiToken: string }
  : unknown;
type QueryOf<E> = E extends { readonly query: infer Q extends z.ZodMiniType }
  ? { readonly query: z.input<Q> }
  : unknown;
type UploadOf<E> = E extends { readonly upload: SoundBody } ? { readonly upload: Blob } : unknown;
type TokenOf<E> = E extends { readonly access: 'terminal' } ? { readonly token: string } : unknown;
export type Arguments<E> = BodyOf<E> &
  QueryOf<E> &
  UploadOf<E> &
  NumberOf<E> &
  MessageOf<E> &
  EnrolmentOf<E> &
  PersonOf<E> &
  SessionOf<E> &
  ApiTokenOf<E> &
  TokenOf<E>;
export type Answer<E> = E extends { readonly response: infer R extends z.ZodMiniType }
  ? z.output<R>
  : E extends { readonly sound: true }
    ? Blob
    : undefined;

/** The server refused, or could not be reached (`status` 0, code `unavailable`). */
export class RequestError extends Error {
  readonly problem: Problem;

  constructor(refusal: Problem) {
    super(refusal.detail);
    this.name = 'RequestError';
    this.problem = refusal;
  }

  get code(): ProblemCode {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

const TIMEOUT_MS = 15_000;
/** Sounds are large, and connections can be slow (milliseconds). */
const SOUND_TIMEOUT_MS = 120_000;

/** The arguments of any operation; the compiler has checked those of this one. */
interface Given {
  readonly body?: unknown;
  readonly upload?: Blob;
  readonly number?: string;
  readonly message?: string;
  readonly enrolment?: string;
  readonly person?: string;
  readonly session?: string;
  readonly apiToken?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly token?: string;
}

/**
 * Calls one operation of the API. Throws `RequestError` for every refusal (RFC 9457) and where there is no answer, or
 * `signal` aborts.
 */
export async function request<E extends Operation>(
  endpoint: E,
  args: Arguments<E>,
  signal?: AbortSignal,
): Promise<Answer<E>> {
  const { response: schema, sound }: Endpoint = endpoint;
  const response = await reach(endpoint, args as Given, signal);
  if (sound && response.ok) return (await readable(response.blob())) as Answer<E>;
  const text = await readable(response.text());
  const content: unknown = text === '' ? undefined : parse(text);
  if (!response.ok) throw new RequestError(problem.safeParse(content).data ?? unavailable(response.status));
  return (schema === undefined ? undefined : schema.parse(content)) as Answer<E>;
}

async function reach(
  { method, path, sound }: Endpoint,
  {
    body,
    upload,
    number = '',
    message = '',
    enrolment = '',
    person = '',
    session = '',
    apiToken = '',
    query,
    token,
  }: Given,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers = new Headers({ Accept: sound ? 'audio/ogg, application/json' : 'application/json' });
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  // What a browser takes a file for depends on its system; the server looks at the octets.
  if (upload !== undefined) headers.set('Content-Type', 'application/octet-stream');
  else if (body !== undefined) headers.set('Content-Type', 'application/json');
  const limit = AbortSignal.timeout(sound || upload !== undefined ? SOUND_TIMEOUT_MS : TIMEOUT_MS);
  const address = path
    .replace(':number', encodeURIComponent(number))
    .replace(':message', encodeURIComponent(message))
    .replace(':enrolment', encodeURIComponent(enrolment))
    .replace(':person', encodeURIComponent(person))
    .replace(':session', encodeURIComponent(session))
    .replace(':apiToken', encodeURIComponent(apiToken));
  const asked = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString();
  return readable(
    fetch(asked === '' ? address : `${address}?${asked}`, {
      method,
      headers,
      body: upload ?? (body === undefined ? null : JSON.stringify(body)),
      cache: 'no-store',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    }),
  );
}

/** The connection may break before the answer, or in the middle of it. */
async function readable<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch {
    throw new RequestError(unavailable(0));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unavailable = (status: number): Problem => ({
  type: 'about:blank',
  title: 'Unavailable',
  status,
  detail: '',
  code: 'unavailable',
});
