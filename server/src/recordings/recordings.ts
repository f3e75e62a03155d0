import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { OrganizationId, RecordingId } from '@perch/shared';
import type { Clock } from '../exchange/ports.ts';
import type { Recordings } from '../exchange/voicemail/ports.ts';
import { DiskRoom } from './disk-room.ts';
import { makeFolder } from './durable-files.ts';
import { FileRecordings } from './file-recordings.ts';
import type { RecordingsJournal } from './ports.ts';

/** The recordings of every organization. */
export interface RecordingFolders {
  of(organization: OrganizationId): Recordings;
  /** A recording piece by piece; `undefined` where there is none. */
  stream(organization: OrganizationId, id: RecordingId): Promise<Readable | undefined>;
  /** Is there room on the disk for one more? */
  hasRoom(): Promise<boolean>;
}

/** @param folder is made where it is missing, readable by no one else. */
export async function openRecordings(options: {
  readonly folder: string;
  readonly minFreeBytes: number;
  readonly clock: Clock;
  readonly journal: RecordingsJournal;
}): Promise<RecordingFolders> {
  const { folder, minFreeBytes, clock, journal } = options;
  await makeFolder(folder);
  const room = new DiskRoom(folder, minFreeBytes, clock, (error) => journal.failed(error));
  const of = (organization: OrganizationId) => new FileRecordings(join(folder, organization), room, journal);
  return {
    of,
    stream: (organization, id) => of(organization).stream(id),
    hasRoom: () => room.isEnough(),
  };
}
