import { availableParallelism } from 'node:os';

/**
 * How V8 is to run where it has no core beside that of the thread that has calls:
 *
 * - helper threads compete with the thread that waits for them: at 500 calls a second, young garbage stops everything for 30 ms instead of 10;
 * - young garbage is collected also while the old generation is marked, which takes long where there is much else to do. V8 would otherwise keep
 *   all that is made meanwhile, tens of megabytes in a flood, and copy it in one go: 70 to 150 ms;
 * - the young generation has 16 MiB at most, where it would take 64: its pauses are a quarter as long then. With 4 MiB they would be shorter still, but
 *   more calls are in the middle of it each time, and a call costs a fifth more;
 * - the old generation may grow to three times what is alive in it. V8 would let it have a tenth more after a quiet hour, and begins to mark it as soon as
 *   the room that is left is less than three young generations: in a flood at once and then again and again, which took a fifth of the core, and a pause of
 *   10 to 20 ms each time;
 * - one thread optimizes code, where V8 has four for that. While they have work, as in the first seconds of a flood, each takes the core for one to four
 *   milliseconds in turn with the thread that has calls: that one waits up to 16 ms then.
 */
const ONE_CORE = [
  '--single-threaded-gc',
  '--max-semi-space-size=16',
  '--no-separate-gc-phases',
  '--heap-growing-percent=200',
  '--v8-pool-size=1',
];

/**
 * Imported first, for its effect: where the process has one core only, it restarts, with the same process id, as is good there.
 * A parent that forked us would lose its channel.
 */
if (
  availableParallelism() === 1 &&
  !ONE_CORE.every((flag) => process.execArgv.includes(flag)) &&
  !process.send
) {
  // There is no execve on Windows.
  process.execve?.(
    process.execPath,
    [process.execPath, ...process.execArgv, ...ONE_CORE, ...process.argv.slice(1)],
    process.env,
  );
}
