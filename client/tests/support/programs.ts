import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The program that the environment variable names, else the first of these on the PATH. */
export function programOf(variable: string, names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.env[variable] ?? files.find((file) => existsSync(file));
}

/** A telephone that is not ours, in the tests; Debian's package is `baresip-core`. */
export const baresipPath = programOf('PERCH_BARESIP', ['baresip']);

/** A browser whose media stack is not Chromium's. */
export const firefoxPath = programOf('PERCH_FIREFOX', ['firefox-esr', 'firefox']);

/** Gives a browser a network of its own; Debian's package is `iproute2`. */
export const ipPath = programOf('PERCH_IP', ['ip']);

/** Loses packets in it; Debian's package is `iptables`. */
export const iptablesPath = programOf('PERCH_IPTABLES', ['iptables']);

/** A TURN server; Debian's package is `coturn`. */
export const coturnPath = programOf('PERCH_COTURN', ['turnserver']);
