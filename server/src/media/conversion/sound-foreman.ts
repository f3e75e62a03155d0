/**
 * A thread that starts the threads of jobs. On Linux, a thread is born with the priority of the one that starts it: so everything that they do is done in the
 * time that calls leave, where they share one core; also that they start, which takes longer than most jobs.
 */
import { constants, setPriority } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { SoundJob } from './sound-job.ts';
import type { SoundAnswer } from './sound-worker.ts';

/** A job, and where its outcome is awaited. A message there ends its thread; the port is closed once that has ended. */
export interface SoundOrder {
  readonly job: SoundJob;
  readonly port: MessagePort;
}

export type SoundOutcome = SoundAnswer | { readonly error: Error; readonly isOutOfMemory: boolean };

/** What JavaScript may take in a worker, in MB; the decoders themselves have a fixed amount of memory each. */
const MEMORY_MB = 256;

// On Linux that is the thread's alone, elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

parentPort?.on('message', ({ job, port }: SoundOrder) => {
  const worker = new Worker(new URL('./sound-worker.ts', import.meta.url), {
    workerData: job,
    transferList: [job.file.buffer as ArrayBuffer],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    stdout: true, // what a library prints about a file does not belong in our log
    stderr: true,
  });
  const tell = (outcome: SoundOutcome, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(outcome, transfer);
  worker.once('message', (answer: SoundAnswer) =>
    tell(answer, 'octets' in answer ? [answer.octets.buffer as ArrayBuffer] : []),
  );
  worker.once('error', (error: Error) =>
    tell({ error, isOutOfMemory: 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' }),
  );
  worker.once('exit', () => port.close());
  port.once('message', () => void worker.terminate());
});
