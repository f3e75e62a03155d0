import { BlockList, isIP } from 'node:net';
import type { Variable } from './env.ts';
import { Misconfigured } from './misconfigured.ts';

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'],
};

/** PERCH_TRUST_PROXY, PERCH_PUSH_NETWORKS or PERCH_WEBHOOK_NETWORKS as a predicate on addresses. */
export function networksOf(
  variable: Extract<Variable, 'PERCH_TRUST_PROXY' | 'PERCH_PUSH_NETWORKS' | 'PERCH_WEBHOOK_NETWORKS'>,
  text: string | undefined,
): ((address: string) => boolean) | undefined {
  if (text === undefined) return undefined;
  const networks = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim()))
    for (const subnet of NAMED[entry] ?? [entry]) add(networks, variable, subnet);
  return (address) => {
    const family = isIP(address);
    return family !== 0 && networks.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(networks: BlockList, variable: Variable, entry: string): void {
  const [address = '', prefix] = entry.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (family === 0 || (prefix !== undefined && !/^\d+$/.test(prefix)) || length > bits)
    throw new Misconfigured(
      `${variable} has ${entry}; each is an address, a subnet such as 10.0.0.0/8, "loopback" or "private".`,
    );
  networks.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
}
