import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { PortionedWork } from '../collections/portioned-work.ts';

/** Each piece of a body waits for its turn before the next one is read: calls come first, however fast the line is on which a file comes. */
export function readInTurns(body: Readable, later: PortionedWork): void {
  body.on('data', () => {
    body.pause();
    later.add(() => {
      body.resume();
      return false;
    });
  });
}

/**
 * What is left of a body once its request is answered, or refused, is read in turns, too. Node would read it in one go, megabytes in a turn of the event
 * loop, for as long as the peer sends. It cannot be left unread: the peer might then lose the answer.
 */
export function readRestInTurns(
  request: IncomingMessage,
  response: ServerResponse,
  later: PortionedWork,
): void {
  if (request.complete) return;
  // Before Node's own listener, which leaves a body alone that somebody reads.
  response.prependOnceListener('finish', () => {
    readInTurns(request, later);
    request.resume();
  });
}
