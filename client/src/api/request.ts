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
/** What in a path is to be named. */
type Param =
  | 'number'
  | 'message'
  | 'enrolment'
  | 'person'
  | 'session'
  | 'apiToken'
  | 'subject'
  | 'webhook'
  | 'delivery';
type ParamsOf<E> = {
  readonly [
    Name in Param as E extends { readonly path: `${string}:${Name}${string}` } ? Name : never
  ]: string;
};
type QueryOf<E> = E extends { readonly query: infer Q extends z.ZodMiniType }
  ? { readonly query: z.input<Q> }
  : unknown;
type UploadOf<E> = E extends { readonly upload: SoundBody } ? { readonly upload: Blob } : unknown;
type TokenOf<E> = E extends { readonly access: 'terminal' } ? { readonly token: string } : unknown;
export type Arguments<E> = BodyOf<E> & QueryOf<E> & UploadOf<E> & ParamsOf<E> & TokenOf<E>;
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
interface Given extends Readonly<Partial<Record<Param, string>>> {
  readonly body?: unknown;
  readonly upload?: Blob;
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
  const response = await reach(endpoint, args, signal);
  if (sound && response.ok) return (await readable(response.blob())) as Answer<E>;
  const text = await readable(response.text());
  const content: unknown = text === '' ? undefined : parse(text);
  if (!response.ok) throw new RequestError(problem.safeParse(content).data ?? unavailable(response.status));
  return (schema === undefined ? undefined : schema.parse(content)) as Answer<E>;
}

async function reach(
  { method, path, sound }: Endpoint,
  given: Given,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const { body, upload, query, token } = given;
  const headers = new Headers({ Accept: sound ? 'audio/ogg, application/json' : 'application/json' });
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  // What a browser takes a file for depends on its system; the server looks at the octets.
  if (upload !== undefined) headers.set('Content-Type', 'application/octet-stream');
  else if (body !== undefined) headers.set('Content-Type', 'application/json');
  const limit = AbortSignal.timeout(sound || upload !== undefined ? SOUND_TIMEOUT_MS : TIMEOUT_MS);
  const address = path.replace(/:(\w+)/g, (_, name: Param) => encodeURIComponent(given[name] ?? ''));
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
