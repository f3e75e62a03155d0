import { configOf } from './config/config.ts';
import { Misconfigured } from './config/misconfigured.ts';
import { startServer } from './server.ts';
import { UnusableData } from './storage/database.ts';

/** How long calls being answered may take to finish when the process is asked to stop (milliseconds). */
const STOP_WITHIN_MS = 5_000;

try {
  const server = await startServer(configOf(process.env));
  process.stdout.write(`Perch listens on ${server.url}\n`);
  const setupLink = server.setupLink();
  if (setupLink) {
    process.stdout.write(
      `Nobody is in charge yet. Open this link once, to create your organization:\n  ${setupLink}\n`,
    );
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      void server.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  if (!(error instanceof Misconfigured || error instanceof UnusableData)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
