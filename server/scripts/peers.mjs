import { existsSync } from 'node:fs';
import process from 'node:process';

/**
 * Installs, from Debian, the telephones, browsers and TURN server that Perch is tried with besides its own pages, and what gives a browser a network
 * of its own. Where that cannot be
 * done, the tests that need them are skipped with a sentence.
 *
 * @param {(command: string, args: string[], options: { env: Record<string, string> }) => Promise<boolean>} run returns whether
 *   it succeeded
 */
export async function installPeers(run) {
  const { baresipPath, coturnPath, firefoxPath, ipPath, iptablesPath } =
    await import('../../client/tests/support/programs.ts');
  const missing = [
    ...(baresipPath === undefined ? ['baresip-core'] : []),
    ...(firefoxPath === undefined ? ['firefox-esr'] : []),
    ...(coturnPath === undefined ? ['coturn'] : []),
    ...(ipPath === undefined ? ['iproute2'] : []),
    ...(iptablesPath === undefined ? ['iptables'] : []),
  ];
  const debian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
  if (missing.length === 0 || !debian || !(await run('apt-get', ['update', '-q'], quiet))) return;
  for (const name of missing) {
    await run('apt-get', ['install', '-yq', '--no-install-recommends', name], quiet);
  }
}
