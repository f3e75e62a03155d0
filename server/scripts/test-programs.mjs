import { existsSync } from 'node:fs';
import process from 'node:process';

/** @typedef {(command: string, args: string[], options: { env: Record<string, string>, aside: boolean, patient: boolean }) => Promise<boolean>} Run */

/** While other parts of the tests run: it takes the CPU time that they leave, and its output is shown in one piece. */
const QUIET = { env: { DEBIAN_FRONTEND: 'noninteractive' }, aside: true, patient: true };

/**
 * Finds the browser of the tests or installs it: Debian's packages where that can be done, else Playwright's own. With it come, from
 * Debian, the telephones, browsers and TURN server that Perch is tried with besides its own pages, and what gives a browser a network of
 * its own. Where one of these cannot be installed, the tests that need it are skipped with a sentence.
 *
 * @param {Run} run returns whether it succeeded
 * @returns {Promise<boolean>} whether there is a browser
 */
export async function installTestPrograms(run) {
  const { programOf, ...paths } = await import('../../client/tests/support/programs.ts');
  const { chromium } = await import('@playwright/test');
  const has = (/** @type {string[]} */ ...names) => programOf('PERCH_CHROMIUM', names) !== undefined;
  const hasBoth = has('chromium-headless-shell') && has('chromium', 'chromium-browser', 'google-chrome');
  const missing = [
    // Both, as Debian has them in one version only, and some tests want the one that shows windows.
    ...(hasBoth ? [] : ['chromium', 'chromium-headless-shell']),
    ...(paths.baresipPath === undefined ? ['baresip-core'] : []),
    ...(paths.firefoxPath === undefined ? ['firefox-esr'] : []),
    ...(paths.coturnPath === undefined ? ['coturn'] : []),
    ...(paths.ipPath === undefined ? ['iproute2'] : []),
    ...(paths.iptablesPath === undefined ? ['iptables'] : []),
  ];
  const debian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0 && debian && (await run('apt-get', ['update', '-q'], QUIET))) {
    const install = (/** @type {string[]} */ ...names) =>
      run('apt-get', ['install', '-yq', '--no-install-recommends', ...names], QUIET);
    // All in one go is half the work. If one of them cannot be had, then the others without it.
    if (!(await install(...missing))) for (const name of missing) await install(name);
  }
  return (
    has('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome') ||
    existsSync(chromium.executablePath()) ||
    run('npx', ['playwright', 'install', '--with-deps', 'chromium'], QUIET)
  );
}
