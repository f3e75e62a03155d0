// `npm run audit`: asks the registry's advisory database about all that the lock file has.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { npmCommand, repository } from './npm-step.mjs';
import { reportOf } from './supply-chain/audit-report.ts';

const [command = 'npm', ...first] = npmCommand();
const { stdout } = spawnSync(command, [...first, 'audit', '--json', '--package-lock-only'], {
  cwd: repository,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
});
const { text, exitCode } = reportOf(stdout);
process.stdout.write(`${text}\n`);
process.exitCode = exitCode;
