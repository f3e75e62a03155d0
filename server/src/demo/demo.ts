import type { DemoOrder } from '../command-line/order.ts';
import { configOf } from '../config/config.ts';
import { runAsProcess } from '../process.ts';
import { startServer, THIS_MACHINE } from '../server.ts';
import { furnish } from './furnish.ts';
import { invitationOf } from './invitation.ts';
import { passwordsOf } from './passwords.ts';
import { tableOf } from './table.ts';

/** Runs a Perch that holds the demo's organization. */
export const runDemo = ({ json, lan: wish }: DemoOrder, world = THIS_MACHINE): Promise<void> =>
  runAsProcess(async () => {
    const environment = { ...process.env, PERCH_DATA: process.env['PERCH_DATA'] || 'data/demo' };
    const lan = wish && (await (await import('./lan.ts')).onLan(environment, wish.address, world));
    const config = lan?.config ?? configOf(environment);
    const server = await startServer(config, world);
    const demo = await furnish(server.management, server.url, passwordsOf(config.dataFolder, world.chance));
    process.stdout.write(json ? `${JSON.stringify(demo)}\n` : tableOf(demo));
    if (lan && !json) process.stdout.write(invitationOf(demo, lan));
    return server;
  });
