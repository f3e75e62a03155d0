import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Misconfigured } from '../config/misconfigured.ts';
import { parseAddress } from '../network/address.ts';

/** An address outside of every network of the machine (RFC 5737 §3). Nothing is sent there. */
const ELSEWHERE = '198.51.100.1';

/** This machine's address on the interface of its default route; `undefined` where it has no such route. */
export async function routedAddress(): Promise<string | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.connect(9, ELSEWHERE);
    await once(socket, 'connect');
    return socket.address().address;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

/**
 * The address that links name.
 * @param own the addresses by which others reach this machine, the best one first.
 * @param routed the one of the default route.
 * @param wished the address that the user asked for.
 * @throws {Misconfigured} where the machine does not have the address asked for, or has none at all.
 */
export function lanAddress(
  own: readonly string[],
  routed: string | undefined,
  wished: string | undefined,
): string {
  const [first] = own;
  if (first === undefined)
    throw new Misconfigured('This machine is on no network. Connect it to one, or leave --lan out.');
  if (wished === undefined) return routed !== undefined && own.includes(routed) ? routed : first;
  const address = own.find((known) => parseAddress(known) === parseAddress(wished));
  if (address === undefined)
    throw new Misconfigured(
      `Others do not reach this machine at ${wished}. Its addresses are ${own.join(' and ')}.`,
    );
  return address;
}
