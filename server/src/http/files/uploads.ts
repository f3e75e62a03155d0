import type { SoundBody, TerminalId } from '@perch/shared';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { PortionedWork } from '../../collections/portioned-work.ts';
import { readInTurns } from '../../network/bodies.ts';
import { Refusal } from '../../management/refusal.ts';
import { sendProblem } from '../problems.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Where large bodies wait for their turn. */
    readonly later: PortionedWork;
  }
}

/**
 * In this scope a body is a sound file, whole and in memory, and nothing else is accepted, in particular nothing that a
 * form of another site could send.
 */
export function takeSounds(scope: FastifyInstance, { most }: SoundBody): void {
  scope.removeAllContentTypeParsers();
  scope.addHook('preParsing', (_request, _reply, body, done) => {
    readInTurns(body, scope.later);
    done(null, body);
  });
  for (const type of [/^audio\//, 'application/octet-stream'])
    scope.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: most }, (_request, body, done) =>
      done(null, body),
    );
  scope.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error.statusCode === 413)
      return sendProblem(reply, new Refusal('file-too-large', `A file has at most ${most >> 20} MB here.`));
    if (error.statusCode === 415)
      return sendProblem(reply, new Refusal('wrong-file-type', 'Only a sound file is taken here.'));
    // Other errors are not about uploads: the handler outside this scope answers them.
    throw error;
  });
}

/** Uploads of all phones at a time: 128 MB of memory, where each is as large as a greeting may be. */
const MOST_UPLOADS = 8;

/** Uploads are held in memory, so each terminal may send one at a time, and all of them a few. */
export class UploadTurns {
  readonly #uploading = new Set<TerminalId>();

  /** The turn ends with the answer, or with the connection. */
  take(terminal: TerminalId, reply: FastifyReply): Refusal | undefined {
    if (this.#uploading.has(terminal))
      return new Refusal('too-many-requests', 'This phone is sending a file already.');
    if (this.#uploading.size >= MOST_UPLOADS)
      return new Refusal('too-many-requests', 'Other phones are sending files. Try again in a minute.');
    this.#uploading.add(terminal);
    reply.raw.once('close', () => this.#uploading.delete(terminal));
    return undefined;
  }
}
