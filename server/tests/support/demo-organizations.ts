/**
 * `perch demo --json` that makes one more organization like the demo's for each line that it is sent, and prints it. Tests have one each and share the
 * server: its start costs more than most of them.
 */
import { createInterface } from 'node:readline';
import { overBytes } from '../../src/cluster/support/over-bytes.ts';
import { configOf } from '../../src/config/config.ts';
import { furnish } from '../../src/demo/furnish.ts';
import { ORGANIZATION } from '../../src/demo/organization.ts';
import { passwordsOf } from '../../src/demo/passwords.ts';
import { slowHash } from '../../src/management/slow-hash.ts';
import { runAsProcess } from '../../src/process.ts';
import { startServer, THIS_MACHINE } from '../../src/server.ts';

const isOverBytes = process.env['PERCH_TEST_BORDER'] === 'bytes';
const world = isOverBytes ? { ...THIS_MACHINE, border: overBytes } : THIS_MACHINE;

await runAsProcess(async () => {
  const config = configOf(process.env);
  const server = await startServer(config, world);
  const { management, url } = server;
  const passwordOf = passwordsOf(config.dataFolder, world.chance);
  const print = (made: object) => process.stdout.write(`${JSON.stringify(made)}\n`);
  print(await furnish(management, url, passwordOf));

  let count = 1;
  const another = async () => {
    const domain = `demo-${String(++count)}.perch.test`;
    const organization = { ...ORGANIZATION, domain, administratorEmail: `admin@${domain}` };
    const email = organization.administratorEmail;
    const passwordHash = await slowHash(passwordOf(email), world.chance);
    await management.organizations.create(organization, { email, passwordHash, roles: ['administrator'] });
    print(await furnish(management, url, passwordOf, organization));
  };
  createInterface({ input: process.stdin }).on('line', () => void another());
  return server;
});
