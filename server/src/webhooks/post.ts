import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ForbiddenAddress, guardedLookup } from '../network/public-address.ts';
import type { Clock } from '../world/clock.ts';
import type { Post, Posted } from './ports.ts';
import { type Allows, mayReach, NOT_REACHED, refusalOf } from './targets.ts';

/** How long an answer may take, from the look-up of the name on (milliseconds). */
const TIMEOUT_MS = 10_000;
/** Octets of an answer that are kept. */
const MOST_OF_ANSWER = 1_024;

/** Posts over HTTP, a connection a message. Redirects are not followed: the next address is somebody else's word. */
export const postOver =
  (allows: Allows | undefined, clock: Clock): Post =>
  (url, headers, body, stop) =>
    new Promise((resolve) => {
      const refused = refusalOf(url, allows);
      if (refused !== undefined) return resolve({ kind: 'failed', why: refused });
      const isPlain = url.protocol === 'http:';
      const request = (isPlain ? httpRequest : httpsRequest)(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: false,
        lookup: guardedLookup(mayReach(allows, isPlain)),
      });
      const end = (posted: Posted): void => {
        cancel();
        stop.removeEventListener('abort', abort);
        request.destroy();
        resolve(posted);
      };
      const fail = (why: string): void => end({ kind: 'failed', why });
      const abort = (): void => fail('The server was stopped.');
      const cancel = clock.after(TIMEOUT_MS, () => fail('There was no answer within 10 seconds.'));
      stop.addEventListener('abort', abort);
      request.on('error', (error) => fail(wordsOf(error)));
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        let answer = Buffer.alloc(0);
        const done = (): void => end({ kind: 'answered', status, answer: textOf(answer) });
        response.on('data', (octets: Buffer) => {
          answer = Buffer.concat([answer, octets]).subarray(0, MOST_OF_ANSWER);
          if (answer.length === MOST_OF_ANSWER) done();
        });
        response.on('end', done);
        response.on('error', (error) => fail(wordsOf(error)));
      });
      request.end(body);
    });

/** What people can read of it. */
const textOf = (answer: Buffer): string =>
  answer
    .toString('utf8')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();

function wordsOf(error: Error): string {
  if (error instanceof ForbiddenAddress) return NOT_REACHED;
  if (error instanceof ForbiddenAddress) return NOT_REACHED;
  const { code = '' } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? error.message;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no server of that name.',
  EAI_AGAIN: 'The name could not be looked up.',
  ECONNREFUSED: 'Nothing answers at that address.',
  ECONNRESET: 'The connection was closed before there was an answer.',
  EHOSTUNREACH: 'That address cannot be reached.',
  ENETUNREACH: 'That address cannot be reached.',
  ETIMEDOUT: 'That address cannot be reached.',
};
