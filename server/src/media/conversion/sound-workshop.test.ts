import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { convertSound } from './conversion.ts';
import { oggOpusBody, oggOpusHead } from '../ogg/ogg-opus-writer.ts';
import { UnreadableSound } from '../ogg/ogg-opus.ts';
import { SILENT_PACKET } from '../codec/opus-packet.ts';
import { readRecording } from '../playback/recording.ts';
import type { SoundJob } from './sound-job.ts';
import { SoundWorkshop } from './sound-workshop.ts';
import { waveFile } from '../support/tones.ts';

const TOC_60_MS = 3 << 3;
const TOC_10_MS = 30 << 3;
const file = (packets: readonly Uint8Array[]): Buffer =>
  Buffer.concat([oggOpusHead([]), oggOpusBody(packets)]);
const recode = (packets: readonly Uint8Array[]): SoundJob => ({
  kind: 'recode',
  file: file(packets),
  codec: 'pcmu',
});
const tone = Array.from({ length: 4800 }, (_, i) => Math.sin(i / 10) / 2);

test('an upload is converted in a thread of its own', async () => {
  expect(await convertSound(waveFile({ rate: 48_000, bits: 16, samples: tone }), 1000)).toHaveLength(5);
});

test('a file that cannot be converted is refused with a sentence', async () => {
  await expect(convertSound(Buffer.from('no sound'), 1000)).rejects.toThrow(UnreadableSound);
});

test('jobs are done one after the other, a failed one too, and jobs that would wait too long are refused', async () => {
  const workshop = new SoundWorkshop({ mostWaiting: 2, limitMs: 60_000 });
  const done: number[] = [];
  const jobs = [1, 2, 3, 4].map((number) =>
    workshop
      .run(
        number === 1 ? { kind: 'recode', file: Buffer.from('none'), codec: 'pcmu' } : recode([SILENT_PACKET]),
      )
      .finally(() => done.push(number)),
  );
  const outcomes = await Promise.allSettled(jobs);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected']);
  expect(done).toEqual([4, 1, 2, 3]);
  expect(await workshop.run(recode([SILENT_PACKET]))).toHaveLength(1);
});

/** The nice values of this process's threads (proc_pid_stat(5), field 19). */
const priorities = (): readonly number[] =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });

test.runIf(process.platform === 'linux')(
  'threads of jobs are started by one of the lowest priority, which they inherit; all others keep theirs',
  async () => {
    const mine = getPriority();
    await convertSound(waveFile({ rate: 48_000, bits: 16, samples: tone }), 1000);
    expect(priorities()).toContain(19);
    expect(getPriority()).toBe(mine);
  },
);

test('a file is handed to its thread as a whole, and not octet by octet', async () => {
  const upload = waveFile({ rate: 48_000, bits: 16, samples: tone });
  let walks = 0;
  const walk = upload[Symbol.iterator].bind(upload);
  upload[Symbol.iterator] = () => {
    walks++;
    return walk();
  };
  expect(await convertSound(upload, 1000)).toHaveLength(5);
  expect(walks).toBe(0);
});

test('a job that takes too long is ended, and the next one begins', async () => {
  const workshop = new SoundWorkshop({ mostWaiting: 2, limitMs: 1 });
  const jobs = [workshop.run(recode([SILENT_PACKET])), workshop.run(recode([SILENT_PACKET]))];
  for (const job of jobs) await expect(job).rejects.toThrow('takes too long');
});

test('a recording of 20 ms a packet and more is played as it is, each packet in its time', async () => {
  const long = Uint8Array.of(TOC_60_MS, 1, 2, 3);
  const { opus, pcmu } = await readRecording(file([SILENT_PACKET, long, SILENT_PACKET]), 'opus');
  expect(opus.map((frame) => frame && Uint8Array.from(frame))).toEqual([
    SILENT_PACKET,
    long,
    undefined,
    undefined,
    SILENT_PACKET,
  ]);
  expect(pcmu).toEqual([]);
});

test('one of shorter packets is encoded again and lasts as long', async () => {
  const short = Uint8Array.of(TOC_10_MS, 0xff, 0xfe);
  const { opus } = await readRecording(file(Array<Uint8Array>(11).fill(short)), 'opus');
  expect(opus).toHaveLength(6);
});

test('for a peer with PCMU it is decoded', async () => {
  const { opus, pcmu } = await readRecording(file([SILENT_PACKET, Uint8Array.of(TOC_60_MS)]), 'pcmu');
  expect(opus).toEqual([]);
  expect(pcmu.map((frame) => frame?.length)).toEqual([160, 160, 160, 160]);
});

test('a file that is not a recording is refused', async () => {
  await expect(readRecording(Buffer.from('no recording'), 'opus')).rejects.toThrow(UnreadableSound);
});
