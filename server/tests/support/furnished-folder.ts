/** Makes PERCH_DATA, which is empty, the demo's data folder, and ends. What is listened at meanwhile does not matter. */
import { configOf } from '../../src/config/config.ts';
import { furnish } from '../../src/demo/furnish.ts';
import { passwordsOf } from '../../src/demo/passwords.ts';
import { startServer, THIS_MACHINE } from '../../src/server.ts';
import { unusedPort } from './demo-server.ts';

const config = configOf({ ...process.env, PERCH_PORT: String(await unusedPort()) });
const server = await startServer(config);
await furnish(server.management, server.url, passwordsOf(config.dataFolder, THIS_MACHINE.chance));
await server.stop();
process.exit(0);
