import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CERTIFICATE, KEY, OTHER_CERTIFICATE, OTHER_KEY } from '../src/config/support/certificate.ts';
import { connectCall } from './support/call.ts';
import { DemoServer } from './support/demo-server.ts';
import { sdp } from './support/sdp.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const STILL_FROM_BEFORE = 'New connections still get the certificate from before.';

let folder: string;
let server: DemoServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perch-renewal-'));
  put(CERTIFICATE, KEY);
  server = await DemoServer.start({ PERCH_TLS_CERT: file('cert.pem'), PERCH_TLS_KEY: file('key.pem') });
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const file = (name: string): string => join(folder, name);

/** Replaces the files, each at once. */
function put(certificate: string, key: string): void {
  for (const [name, content] of [
    ['key.pem', key],
    ['cert.pem', certificate],
  ] as const) {
    writeFileSync(file(`${name}.new`), content);
    renameSync(file(`${name}.new`), file(name));
  }
}

/** The name that a new connection is shown. */
async function shown(): Promise<unknown> {
  const { hostname: host, port } = new URL(server.organization.url);
  const socket = connect({ port: Number(port), host, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

const phone = (number: string): Promise<SipClient> =>
  SipClient.registered(server.organization, server.line(number), undefined, { trustsAnybody: true });

test('a call over wss goes on while the certificate is renewed, and while a pair is refused', async () => {
  expect(server.organization.sip.url).toMatch(/^wss:/);
  const [ada, ben] = [await phone('101'), await phone('102')];
  const [ours, theirs] = await connectCall(ada, ben);
  const directions: (string | undefined)[] = [];
  ben.onInvite = (offer) => {
    directions.push(/^a=(send\w+)/m.exec(offer.body)?.[1]);
    ben.respond(offer, '200 OK', { body: sdp('4') });
  };
  const offer = async (direction: string): Promise<void> => {
    const answer = await ours.request('INVITE', { body: sdp('3').replace('sendrecv', direction) });
    expect(sip.status(answer)).toBe(200);
    ours.acknowledge(Number.parseInt(sip.field(answer, 'CSeq')));
    await ben.request('ACK');
  };
  expect(await shown()).toBe('localhost');

  put(OTHER_CERTIFICATE, OTHER_KEY);
  process.kill(server.pid, 'SIGHUP');
  await expect.poll(shown).toBe('renewed.test');
  await offer('sendonly');

  put(CERTIFICATE, OTHER_KEY);
  process.kill(server.pid, 'SIGHUP');
  await expect.poll(() => server.printed).toContain(STILL_FROM_BEFORE);
  expect(await shown()).toBe('renewed.test');
  await offer('sendrecv');

  // Said once, however often it is looked at; and nothing but the files is looked at.
  process.kill(server.pid, 'SIGHUP');
  put(CERTIFICATE, KEY);
  process.kill(server.pid, 'SIGHUP');
  await expect.poll(shown).toBe('localhost');
  expect(server.printed.split(STILL_FROM_BEFORE)).toHaveLength(2);

  const chloe = await phone('103');
  const bye = theirs.request('BYE', { sequence: 9 });
  expect((await ada.request('BYE')).startLine).toMatch(/^BYE/);
  expect(sip.status(await bye)).toBe(200);
  expect(directions).toEqual(['sendonly', 'sendrecv']);
  for (const client of [ada, ben, chloe]) await client.leave();
}, 60_000);
