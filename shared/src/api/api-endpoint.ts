import type * as z from 'zod/mini';
import type { Action } from '../management/rights.ts';

/** Who may call an endpoint: anyone, an enrolled terminal (Bearer), or a person whose role may do this: signed in (cookie), or
 * by a token that they have made for scripts (Bearer). */
export type Access = 'anyone' | 'terminal' | Action;

/** A sound in the body of a request or of an answer, instead of JSON. */
export interface SoundBody {
  /** Octets at most. */
  readonly most: number;
}

/** One operation of the JSON API: the server registers it, the client calls it, OpenAPI describes it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:number`, `:message`, `:enrolment`, `:person`, `:session`, `:apiToken`, `:subject`, `:webhook`, `:delivery` or `:ladder` where the operation is about one extension, message, browser or link, person, session, token for scripts, person about whom something is held, webhook and message to it, or call whose SIP messages are kept. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  /** Is each request noted in the audit? Otherwise those with which people change something are. */
  readonly audited?: boolean;
  /** What may stand behind the `?`. */
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** Octets of its body at most, where it may be longer than others. */
  readonly most?: number;
  /** The body is a sound file (`audio/*` or `application/octet-stream`). */
  readonly upload?: SoundBody;
  /** Left out where success is 204. */
  readonly response?: z.ZodMiniType;
  /** The response has a list of any length, which is made while it is sent: what each line of it is. */
  readonly lines?: z.ZodMiniType;
  /** Success, and every refusal, is a redirect (303): browsers go there by themselves. */
  readonly redirect?: true;
  /** Success is a table as a file (`text/csv`, RFC 4180). */
  readonly csv?: true;
  /** Success is a text as a file (`text/plain`). */
  readonly text?: true;
  /** Success is an archive of files (`application/zip`). */
  readonly archive?: true;
  /** Success is an Ogg Opus file (`audio/ogg`, RFC 7845), never to be stored by the browser. */
  readonly sound?: true;
}
