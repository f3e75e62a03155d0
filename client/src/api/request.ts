import { type api, problem, type Endpoint, type Problem, type ProblemCode } from '@perch/shared';
import type { z } from 'zod';

type Operations = typeof api;
export type Operation = Operations[keyof Operations];

type BodyOf<E> = E extends { readonly body: infer B extends z.ZodType }
  ? { readonly body: z.input<B> }
  : unknown;
type NumberOf<E> = E extends { readonly path: `${string}:number${string}` }
  ? { readonly number: string }
  : unknown;
type TokenOf<E> = E extends { readonly access: 'terminal' } ? { readonly token: string } : unknown;
export type Arguments<E> = BodyOf<E> & NumberOf<E> & TokenOf<E>;
export type Answer<E> = E extends { readonly response: infer R extends z.ZodType } ? z.output<R> : undefined;

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

/** Calls one operation of the API. Throws `RequestError` for every refusal (RFC 9457) and for no answer. */
export async function request<E extends Operation>(endpoint: E, args: Arguments<E>): Promise<Answer<E>> {
  const given = args as { body?: unknown; number?: string; token?: string };
  const response = await reach(endpoint, given);
  const text = await response.text();
  const content: unknown = text === '' ? undefined : parse(text);
  if (!response.ok) throw new RequestError(problem.safeParse(content).data ?? unavailable(response.status));
  const { response: schema } = endpoint as Endpoint;
  return (schema === undefined ? undefined : schema.parse(content)) as Answer<E>;
}

async function reach(
  { method, path }: Endpoint,
  { body, number, token }: { body?: unknown; number?: string; token?: string },
): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' });
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  try {
    return await fetch(path.replace(':number', encodeURIComponent(number ?? '')), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
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
