import { configOf } from './config/config.ts';
import { runAsProcess } from './process.ts';
import { startServer } from './server.ts';

/** Runs Perch as the environment says. */
export const serve = (): Promise<void> =>
  runAsProcess(async () => {
    const server = await startServer(configOf(process.env));
    process.stdout.write(`Perch listens on ${server.url}\n`);
    const setupLink = server.setupLink();
    if (setupLink) {
      process.stdout.write(
        `Nobody is in charge yet. Open this link once, to create your organization:\n  ${setupLink}\n`,
      );
    }
    return server;
  });
