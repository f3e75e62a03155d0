import { expect, onTestFinished, test } from 'vitest';
import { Arrivals } from '../support/test-peer.ts';
import { UdpPort } from './udp-port.ts';
import type { Peer } from './udp-port.ts';

async function open(number = 0) {
  const port = await UdpPort.open(number);
  onTestFinished(() => port.close());
  const datagrams = new Arrivals<{ text: string; from: Peer }>();
  port.listen((datagram, { address, port: from }) =>
    datagrams.add({ text: datagram.toString(), from: { address, port: from } }),
  );
  return { port, datagrams };
}

test.for(['127.0.0.1', '::1'])('one number serves both families: %s', async (address) => {
  const here = await open();
  const there = await open();
  here.port.send(Buffer.from('hello'), { address, port: there.port.number });
  expect(await there.datagrams.next()).toEqual({ text: 'hello', from: { address, port: here.port.number } });
});

test('a number that is taken is refused', async () => {
  const { port } = await open();
  await expect(UdpPort.open(port.number)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a datagram that cannot be sent is counted and does no harm', async () => {
  const { port, datagrams } = await open();
  const itself = { address: '127.0.0.1', port: port.number };
  port.send(Buffer.alloc(70_000), itself); // larger than any datagram: the system says so later
  port.send(Buffer.from('nowhere'), { ...itself, port: 0 });
  port.send(Buffer.from('still here'), itself);
  expect(await datagrams.next()).toMatchObject({ text: 'still here' });
  await expect.poll(() => port.failures).toBe(2);

  await port.close();
  await port.close();
  port.send(Buffer.from('too late'), itself);
  expect(port.failures).toBe(3);
});
