import { cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { recordingId } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordingsContract } from '../exchange/voicemail/support/recordings.contract.ts';
import type { OpenRecording, RecordingLabel } from '../exchange/voicemail/ports.ts';
import { readOggOpus } from '../media/ogg/ogg-opus.ts';
import { oggOpusHead } from '../media/ogg/ogg-opus-writer.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { DiskRoom } from './disk-room.ts';
import { FileRecordings } from './file-recordings.ts';
import { commentsFor } from './recording-label.ts';
import { RecordingFile } from './recording-file.ts';
import { messageLabel, pagesOf } from './support/recordings.ts';

let scratch: string;
let folder: string;
const clock = new VirtualClock();
const setAside: string[] = [];
const failures: unknown[] = [];
const journal = {
  setAside: (file: string) => void setAside.push(file),
  failed: (error: unknown) => void failures.push(error),
};
const underWay: OpenRecording[] = [];

beforeEach(() => {
  scratch = scratchFolder();
  folder = join(scratch, 'voicemail', 'o');
});
afterEach(async () => {
  for (const recording of underWay.splice(0)) await recording.discard();
  rmSync(scratch, { recursive: true });
  setAside.length = failures.length = 0;
});

const room = (minFreeBytes = 1) => new DiskRoom(scratch, minFreeBytes, clock, journal.failed);
/** Leaves nothing open when the test is over. */
class TidyRecordings extends FileRecordings {
  override async begin(label: RecordingLabel): Promise<OpenRecording> {
    const recording = await super.begin(label);
    underWay.push(recording);
    return recording;
  }
}

const openFolder = (path: string): FileRecordings => new TidyRecordings(path, room(), journal);

async function keep(label: RecordingLabel, ms = 2_000): Promise<FileRecordings> {
  const recordings = openFolder(folder);
  const recording = await recordings.begin(label);
  for (const page of pagesOf(ms, true)) recording.write(page);
  await recording.keep();
  return recordings;
}

const filesIn = (path: string): readonly string[] => readdirSync(path).sort();

recordingsContract('files', async () => {
  let current = folder;
  let written = 0;
  const recordings = openFolder(folder);
  return {
    recordings,
    sound: (ms) => {
      const pages = pagesOf(ms, true);
      written = pages.reduce((sum, { length }) => sum + length, 0);
      return pages;
    },
    reopen: async () => {
      // After a crash, the file has what the operating system had received.
      const parts = filesIn(current).filter((name) => name.endsWith('.part'));
      for (const part of parts)
        await expect.poll(() => statSync(join(current, part)).size).toBeGreaterThan(written);
      const copy = `${current}-again`;
      cpSync(current, copy, { recursive: true });
      current = copy;
      return openFolder(copy);
    },
  };
});

test('no other user of the machine can list or read them', async () => {
  await keep(messageLabel('m1'));
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect(mode(join(scratch, 'voicemail'))).toBe('700');
  expect(mode(folder)).toBe('700');
  expect(mode(join(folder, 'm1.opus'))).toBe('600');
});

test('a recording can be begun only once', async () => {
  const recordings = openFolder(folder);
  await recordings.begin(messageLabel('m1'));
  await expect(recordings.begin(messageLabel('m1'))).rejects.toThrow(/EEXIST/);
});

test.for(['../m1', 'a/b', '', '.', 'm1.opus', 'm1\0', 'm'.repeat(65)])('%j is not an id', async (id) => {
  const recordings = await keep(messageLabel('m1'));
  await expect(recordings.begin(messageLabel(id))).rejects.toThrow(RangeError);
  await expect(recordings.read(recordingId(id))).rejects.toThrow(RangeError);
  await expect(recordings.stream(recordingId(id))).rejects.toThrow(RangeError);
  await expect(recordings.delete(recordingId(id))).rejects.toThrow(RangeError);
});

test('a recording is streamed as it is read; a missing one is undefined', async () => {
  const recordings = await keep(messageLabel('m1'));
  const stream = await recordings.stream(recordingId('m1'));
  const file = await recordings.read(recordingId('m1'));
  expect(stream && (await text(stream))).toBe(file.toString());
  expect(await recordings.stream(recordingId('m2'))).toBeUndefined();
});

test('writes after the end are ignored', async () => {
  const recordings = openFolder(folder);
  const recording = await recordings.begin(messageLabel('m1'));
  for (const page of pagesOf(2_000, true)) recording.write(page);
  const kept = recording.keep();
  recording.write(Buffer.from('late'));
  await kept;
  recording.write(Buffer.from('later'));
  await recording.discard();
  expect(readOggOpus(await recordings.read(recordingId('m1')))).toHaveLength(100);
});

/** A recording whose disk is full: the system's own `ENOSPC`. */
async function onFullDisk(): Promise<{ recording: RecordingFile; part: string }> {
  const part = join(scratch, 'm1.part');
  writeFileSync(part, 'what there was room for');
  const recording = new RecordingFile(await open('/dev/full', 'w'), part, join(scratch, 'm1.opus'));
  underWay.push(recording);
  return { recording, part };
}

test('where the disk becomes full, a recording is never kept, and its beginning stays for a salvage', async () => {
  const { recording } = await onFullDisk();
  for (const page of pagesOf(3_000, true)) expect(recording.write(page)).toBe(true);
  await expect.poll(() => recording.write(Buffer.from('more'))).toBe(false);
  await expect(recording.keep()).rejects.toThrow(/ENOSPC/);
  expect(filesIn(scratch)).toEqual(['m1.part']);
});

test.for([
  ['after that', true],
  ['instead', false],
] as const)('where the disk is full, a recording can be discarded %s', async ([, isKeptFirst]) => {
  const { recording } = await onFullDisk();
  recording.write(Buffer.from('more'));
  if (isKeptFirst) await expect(recording.keep()).rejects.toThrow(/ENOSPC/);
  await recording.discard();
  expect(filesIn(scratch)).toEqual([]);
});

test('a disk that is too slow is given up, rather than buffered for in memory', async () => {
  const recording = await openFolder(folder).begin(messageLabel('m1'));
  const taken = Array.from({ length: 5 }, () => recording.write(new Uint8Array(1024 * 1024)));
  expect([taken[0], taken.at(-1)]).toEqual([true, false]);
  await expect(recording.keep()).rejects.toThrow(/too slow/);
});

test('a disk that keeps up is never too slow, however long somebody speaks', async () => {
  const recording = await openFolder(folder).begin(messageLabel('m1'));
  for (let megabytes = 1; megabytes <= 8; megabytes++) {
    expect(recording.write(new Uint8Array(1024 * 1024))).toBe(true);
    await expect
      .poll(() => statSync(join(folder, 'm1.part')).size)
      .toBeGreaterThanOrEqual(megabytes * 1024 * 1024);
  }
  await recording.keep();
});

test('a recording has its name once all of it is on the disk, and not before', async () => {
  const part = join(scratch, 'm1.part');
  const handle = await open(part, 'wx');
  const sync = vi.spyOn(handle, 'sync');
  const recording = new RecordingFile(handle, part, join(scratch, 'm1.opus'));
  sync.mockImplementationOnce(() => Promise.reject(new Error('the disk is gone')));
  recording.write(Buffer.from('words'));
  await expect(recording.keep()).rejects.toThrow('the disk is gone');
  expect(filesIn(scratch)).toEqual(['m1.part']);
});

test('a file whose label cannot be understood is set aside and reported, and nothing of it is lost', async () => {
  mkdirSync(folder, { recursive: true });
  const song = Buffer.concat([oggOpusHead(['TITLE=Song']), ...pagesOf(2_000, true)]);
  const files = {
    'song.opus': song,
    'unended.part': song,
    'noise.opus': Buffer.from('no Ogg at all'),
    'torn.part': Buffer.from('OggS'),
    'another.opus': Buffer.concat([oggOpusHead(commentsFor(messageLabel('m1'))), ...pagesOf(2_000, true)]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const salvage = await openFolder(folder).salvage(new Set());
  expect(salvage).toEqual({ messages: [], missing: [] });
  const aside = ['another.opus', 'noise.opus', 'song.opus', 'torn.part', 'unended.opus'];
  expect(filesIn(folder)).toEqual(aside.map((name) => `${name}.unreadable`));
  expect(setAside.map((path) => path.slice(folder.length + 1)).sort()).toEqual(filesIn(folder));
  expect(await readFile(join(folder, 'song.opus.unreadable'))).toEqual(song);
  expect(await openFolder(folder).salvage(new Set())).toEqual({ messages: [], missing: [] });
  expect(setAside).toHaveLength(5);
});

test('an empty part never had any sound', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'm1.part'), '');
  expect(await openFolder(folder).salvage(new Set())).toEqual({ messages: [], missing: [] });
  expect(filesIn(folder)).toEqual([]);
});

test('trouble with one file does not stop the others', async () => {
  for (const id of ['m1', 'm2', 'm3']) await keep(messageLabel(id));
  cpSync(join(folder, 'm2.opus'), join(folder, 'm4.part'));
  mkdirSync(join(folder, 'm4.opus')); // where the repaired one would go
  const { messages } = await openFolder(folder).salvage(new Set());
  expect(messages.map(({ label }) => label.id).sort()).toEqual(['m1', 'm2', 'm3']);
  expect(failures).toHaveLength(1);
  expect(filesIn(folder)).toContain('m4.part');
});

test('an interrupted salvage is resumed', async () => {
  await keep(messageLabel('m1'));
  await keep(messageLabel('m2'));
  cpSync(join(folder, 'm1.opus'), join(folder, 'm1.part')); // renamed, but its origin not yet removed
  cpSync(join(folder, 'm2.opus'), join(folder, 'm2.part'));
  rmSync(join(folder, 'm2.opus'));
  writeFileSync(join(folder, 'm2.mended'), 'half');
  const { messages } = await openFolder(folder).salvage(new Set());
  expect(messages.map(({ label }) => label.id).sort()).toEqual(['m1', 'm2']);
  expect(filesIn(folder)).toEqual(['m1.opus', 'm2.opus']);
});

test('hundreds of files are salvaged, one after the other', async () => {
  mkdirSync(folder, { recursive: true });
  const ids = Array.from({ length: 300 }, (_, index) => `m${index}`);
  for (const id of ids)
    writeFileSync(
      join(folder, `${id}.part`),
      Buffer.concat([oggOpusHead(commentsFor(messageLabel(id))), ...pagesOf(3_000, false)]),
    );
  const { messages } = await openFolder(folder).salvage(new Set());
  expect(messages.map(({ label }) => label.id).sort()).toEqual(ids.sort());
  expect(new Set(messages.map(({ durationMs }) => durationMs))).toEqual(new Set([2_000]));
});

test('room is the space available to us, and the disk is asked at most once a second', async () => {
  expect(await room(1).isEnough()).toBe(true);
  expect(await room(Number.MAX_SAFE_INTEGER).isEnough()).toBe(false);
  const gone = join(scratch, 'gone');
  mkdirSync(gone);
  const asked = new DiskRoom(gone, 1, clock, journal.failed);
  expect(await asked.isEnough()).toBe(true);
  rmSync(gone, { recursive: true });
  await clock.advance(999);
  expect(await asked.isEnough()).toBe(true);
  await clock.advance(1);
  expect(await asked.isEnough()).toBe(false);
  expect(failures).toHaveLength(1);
});
