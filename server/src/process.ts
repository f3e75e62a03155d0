import { isatty } from 'node:tty';
import { Misconfigured } from './config/misconfigured.ts';
import { UnusableData } from './storage/unusable-data.ts';

/** How long stopping may take before the process ends all the same (milliseconds). */
const STOP_WITHIN_MS = 5_000;

interface Running {
  stop(): Promise<void>;
  /** Loads the files that have been replaced on the disk. */
  reload(): void;
  /** Reports an uncaught error of ours. */
  failed(error: unknown): void;
}

/** Runs a server as this process: until a signal ends it, or a sentence on standard error says why it cannot start. */
export async function runAsProcess(start: () => Promise<Running>): Promise<void> {
  let reload = (): void => undefined;
  // There, SIGHUP says that the terminal was closed: nobody would see that Perch still runs.
  const endsOnHangup = isatty(0);
  // Before anything else: without a handler the signal would end the process.
  if (!endsOnHangup) process.on('SIGHUP', () => reload());
  try {
    const server = await start();
    reload = () => server.reload();
    // An error that one peer or call causes must not end all other calls: each change is complete or has not happened, so
    // that it is safe to go on; operators are alerted by the failure metric.
    process.on('uncaughtException', (error) => {
      server.failed(error);
    });
    for (const signal of ['SIGINT', 'SIGTERM', ...(endsOnHangup ? ['SIGHUP'] : [])]) {
      process.once(signal, () => {
        // eslint-disable-next-line no-restricted-globals -- the process must end even if the server's own clock stands still
        setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
        void server.stop().then(() => process.exit(0));
      });
    }
  } catch (error) {
    if (!(error instanceof Misconfigured || error instanceof UnusableData)) throw error;
    process.stderr.write(`${error.message}\n`);
    // Not `exitCode`: sockets and timers that are open already would keep the process alive.
    process.exit(1);
  }
}
