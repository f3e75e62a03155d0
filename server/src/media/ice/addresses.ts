import { networkInterfaces } from 'node:os';

const LINK_LOCAL = /^fe[89ab]/i;

/**
 * The addresses that browsers are told to reach this machine at, unless configured: its own, then loopback, for a browser on the
 * same machine. Link-local IPv6 addresses mean nothing elsewhere and are left out.
 */
export function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const usable = all.filter(({ address }) => !LINK_LOCAL.test(address));
  const rank = ({ internal, family }: (typeof all)[number]) =>
    (internal ? 2 : 0) + (family === 'IPv6' ? 1 : 0);
  return usable.sort((a, b) => rank(a) - rank(b)).map(({ address }) => address);
}
