import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { SNAPSHOT } from '../storage/data-files.ts';
import { type DatabasesAtRest, openAtRest } from '../storage/sqlite/at-rest.ts';
import { unusable } from '../storage/sqlite/data-folder.ts';
import { DamagedData, UnusableData } from '../storage/unusable-data.ts';
import { BackupRefused } from './backup-refused.ts';
import { type SnapshotReply, socketOf } from './snapshot-socket.ts';

/** Copies of the databases that nobody changes any more. */
export interface Snapshot {
  readonly folder: string;
  /** Does the server go on while recordings are copied? */
  readonly isServing: boolean;
  /** Whether it has been kept until now. */
  isKept(): boolean;
  release(): Promise<void>;
}

/** Of the server that uses the data folder, or, where none does, of the files themselves. @throws {BackupRefused} */
export async function takeSnapshot(dataFolder: string, signal: AbortSignal): Promise<Snapshot> {
  return (await fromServer(dataFolder, signal)) ?? (await atRest(dataFolder));
}

/** Is there a Perch that serves this data folder? */
export async function isServed(dataFolder: string): Promise<boolean> {
  const socket = await connection(dataFolder);
  socket?.destroy();
  return socket !== undefined;
}

async function fromServer(dataFolder: string, signal: AbortSignal): Promise<Snapshot | undefined> {
  const socket = await connection(dataFolder);
  if (!socket) return undefined;
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop);
  // One that was aborted already tells nobody.
  if (signal.aborted) stop();
  socket.write('snapshot\n');
  const reply = await replyOf(socket);
  signal.throwIfAborted();
  if (reply?.kind !== 'ready') {
    socket.destroy();
    throw new BackupRefused(reply?.sentence ?? 'Perch has stopped meanwhile. Try again.');
  }
  return {
    folder: join(dataFolder, SNAPSHOT),
    isServing: true,
    isKept: () => !socket.destroyed,
    release: async () => {
      signal.removeEventListener('abort', stop);
      if (socket.destroyed) return;
      const closed = once(socket, 'close');
      socket.end();
      await closed;
    },
  };
}

/** `undefined` where the connection ends without one. */
const replyOf = (socket: Socket): Promise<SnapshotReply | undefined> =>
  new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.endsWith('\n')) resolve(JSON.parse(text) as SnapshotReply);
    });
    socket.once('close', () => resolve(undefined));
  });

async function connection(dataFolder: string): Promise<Socket | undefined> {
  const path = socketOf(dataFolder);
  if (path === undefined) return undefined;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    return socket;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // None, or one that a Perch has left that was killed.
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw unusable(path, error);
  }
}

/** Holds the lock of the data folder until it is released, so that nothing is changed meanwhile. */
async function atRest(dataFolder: string): Promise<Snapshot> {
  const folder = join(dataFolder, SNAPSHOT);
  const databases = heldAtRest(dataFolder);
  const release = async () => {
    databases.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    await databases.copyInto(folder);
  } catch (error) {
    await release();
    throw error;
  }
  return { folder, isServing: false, isKept: () => true, release };
}

function heldAtRest(dataFolder: string): DatabasesAtRest {
  try {
    return openAtRest(dataFolder);
  } catch (error) {
    if (!(error instanceof UnusableData) || error instanceof DamagedData) throw error;
    throw new BackupRefused(
      `Perch serves ${dataFolder}, but cannot be reached there: its log says why. Stop it before the backup.`,
    );
  }
}
