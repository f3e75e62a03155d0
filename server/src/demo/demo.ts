import type { DemoOrder } from '../command-line/order.ts';
import { configOf } from '../config/config.ts';
import { runAsProcess } from '../process.ts';
import { startServer } from '../server.ts';
import { systemChance } from '../world/system-chance.ts';
import { furnish } from './furnish.ts';
import { passwordsOf } from './passwords.ts';
import { tableOf } from './table.ts';

/** Runs a Perch that holds the demo's organization. */
export const runDemo = ({ json }: DemoOrder): Promise<void> =>
  runAsProcess(async () => {
    const { PERCH_DATA } = process.env;
    const config = configOf({ ...process.env, PERCH_DATA: PERCH_DATA || 'data/demo' });
    const server = await startServer(config);
    const demo = await furnish(server.management, server.url, passwordsOf(config.dataFolder, systemChance));
    process.stdout.write(json ? `${JSON.stringify(demo)}\n` : tableOf(demo));
    return server;
  });
