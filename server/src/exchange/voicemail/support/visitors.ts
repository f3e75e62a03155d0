import { KeptLimits } from '../kept-limits.ts';
import { type ExtensionId, extensionId, type RecordingId, recordingId } from '@perch/shared';
import { oggOpusBody, oggOpusHead } from '../../../media/ogg/ogg-opus-writer.ts';
import { codeOf, terminal, TestHouse } from '../../support/test-desk.ts';
import { FakeMailboxStore } from './fake-mailbox-store.ts';
import { FakeRecordings } from './fake-recordings.ts';
import { MailboxDesk } from '../mailbox-desk.ts';
import { Mailboxes } from '../mailboxes.ts';
import { PinDesk } from '../pin-desk.ts';
import type { Message, Recordings, VoicemailPins } from '../ports.ts';
import { Stays } from '../stays.ts';

/** The extension with that number. */
export const id = (number: string): ExtensionId => extensionId(`id-${number}`);

/** The PIN of an extension in tests. */
export const pinOf = (number: string): string => `70${number}`;

/** PINs that a test can read: that of 101 is 70101; the test says which extensions have none. */
class ReadablePins implements VoicemailPins {
  /** What was verified, in order. */
  readonly verified: (readonly [extension: string, pin: string])[] = [];
  readonly without = new Set<ExtensionId>();
  /** While true, nothing can be verified. */
  broken = false;
  #hashing: Promise<void> = Promise.resolve();

  has(extension: ExtensionId): boolean {
    return !this.without.has(extension);
  }

  async verify(extension: ExtensionId, pin: string): Promise<boolean> {
    this.verified.push([extension, pin]);
    await this.#hashing;
    if (this.broken) throw new Error('no hash can be made');
    return this.has(extension) && pin === pinOf(extension.slice('id-'.length));
  }

  /** Verifications wait until the returned function is called. */
  holdUp(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#hashing = promise;
    return () => {
      resolve(undefined);
    };
  }
}

/** Sound of that many milliseconds, in packets of 20 ms. */
export const packetsOf = (ms: number): Uint8Array[] =>
  Array.from({ length: ms / 20 }, () => Uint8Array.of(0xf8, 1, 2, 3));

/** Gives the files of the fake the head of an Ogg Opus file, so that they can be played. Reading waits for `read`. */
function withHeads(files: FakeRecordings, read: () => Promise<void>): Recordings {
  return {
    hasRoom: () => files.hasRoom(),
    begin: async (label) => {
      const file = await files.begin(label);
      file.write(oggOpusHead([]));
      return file;
    },
    read: async (recording) => {
      await read();
      return files.read(recording);
    },
    delete: (recording) => files.delete(recording),
    salvage: (known) => files.salvage(known),
  };
}

/** Mailboxes in an organization with virtualization: 101 to 104 are people, 201 to 203 stations. */
export async function openVisitorsHouse() {
  const house = new TestHouse();
  const { clock, directory } = house;
  const where = await house.desk((happening) => {
    if (happening.kind === 'moved') stays.moved(happening.terminals);
  });
  const pins = new ReadablePins();
  const store = new FakeMailboxStore();
  const files = FakeRecordings.empty();
  /** What the journal was told, abbreviated. */
  const journal: string[] = [];
  let ids = 0;
  let reading: Promise<void> = Promise.resolve();
  const ports = {
    ...{ clock, directory, where, store, pins, canMail: true },
    recordings: withHeads(files, () => reading),
    limits: new KeptLimits({ messages: 100, totalMs: 60 * 60_000, retentionMs: 30 * 24 * 60 * 60_000 }),
    journal: {
      deposited: () => undefined,
      visited: (extension: ExtensionId, outcome: string) => void journal.push(`${extension} ${outcome}`),
      removed: () => undefined,
      failed: (error: unknown) => void journal.push(String(error)),
    },
    happened: () => undefined,
    newId: (): RecordingId => {
      ids += 1;
      return recordingId(`recording-${String(ids)}`);
    },
  };
  const mailboxes = await Mailboxes.open(ports);
  const pinDesk = new PinDesk({ ...ports, mailboxes });
  const stays = new Stays(where, clock, house.directory);
  const world = { ...ports, stays, mailboxes, pins: pinDesk };
  const desk = new MailboxDesk(world);

  /** Leaves a message of that length for `to`; later ones are newer. */
  const leave = async (to: string, from: string, durationMs: number): Promise<Message> => {
    await clock.advance(1_000);
    const label = {
      ...{ id: ports.newId(), extension: id(to), from: { number: from, name: `Name of ${from}` } },
      ...{ at: clock.now(), reason: 'no-answer' as const },
    };
    const file = await ports.recordings.begin({ kind: 'message', ...label });
    file.write(oggOpusBody(packetsOf(durationMs)));
    await file.keep();
    const message = { ...label, durationMs, heard: false, deletedAt: null };
    await mailboxes.keep(message);
    return message;
  };
  /** `number` takes over the phone of `on`, with its code. */
  const move = async (number: string, on: string): Promise<void> => {
    await where.verifyAndMove(terminal(on), number, codeOf(number));
  };
  /** `*30` on that phone. */
  const goHome = async (on: string): Promise<void> => {
    await where.returnHome(terminal(on), 'dialled');
  };
  /** Reading recordings waits until the returned function is called. */
  const holdUpReading = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    reading = promise;
    return () => {
      resolve(undefined);
    };
  };
  return { ports, holdUpReading, house, ...world, pins, pinDesk, files, desk, journal, leave, move, goHome };
}
