/**
 * `npm run dev`: Vite's server for the pages, and behind it Perch, which starts again when its code changes. What is said on the command
 * line goes to Perch: `npm run dev -- demo`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Vite's plug-ins look for their files here.
process.chdir(pathOf('.'));
const vite = await createServer();
await vite.listen();
const [url = ''] = vite.resolvedUrls?.local ?? [];

const perch = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', pathOf('../server/bin/perch.mjs'), ...process.argv.slice(2)],
  {
    cwd: pathOf('..'),
    stdio: 'inherit',
    // The links that it prints lead to Vite's pages.
    env: { PERCH_PUBLIC_URL: new URL(url).origin, ...process.env },
  },
);
// Ctrl-C reaches both by itself, as they share a terminal; here it must not end this process before the other one.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => perch.kill('SIGTERM'));
await once(perch, 'exit');
await vite.close();
