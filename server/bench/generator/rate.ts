import { performance } from 'node:perf_hooks';
import type { Percentiles, Throughput } from '../load.ts';
import type { ProcessorTime } from '../processor-time.ts';

const WARM_UP_MS = 500;
const WINDOW_MS = 1_200;
const DRAIN_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * How often `work` completes in a second, after a warm-up, when every worker starts again as soon as it is done (a closed loop), and what
 * each costs the server until it is at rest again. Throws when work fails, or is left without an answer at the end.
 */
export async function closedLoop(
  processor: ProcessorTime,
  workers: number,
  work: (worker: number) => Promise<unknown>,
): Promise<Throughput> {
  let completed = 0;
  let running = workers;
  let stopped = false;
  let failure: unknown;
  const cpuBefore = processor.read();
  for (let worker = 0; worker < workers; worker++) {
    void (async () => {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set while this one works
      while (!stopped) {
        await work(worker);
        completed++;
      }
      running--;
    })().catch((error: unknown) => {
      failure ??= error;
      stopped = true;
    });
  }
  await pause(WARM_UP_MS);
  const [completedBefore, start] = [completed, performance.now()];
  await pause(WINDOW_MS);
  const seconds = (performance.now() - start) / 1000;
  const perSecond = (completed - completedBefore) / seconds;
  stopped = true;
  for (let waited = 0; running > 0 && waited < DRAIN_MS && failure === undefined; waited += 50)
    await pause(50);
  if (failure !== undefined) throw failure as Error;
  if (running > 0)
    throw new Error(`${String(running)} of ${String(workers)} are still waiting for an answer`);
  return { perSecond, cpuMicroseconds: ((await processor.readAtRest()) - cpuBefore) / completed };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const percentiles = (values: readonly number[]): Percentiles => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
});
