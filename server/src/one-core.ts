import { availableParallelism } from 'node:os';

/**
 * Imported first, for its effect: where the process has one core only, it begins anew (same process id) without V8's helper
 * threads. They would take turns with the one that waits for them: collecting young garbage at 500 calls a second then stops
 * everything for 30 ms instead of 10.
 */
const WITHOUT_HELPERS = '--single-threaded-gc';

// Whoever forked us would lose the channel to us.
if (availableParallelism() === 1 && !process.execArgv.includes(WITHOUT_HELPERS) && !process.send) {
  // There is no execve on Windows.
  process.execve?.(
    process.execPath,
    [process.execPath, ...process.execArgv, WITHOUT_HELPERS, ...process.argv.slice(1)],
    process.env,
  );
}
