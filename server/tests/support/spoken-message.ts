import { setInterval } from 'node:timers/promises';
import { OpusEncoder } from '../../src/media/codec/opus-codec.ts';
import { TestPeer } from '../../src/media/support/test-peer.ts';
import { Call, type Dialog } from './call.ts';
import type { SipClient } from './sip-client.ts';

const RATE = 48_000;
const FRAME_MS = 20;
const FRAME_SAMPLES = (RATE * FRAME_MS) / 1000;
const AMPLITUDE = 0.4 * 0x7fff;
/** How long a message is (milliseconds): more than the second that is the least for a message. */
const SPOKEN_MS = 2_500;
/** How often connectivity is checked until it is there (RFC 8445 §14, milliseconds). */
const CHECK_MS = 50;

/** Speaks to the mailbox that answers, with a voice of that frequency, once the greeting is skipped. */
async function speakTo(
  caller: SipClient,
  number: string,
  hertz: number,
): Promise<{ dialog: Dialog; peer: TestPeer }> {
  const peer = await TestPeer.open();
  const call = new Call(caller, number, { body: peer.offer() });
  const answer = await call.response(200);
  const dialog = await call.answered(answer);
  peer.accept(answer.body);
  await connect(peer);
  await skipAndSpeak(dialog, peer, hertz);
  return { dialog, peer };
}

/** Skips the greeting that is being heard, and speaks with a voice of that frequency. */
export async function skipAndSpeak(dialog: Dialog, peer: TestPeer, hertz: number): Promise<void> {
  await dialog.request('INFO', { fields: ['Content-Type: application/dtmf-relay'], body: 'Signal=#\r\n' });
  const frames = tone(hertz);
  for await (const _ of setInterval(FRAME_MS)) {
    const { done, value } = frames.next();
    if (done) break;
    peer.sendRtp(value);
  }
}

/** Leaves a message, and hangs up. */
export async function leaveMessage(caller: SipClient, number: string, hertz: number): Promise<void> {
  const { dialog, peer } = await speakTo(caller, number, hertz);
  await dialog.request('BYE');
  peer.close();
}

/** Checks connectivity until its sound is connected. */
export async function connect(peer: TestPeer): Promise<void> {
  const connected = peer.connected.next().then(() => true);
  for await (const _ of setInterval(CHECK_MS)) {
    peer.check();
    if (await Promise.race([connected, Promise.resolve(false)])) return;
  }
}

/** Packets of a tone, one for every 20 ms. */
export function* tone(
  hertz: number,
  lastsMs = SPOKEN_MS,
): Generator<{ timestamp: number; payload: Buffer }, undefined> {
  const encoder = new OpusEncoder(RATE, 32_000, 5);
  try {
    for (let timestamp = 0; timestamp < (lastsMs * RATE) / 1000; timestamp += FRAME_SAMPLES) {
      const samples = Int16Array.from({ length: FRAME_SAMPLES }, (_, n) =>
        Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hertz * (timestamp + n)) / RATE)),
      );
      yield { timestamp, payload: Buffer.from(encoder.encode(samples)) };
    }
  } finally {
    encoder.close();
  }
}
