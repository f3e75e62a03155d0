import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { UnreadableSound } from '../ogg/ogg-opus.ts';
import type { SoundOrder, SoundOutcome } from './sound-foreman.ts';
import type { SoundJob } from './sound-job.ts';
import type { SoundAnswer } from './sound-worker.ts';

interface WorkshopOptions {
  /** Jobs that wait their turn; more are refused. */
  readonly mostWaiting: number;
  /** A job that takes longer is ended. */
  readonly limitMs: number;
}

/** Does jobs one at a time, each in a thread of its own that ends with it, so that a hostile file leaves nothing behind. */
export class SoundWorkshop {
  readonly #options: WorkshopOptions;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: WorkshopOptions) {
    this.#options = options;
  }

  /** Rejects with `UnreadableSound`, whose message is a sentence for people. */
  async run(job: SoundJob): Promise<readonly Uint8Array[]> {
    if (this.#waiting > this.#options.mostWaiting)
      throw new UnreadableSound('Too many sounds are being made ready at the moment. Please try again soon.');
    this.#waiting++;
    const done = this.#last.then(() => runInThread(job, this.#options.limitMs));
    this.#last = done.catch(() => undefined).finally(() => this.#waiting--);
    return done;
  }
}

/** Starts the threads of all jobs, whose calls for it are rare: it is there from the first one on, and keeps no process alive. */
let foreman: Worker | undefined;

function theForeman(): Worker {
  if (foreman !== undefined) return foreman;
  const started = new Worker(new URL('./sound-foreman.ts', import.meta.url));
  started.once('exit', () => (foreman = undefined));
  // Jobs that it had see their ports closed.
  started.on('error', () => undefined);
  started.unref();
  return (foreman = started);
}

async function runInThread(job: SoundJob, limitMs: number): Promise<readonly Uint8Array[]> {
  // Only the file goes to the thread, not the rest of its buffer. `Uint8Array.from` would take it octet by octet, while all calls wait.
  const file = new Uint8Array(job.file);
  const { port1: port, port2 } = new MessageChannel();
  const order: SoundOrder = { job: { ...job, file }, port: port2 };
  theForeman().postMessage(order, [file.buffer, port2]);
  const ended = once(port, 'close');
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<readonly Uint8Array[]>((resolve, reject) => {
      const unreadable = (sentence: string): void => reject(new UnreadableSound(sentence));
      // eslint-disable-next-line no-restricted-globals -- real time of a thread, not time of the server's clock
      timer = setTimeout(() => unreadable('This file takes too long to read.'), limitMs);
      port.once('message', (outcome: SoundOutcome) => {
        if ('octets' in outcome) resolve(packetsOf(outcome));
        else if ('unreadable' in outcome) unreadable(outcome.unreadable);
        else if (outcome.isOutOfMemory) unreadable('This file is too large to read.');
        else reject(outcome.error);
      });
      void ended.then(() => reject(new Error('a sound worker ended without an answer')));
    });
  } finally {
    clearTimeout(timer);
    port.postMessage('end');
    await ended;
  }
}

function packetsOf({ octets, lengths }: Extract<SoundAnswer, { octets: Uint8Array }>): Uint8Array[] {
  let end = 0;
  return Array.from(lengths, (length) => octets.subarray(end, (end += length)));
}
