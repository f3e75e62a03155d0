import { pino, type DestinationStream } from 'pino';

/** Octets of log lines that may wait to be written; lines beyond that are lost. */
const MOST_UNWRITTEN = 1024 * 1024;

/**
 * Where log lines go. A terminal that was closed, a full disk or a reader that has stalled loses the lines: to report the error
 * would be another line that cannot be written, and so on without end.
 */
export function logDestination(file: number): DestinationStream & NodeJS.EventEmitter {
  const destination = pino.destination({ dest: file, sync: false, maxLength: MOST_UNWRITTEN });
  destination.on('error', () => undefined);
  return destination;
}
