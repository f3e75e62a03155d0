import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import { readOggOpus } from '../media/ogg/ogg-opus.ts';
import { systemClock } from '../world/system-clock.ts';
import { organizationId } from '@perch/shared';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { messageLabel, pagesOf, PACKET_MS } from './support/recordings.ts';
import { openRecordings } from './recordings.ts';

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Begins a recording, writes the sound that it is told to, and waits to be killed. */
const victim = `
  import { openRecordings } from ${here('./recordings.ts')};
  import { pagesOf } from ${here('./support/recordings.ts')};
  import { systemClock } from ${here('../world/system-clock.ts')};
  const [folder, label, ms] = process.argv.slice(1);
  const journal = { setAside: () => process.exit(1), failed: () => process.exit(1) };
  const recordings = await openRecordings({ folder, minFreeBytes: 1, clock: systemClock, journal });
  const recording = await recordings.of('o').begin(JSON.parse(label));
  for (const page of pagesOf(Number(ms), false)) recording.write(page);
  console.log('begun');
  setInterval(() => undefined, 1000);
`;

test('a recording under way is a message after a real kill -9, up to its last second', async () => {
  const folder = scratchFolder();
  const label = messageLabel('m1');
  const ms = 7_500;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', victim, folder, JSON.stringify(label), String(ms)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface(child.stdout), 'line');
  expect(line).toBe('begun');
  const octets = pagesOf(ms, false).reduce((sum, { length }) => sum + length, 0);
  await expect.poll(() => statSync(join(folder, 'o', 'm1.part')).size).toBeGreaterThan(octets);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const failures: unknown[] = [];
  const journal = {
    setAside: (file: string) => void failures.push(file),
    failed: (error: unknown) => void failures.push(error),
  };
  const folders = await openRecordings({ folder, minFreeBytes: 1, clock: systemClock, journal });
  const recordings = folders.of(organizationId('o'));
  const { messages } = await recordings.salvage(new Set());
  expect(messages).toEqual([{ label, durationMs: 7_000 }]);
  expect(readOggOpus(await recordings.read(recordingId('m1')))).toHaveLength(7_000 / PACKET_MS);
  expect(failures).toEqual([]);
  rmSync(folder, { recursive: true });
}, 30_000);
