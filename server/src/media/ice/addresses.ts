import { networkInterfaces } from 'node:os';

const LINK_LOCAL = /^fe[89ab]/i;

/** The addresses by which others reach this machine, IPv4 first. Link-local IPv6 addresses are useless elsewhere and are left out. */
export const outsideAddresses = (): string[] => addresses(false);

/**
 * The addresses that browsers are told to reach this machine at, unless configured: its own, then loopback, for a browser on the
 * same machine.
 */
export const machineAddresses = (): string[] => [...outsideAddresses(), ...addresses(true)];

function addresses(loopback: boolean): string[] {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const usable = all.filter(({ address, internal }) => internal === loopback && !LINK_LOCAL.test(address));
  return usable.sort((a, b) => a.family.localeCompare(b.family)).map(({ address }) => address);
}
