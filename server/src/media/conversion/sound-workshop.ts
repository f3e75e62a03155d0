import { Worker } from 'node:worker_threads';
import { UnreadableSound } from '../ogg/ogg-opus.ts';
import type { SoundJob } from './sound-job.ts';
import type { SoundAnswer } from './sound-worker.ts';

interface WorkshopOptions {
  /** Jobs that wait their turn; more are refused. */
  readonly mostWaiting: number;
  /** A job that takes longer is ended. */
  readonly limitMs: number;
}

/** What JavaScript may take in a worker, in MB; the decoders themselves have a fixed amount of memory each. */
const MEMORY_MB = 256;

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

async function runInThread(job: SoundJob, limitMs: number): Promise<readonly Uint8Array[]> {
  // Only the file goes to the thread, not the rest of its buffer. `Uint8Array.from` would take it octet by octet, while all calls wait.
  const file = new Uint8Array(job.file);
  const worker = new Worker(new URL('./sound-worker.ts', import.meta.url), {
    workerData: { ...job, file },
    transferList: [file.buffer],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    stdout: true, // what a library prints about a file does not belong in our log
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<readonly Uint8Array[]>((resolve, reject) => {
      const unreadable = (sentence: string): void => reject(new UnreadableSound(sentence));
      // eslint-disable-next-line no-restricted-globals -- real time of a thread, not time of the server's clock
      timer = setTimeout(() => unreadable('This file takes too long to read.'), limitMs);
      worker.once('message', (answer: SoundAnswer) => {
        if ('unreadable' in answer) unreadable(answer.unreadable);
        else resolve(packetsOf(answer));
      });
      worker.once('error', (error: Error) => {
        if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
          unreadable('This file is too large to read.');
        else reject(error);
      });
      worker.once('exit', () => reject(new Error('a sound worker ended without an answer')));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function packetsOf({ octets, lengths }: Extract<SoundAnswer, { octets: Uint8Array }>): Uint8Array[] {
  let end = 0;
  return Array.from(lengths, (length) => octets.subarray(end, (end += length)));
}
