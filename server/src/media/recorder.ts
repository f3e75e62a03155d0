import type { MediaClock } from './clock.ts';
import type { MediaEndpoint } from './endpoint.ts';

export interface RecorderOptions {
  readonly endpoint: MediaEndpoint;
  readonly clock: MediaClock;
  /** The file's next octets: whole pages, after the head (`oggOpusHead`), which is not written here. */
  readonly write: (octets: Uint8Array) => void;
  /** It ends itself after this long. */
  readonly longestMs: number;
  /** It ends itself after this long without anybody being heard. */
  readonly silenceMs: number;
  /** It has ended itself: nothing more is recorded. Not called after `stop`, and `stop` is still to be called. */
  readonly ended: (why: 'silence' | 'longest') => void;
}

export interface Recorded {
  readonly durationMs: number;
  /** Time in which somebody was heard. */
  readonly soundMs: number;
}

/** Records what an endpoint hears, from its making on, as Ogg Opus. */
export class Recorder {
  constructor(options: RecorderOptions) {
    throw new Error(`not built: ${options.longestMs}`);
  }

  /** Writes the last page, if that has not happened yet, and gives the figures. */
  stop(): Recorded {
    throw new Error('not built');
  }
}
