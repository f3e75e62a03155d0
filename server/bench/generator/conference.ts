import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { SILENT_PACKET } from '../../src/media/codec/opus-packet.ts';
import { readOggOpus } from '../../src/media/ogg/ogg-opus.ts';
import { TestPeer } from '../../src/media/support/test-peer.ts';
import type { Conference, Outcomes } from '../load.ts';
import { ProcessorTime } from '../processor-time.ts';
import { CHECK_MS, FRAME_MS, FRAME_UNITS, SPEECH } from './speech.ts';

/** Until the code is optimized, and the voices of the run before are over. */
const WARM_UP_MS = 3_000;
/** Of the packets that each should hear, those that may be missing at the edges of the measurement. */
const MISSING = 0.05;

/** One takes part, by ICE, DTLS and SRTP. */
async function join(port: number): Promise<TestPeer> {
  const peer = await TestPeer.open();
  const response = await fetch(`http://127.0.0.1:${String(port)}`, { method: 'POST', body: peer.offer() });
  peer.accept(await response.text());
  const checking = setInterval(() => peer.check(), CHECK_MS);
  await peer.connected.next();
  clearInterval(checking);
  return peer;
}

/** All take part at once; first one of them speaks, then all do, each another part of the same speech. */
export async function confer({
  pid,
  port,
  participants,
  seconds,
}: Conference): Promise<Outcomes['conference']> {
  const speech = readOggOpus(await readFile(SPEECH));
  const peers = await Promise.all(Array.from({ length: participants }, () => join(port)));
  const processor = new ProcessorTime(pid);
  let frame = 0;
  const talk = async (speakers: number, ms: number): Promise<void> => {
    const [start, first] = [performance.now(), frame];
    for (; (frame - first) * FRAME_MS < ms; frame++) {
      await pause(Math.max(0, start + (frame - first) * FRAME_MS - performance.now()));
      for (const [index, peer] of peers.entries()) {
        const words = speech[(frame + index * 30) % speech.length];
        const payload = index < speakers && words ? words : Buffer.from(SILENT_PACKET);
        peer.sendRtp({ timestamp: frame * FRAME_UNITS, payload });
      }
    }
  };
  const coresWhile = async (speakers: number): Promise<number> => {
    await talk(speakers, WARM_UP_MS);
    const heard = peers.map(({ rtp }) => rtp.all.length);
    const [before, start] = [processor.read(), performance.now()];
    await talk(speakers, seconds * 1000);
    const cores = (processor.read() - before) / 1000 / (performance.now() - start);
    for (const [index, { rtp }] of peers.entries()) {
      const packets = rtp.all.length - (heard[index] ?? 0);
      if (packets < ((seconds * 1000) / FRAME_MS) * (1 - MISSING))
        throw new Error(`a participant heard ${String(packets)} packets in ${String(seconds)} s`);
    }
    return cores;
  };
  const outcome = { one: await coresWhile(1), all: await coresWhile(participants) };
  for (const peer of peers) peer.close();
  return outcome;
}
