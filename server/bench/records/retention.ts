import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { KEPT_FOR_EVER } from '@perch/shared';
import { Nightly } from '../../src/retention/nightly.ts';
import type { OldThings } from '../../src/retention/ports.ts';
import { openStorage } from '../../src/storage/sqlite/open-storage.ts';
import type { Clock } from '../../src/world/clock.ts';
import { systemWorld } from '../../src/world/world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How often the event loop is looked at (milliseconds): a stall is what a look comes later than that. */
const LOOK_MS = 1;

/** How a night went in which nearly everything was too old. */
export interface RetentionFigures {
  readonly deleted: Readonly<Record<keyof OldThings, number>>;
  /** Without the pauses between steps. */
  readonly seconds: number;
  /** How long the thread that has the calls did nothing else, at the longest and in 99 of 100 looks (milliseconds). */
  readonly longestStallMs: number;
  readonly p99StallMs: number;
}

/** Deletes what is older than a day from a copy of a folder, as each night does. */
export async function measureRetention(folder: string): Promise<RetentionFigures> {
  const copy = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  for (const file of await readdir(folder))
    if (/\.db(-wal)?$/.test(file)) await copyFile(join(folder, file), join(copy, file));
  const storage = await openStorage(copy, systemWorld, (file, error) => {
    throw new Error(`the bench's ${file} cannot be used`, { cause: error });
  });
  // Timers and threads of the product keep no process alive.
  const awake = setInterval(() => undefined, HOUR_MS);
  const stalls = monitorEventLoopDelay({ resolution: LOOK_MS });
  try {
    const { promise, resolve, reject } = Promise.withResolvers<RetentionFigures['deleted']>();
    const begun = performance.now();
    stalls.enable();
    const nightly = new Nightly(
      {
        keepings: async () =>
          (await storage.organizations.all()).map(({ id }) => ({
            ...{ organization: id, timeZone: 'UTC' },
            retention: { ...KEPT_FOR_EVER, recordDays: 1, auditDays: 1 },
          })),
        oldThings: (of) => storage.oldThings(of),
        deleted: async (_, what) => resolve(what),
        failed: reject,
      },
      hurried(systemWorld.clock),
    );
    const deleted = await promise;
    stalls.disable();
    const seconds = (performance.now() - begun) / 1_000;
    await nightly.close();
    return {
      ...{ deleted, seconds },
      longestStallMs: stalls.max / 1e6 - LOOK_MS,
      p99StallMs: stalls.percentile(99) / 1e6 - LOOK_MS,
    };
  } finally {
    clearInterval(awake);
    await storage.close();
    await rm(copy, { recursive: true });
  }
}

/** It is night, and pauses are as short as can be; an hour never passes but the first. */
function hurried(clock: Clock): Clock {
  const night = Math.floor(clock.now() / DAY_MS) * DAY_MS + DAY_MS - HOUR_MS;
  let hours = 0;
  return {
    now: () => night,
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => (ms >= HOUR_MS && hours++ > 0 ? () => undefined : clock.after(0, callback)),
  };
}
