import { setInterval } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { OpusDecoder } from '../src/media/codec/opus-codec.ts';
import { TestPeer } from '../src/media/support/test-peer.ts';
import { levelAt } from '../src/media/support/tones.ts';
import { connectCall, type Dialog, dialogOf } from './call.ts';
import { stage } from './fixtures.ts';
import { PageClient } from './page-client.ts';
import type { SipClient } from './sip-client.ts';
import * as sip from './sip-message.ts';
import { connect, tone } from './spoken-message.ts';

const RATE = 48_000;
const FRAME_MS = 20;
/** How long everybody speaks, and how much of that is listened to in the end (milliseconds). */
const SPOKEN_MS = 2_000;
const HEARD_MS = 500;
/** The voice of each phone (Hz). */
const VOICES: Readonly<Record<string, number>> = { 101: 440, 102: 660, 103: 1_000 };

const on = stage();

/** A phone that takes a new session in place of the one that it has. */
async function reseatable(number: string): Promise<SipClient> {
  const client = await on.register(number);
  const { contact, instance } = client.identity;
  await client.register({
    contact: `${contact};reg-id=1;+sip.instance="<urn:uuid:${instance}>";+perch.reseat`,
  });
  return client;
}

/** One phone in a conference: its new dialog and its sound. */
interface Seated {
  readonly dialog: Dialog;
  readonly peer: TestPeer;
  readonly callId: string;
}

/** Takes the new session that Perch offers. */
async function takeSeat(client: SipClient): Promise<Seated> {
  const invite = await client.request('INVITE');
  expect(sip.field(invite, 'Replaces')).not.toBe('');
  const peer = await TestPeer.open();
  const toTag = client.token();
  client.respond(invite, '200 OK', { toTag, body: peer.answer(invite.body) });
  await client.request('ACK');
  await connect(peer);
  return { dialog: dialogOf(client, invite, toTag), peer, callId: sip.field(invite, 'Perch-Call-ID') };
}

/** Everyone speaks at once; the voices that each of them hears in the end, loud enough. */
async function voicesHeard(peers: ReadonlyMap<string, TestPeer>): Promise<Record<string, string[]>> {
  const speaking = [...peers].map(([number, peer]) => ({
    peer,
    frames: tone(VOICES[number] ?? 0, SPOKEN_MS),
  }));
  const heard = new Map([...peers.keys()].map((number) => [number, [] as Int16Array[]]));
  const listening = [...peers].map(async ([number, peer]) => {
    const decoder = new OpusDecoder(RATE);
    const ear = heard.get(number) ?? [];
    while (ear.length < (SPOKEN_MS - 200) / FRAME_MS)
      ear.push(decoder.decode((await peer.rtp.next()).payload));
    decoder.close();
  });
  for await (const _ of setInterval(FRAME_MS)) {
    const spoken = speaking.map(({ peer, frames }) => {
      const { done, value } = frames.next();
      if (!done) peer.sendRtp(value);
      return done;
    });
    if (spoken.some((done) => done)) break;
  }
  await Promise.all(listening);
  return Object.fromEntries(
    [...heard].map(([number, frames]) => {
      const samples = Int16Array.from(frames.slice(-HEARD_MS / FRAME_MS).flatMap((frame) => [...frame]));
      const voices = Object.entries(VOICES).filter(([, hertz]) => levelAt(hertz, samples, RATE) > -30);
      return [number, voices.map(([voice]) => voice)];
    }),
  );
}

test('two calls become a conference: each hears the two others and not itself, one leaves, and the last is hung up', async () => {
  const page = await PageClient.open(on.server.line('101').url);
  const [ada, ben, chloe] = [await reseatable('101'), await reseatable('102'), await reseatable('103')];
  await connectCall(ada, ben);
  await connectCall(ada, chloe);
  const talking = await page.next(
    'two calls',
    ({ calls }) => calls?.length === 2 && calls.every(({ state }) => state === 'talking'),
  );
  const ids = talking.calls?.map(({ id }) => id) ?? [];
  const response = await fetch(`${new URL(on.server.line('101').url).origin}/api/terminal/conference`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${page.token}` },
    body: JSON.stringify({ calls: ids }),
  });
  expect(response.status).toBe(204);
  const seated = await Promise.all([takeSeat(ada), takeSeat(ben), takeSeat(chloe)]);
  const [adas, bens, chloes] = seated;
  expect([adas.callId, chloes.callId]).toEqual(ids);
  // Ada had two legs, the others one: all of these are hung up.
  for (const client of [ada, ada, ben, chloe])
    expect((await client.request('BYE')).startLine).toMatch(/^BYE/);

  const all = new Map(seated.map(({ peer }, at) => [['101', '102', '103'][at] ?? '', peer]));
  expect(await voicesHeard(all)).toEqual({ 101: ['102', '103'], 102: ['101', '103'], 103: ['101', '102'] });

  await adas.dialog.request('BYE');
  const rest = new Map([...all].slice(1));
  expect(await voicesHeard(rest)).toEqual({ 102: ['103'], 103: ['102'] });

  await bens.dialog.request('BYE');
  expect(sip.field(await chloe.request('BYE'), 'Call-ID')).toBe(chloes.dialog.callId);
  for (const { peer } of seated) peer.close();
  page.close();
}, 60_000);
