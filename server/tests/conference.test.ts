import { setInterval } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { OpusDecoder } from '../src/media/codec/opus-codec.ts';
import type { TestPeer } from '../src/media/support/test-peer.ts';
import { levelAt } from '../src/media/support/tones.ts';
import { connectCall } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import { reseatable, type Seated, takeSeat } from './support/seated-phone.ts';
import type { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';
import { tone } from './support/spoken-message.ts';

const RATE = 48_000;
const FRAME_MS = 20;
/** How long everybody speaks, and how much of that is listened to in the end (milliseconds). */
const SPOKEN_MS = 2_000;
const HEARD_MS = 500;
/** The voice of each phone (Hz). */
const VOICES: Readonly<Record<string, number>> = { 101: 440, 102: 660, 103: 1_000 };

const on = stage();

/** What a phone hears, from the moment it is connected. */
class Ear {
  readonly frames: Int16Array[] = [];
  readonly #decoder = new OpusDecoder(RATE);

  constructor({ rtp }: TestPeer) {
    void this.#listen(rtp);
  }

  /** The voices in what it has heard last, loud enough. */
  get voices(): string[] {
    const samples = Int16Array.from(this.frames.slice(-HEARD_MS / FRAME_MS).flatMap((frame) => [...frame]));
    return Object.keys(VOICES).filter((voice) => levelAt(VOICES[voice] ?? 0, samples, RATE) > -30);
  }

  async #listen(rtp: TestPeer['rtp']): Promise<void> {
    for (;;) this.frames.push(this.#decoder.decode((await rtp.next()).payload));
  }
}

/** Those phones speak at once; which voices each of them hears in the end. */
async function voicesHeard(
  seated: readonly (Seated & { readonly ear: Ear })[],
): Promise<readonly string[][]> {
  const speaking = seated.map(({ peer, number }) => ({ peer, frames: tone(VOICES[number] ?? 0, SPOKEN_MS) }));
  for await (const _ of setInterval(FRAME_MS)) {
    const packets = speaking.map(({ peer, frames }) => ({ peer, next: frames.next() }));
    for (const { peer, next } of packets) if (!next.done) peer.sendRtp(next.value);
    if (packets.some(({ next }) => next.done)) break;
  }
  return seated.map(({ ear }) => ear.voices);
}

/** The phone is hung up, and says so: it would hear of it once more after a restart. */
async function hungUp(client: SipClient): Promise<sip.Message> {
  const bye = await client.request('BYE');
  client.respond(bye, '200 OK');
  return bye;
}

test('two calls become a conference: each hears the two others and not itself, after kill -9, too; one leaves, and the last is hung up', async () => {
  const page = await PageClient.open(on.server.line('101').url);
  const [ada, ben, chloe] = [
    await reseatable(on, '101'),
    await reseatable(on, '102'),
    await reseatable(on, '103'),
  ];
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
  expect([seated[0].callId, seated[2].callId]).toEqual(ids);
  // Ada had two legs, the others one: all of these are hung up.
  for (const client of [ada, ada, ben, chloe]) await hungUp(client);

  const everybody: readonly string[][] = [
    ['102', '103'],
    ['101', '103'],
    ['101', '102'],
  ];
  const listening = (seats: readonly Seated[]) => seats.map((each) => ({ ...each, ear: new Ear(each.peer) }));
  expect(await voicesHeard(listening(seated))).toEqual(everybody);

  await on.server.kill();
  await on.server.startAgain();
  const phones: SipClient[] = [];
  for (const { user, identity } of [ada, ben, chloe]) phones.push(await reseatable(on, user, identity));
  const [adaAgain, benAgain, chloeAgain] = phones as [SipClient, SipClient, SipClient];
  const [adas, bens, chloes] = await Promise.all([
    takeSeat(adaAgain),
    takeSeat(benAgain),
    takeSeat(chloeAgain),
  ]);
  expect([adas.callId, bens.callId, chloes.callId]).toEqual(seated.map(({ callId }) => callId));
  for (const client of phones) await hungUp(client);
  const all = listening([adas, bens, chloes]);
  // The sound of a server that has just started may take longer than one goes on speaking.
  await expect.poll(() => voicesHeard(all)).toEqual(everybody);

  await adas.dialog.request('BYE');
  expect(await voicesHeard(all.slice(1))).toEqual([['103'], ['102']]);

  await bens.dialog.request('BYE');
  expect(sip.field(await hungUp(chloeAgain), 'Call-ID')).toBe(chloes.dialog.callId);
  for (const { peer } of [...seated, ...all]) peer.close();
  page.close();
}, 60_000);
