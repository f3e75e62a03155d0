import { extensionId, recordingId, type RecordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { RecordingLabel, Recordings } from '../ports.ts';

const id = recordingId('11111111-1111-4111-8111-111111111111');
const otherId = recordingId('22222222-2222-4222-8222-222222222222');

const label: RecordingLabel = {
  kind: 'message',
  id,
  extension: extensionId('ada'),
  from: { number: '102', name: 'Ben “the bell” Ölçü' },
  at: 1_700_000_000_123,
  reason: 'no-answer',
};
const greetingLabel: RecordingLabel = { kind: 'greeting', id, extension: extensionId('ada') };
const nobody: ReadonlySet<RecordingId> = new Set();

/**
 * What every `Recordings` must do. `make` gives an empty one, a way to open it again as after `kill -9`, and `sound`: the
 * octets that a recorder would write for that many milliseconds.
 */
export function recordingsContract(
  name: string,
  make: () => Promise<{
    readonly recordings: Recordings;
    reopen(): Promise<Recordings>;
    sound(ms: number): readonly Uint8Array[];
  }>,
): void {
  /** Begins a recording and writes `ms` of sound. */
  const begun = async (what: RecordingLabel, ms: number) => {
    const made = await make();
    const recording = await made.recordings.begin(what);
    for (const octets of made.sound(ms)) recording.write(octets);
    return { ...made, recording };
  };

  test(`${name}: at first there is room and nothing else`, async () => {
    const { recordings } = await make();
    expect(await recordings.hasRoom()).toBe(true);
    await expect(recordings.read(id)).rejects.toThrow();
    await recordings.delete(id);
    expect(await recordings.salvage(nobody)).toEqual({ messages: [], missing: [] });
  });

  test(`${name}: a recording is invisible until it is kept`, async () => {
    const { recordings, recording } = await begun(label, 2_000);
    await expect(recordings.read(id)).rejects.toThrow();
    await recording.keep();
    expect((await recordings.read(id)).length).toBeGreaterThan(0);
  });

  test(`${name}: a kept recording is the same after a crash, and is not salvaged if it has its row`, async () => {
    const { recordings, recording, reopen } = await begun(label, 2_000);
    await recording.keep();
    const file = await recordings.read(id);
    const again = await reopen();
    expect(await again.salvage(new Set([id]))).toEqual({ messages: [], missing: [] });
    expect(await again.read(id)).toEqual(file);
  });

  test(`${name}: a discarded recording leaves nothing`, async () => {
    const { recording, reopen } = await begun(label, 2_000);
    await recording.discard();
    const again = await reopen();
    expect(await again.salvage(nobody)).toEqual({ messages: [], missing: [] });
    await expect(again.read(id)).rejects.toThrow();
  });

  test(`${name}: a kept recording can no longer be discarded`, async () => {
    const { recordings, recording } = await begun(label, 2_000);
    await recording.keep();
    await recording.discard();
    expect((await recordings.read(id)).length).toBeGreaterThan(0);
  });

  test(`${name}: a deleted recording is gone, and two simultaneous ones do not interfere`, async () => {
    const { recordings, recording, sound, reopen } = await begun(label, 2_000);
    const other = await recordings.begin({ ...label, id: otherId });
    for (const octets of sound(3_000)) other.write(octets);
    await Promise.all([recording.keep(), other.keep()]);
    await recordings.delete(id);
    const again = await reopen();
    await expect(again.read(id)).rejects.toThrow();
    const { messages } = await again.salvage(nobody);
    expect(messages.map((message) => message.label.id)).toEqual([otherId]);
  });

  test.for([
    ['kept, but has no row', true],
    ['under way', false],
  ] as const)(
    `${name}: a message that a crash left %s is salvaged once, with its label`,
    async ([, isKept]) => {
      const { recording, reopen } = await begun(label, 4_000);
      if (isKept) await recording.keep();
      const again = await reopen();
      const { messages, missing } = await again.salvage(nobody);
      expect(missing).toEqual([]);
      expect(messages).toEqual([{ label, durationMs: expect.any(Number) }]);
      // All but its last second, which was not yet written when the process was killed.
      expect(messages[0]?.durationMs).toBeGreaterThanOrEqual(3_000);
      expect(messages[0]?.durationMs).toBeLessThanOrEqual(4_100);
      expect((await again.read(id)).length).toBeGreaterThan(0);
      expect(await (await reopen()).salvage(new Set([id]))).toEqual({ messages: [], missing: [] });
    },
  );

  test(`${name}: nothing is left of a recording under way of less than a second`, async () => {
    const { reopen } = await begun(label, 500);
    const again = await reopen();
    expect(await again.salvage(nobody)).toEqual({ messages: [], missing: [] });
    await expect(again.read(id)).rejects.toThrow();
  });

  test.for([
    ['kept', true],
    ['under way', false],
  ] as const)(`${name}: a greeting without a row is deleted: %s`, async ([, isKept]) => {
    const { recording, reopen } = await begun(greetingLabel, 2_000);
    if (isKept) await recording.keep();
    const again = await reopen();
    expect(await again.salvage(nobody)).toEqual({ messages: [], missing: [] });
    await expect(again.read(id)).rejects.toThrow();
  });

  test(`${name}: a greeting that is known stays`, async () => {
    const { recordings, recording, reopen } = await begun(greetingLabel, 2_000);
    await recording.keep();
    const file = await recordings.read(id);
    const again = await reopen();
    expect(await again.salvage(new Set([id]))).toEqual({ messages: [], missing: [] });
    expect(await again.read(id)).toEqual(file);
  });

  test(`${name}: known ids without a file are missing`, async () => {
    const { recording, recordings } = await begun(label, 2_000);
    await recording.keep();
    expect((await recordings.salvage(new Set([id, otherId]))).missing).toEqual([otherId]);
  });
}
