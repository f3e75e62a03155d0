import type { DemoOrder } from '../command-line/order.ts';
import { configOf } from '../config/config.ts';
import { runAsProcess } from '../process.ts';
import { startServer } from '../server.ts';
import { systemWorld } from '../world/world.ts';
import { furnish } from './furnish.ts';
import { invitationOf } from './invitation.ts';
import { passwordsOf } from './passwords.ts';
import { tableOf } from './table.ts';

/** Runs a Perch that holds the demo's organization. */
export const runDemo = ({ json, lan: wish }: DemoOrder): Promise<void> =>
  runAsProcess(async () => {
    const environment = { ...process.env, PERCH_DATA: process.env['PERCH_DATA'] || 'data/demo' };
    const lan = wish && (await (await import('./lan.ts')).onLan(environment, wish.address, systemWorld));
    const config = lan?.config ?? configOf(environment);
    const server = await startServer(config);
    const demo = await furnish(
      server.management,
      server.url,
      passwordsOf(config.dataFolder, systemWorld.chance),
    );
    process.stdout.write(json ? `${JSON.stringify(demo)}\n` : tableOf(demo));
    if (lan && !json) process.stdout.write(invitationOf(demo, lan));
    return server;
  });
