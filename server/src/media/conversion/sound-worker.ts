/** A worker's thread: one job, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SoundJob } from './sound-job.ts';

/** Packets as two arrays, which move between threads without a copy of each packet; or the reason for the user why there are none. */
export type SoundAnswer =
  | { readonly octets: Uint8Array; readonly lengths: Uint16Array }
  | { readonly unreadable: string };

// Loading takes longer than most jobs.
const [{ runSoundJob }, { UnreadableSound }] = await Promise.all([
  import('./sound-job.ts'),
  import('../ogg/ogg-opus.ts'),
]);

try {
  const packets = await runSoundJob(workerData as SoundJob);
  const octets = new Uint8Array(Buffer.concat(packets));
  answer({ octets, lengths: Uint16Array.from(packets, ({ length }) => length) }, [octets.buffer]);
} catch (error) {
  if (!(error instanceof UnreadableSound)) throw error;
  answer({ unreadable: error.message });
}

function answer(message: SoundAnswer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
