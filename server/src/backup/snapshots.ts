import { chmod, mkdir, rm, stat, statfs } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { DATABASES, SNAPSHOT } from '../storage/data-files.ts';
import { type SnapshotReply, socketOf } from './snapshot-socket.ts';

interface Source {
  copyInto(folder: string): Promise<void>;
}

interface Journal {
  failed(file: string, error: unknown): void;
  noticed(sentence: string): void;
}

/**
 * Snapshots of the databases of a server that goes on serving, in its data folder: nobody else can open them. Anyone who connects to the socket
 * there and says anything gets one, for as long as they stay connected; one at a time.
 *
 * @param free says how many octets the disk of a folder has left
 */
export async function openSnapshots(
  dataFolder: string,
  source: Source,
  journal: Journal,
  free = freeOctets,
): Promise<{ close(): Promise<void> }> {
  const folder = join(dataFolder, SNAPSHOT);
  const connections = new Set<Socket>();
  let holder: Socket | undefined;
  let serving: Promise<void> | undefined;

  const take = async (): Promise<SnapshotReply> => {
    const [left, wanted] = await Promise.all([free(dataFolder), sizeOfCopies(dataFolder)]);
    if (left < wanted) {
      const sentence = `The data folder needs ${megabytes(wanted)} MB for the copies of its databases, and its disk has ${megabytes(left)} MB left.`;
      return { kind: 'refused', sentence };
    }
    await mkdir(folder, { mode: 0o700 });
    await source.copyInto(folder);
    return { kind: 'ready' };
  };

  const serve = async (socket: Socket): Promise<void> => {
    const isLeft = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
    const reply = await take().catch((error: unknown): SnapshotReply => {
      if (!socket.destroyed) journal.failed(SNAPSHOT, error);
      return { kind: 'refused', sentence: 'Perch could not copy its databases. Its log says why.' };
    });
    tell(socket, reply);
    await isLeft;
    await rm(folder, { recursive: true, force: true });
  };

  // The other side ends, and then waits for this one, so that the snapshot is gone when its command is done.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    // A peer that is killed is no error of ours.
    socket.on('error', () => undefined);
    socket.once('end', () => holder !== socket && socket.end());
    socket.once('data', () => {
      if (holder) {
        tell(socket, { kind: 'refused', sentence: 'Another backup is being made.' });
        return;
      }
      holder = socket;
      serving = serve(socket)
        .catch((error: unknown) => journal.failed(SNAPSHOT, error))
        .finally(() => {
          holder = undefined;
          socket.end();
        });
    });
  });

  // Left by a Perch that was killed, or by a backup of one that was stopped, perhaps as another user.
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) =>
    journal.noticed(`No backup can be made while Perch serves: ${String(error)}.`),
  );
  const path = socketOf(dataFolder);
  if (path === undefined) {
    journal.noticed(
      `No backup can be made while Perch serves: the path of ${dataFolder} is too long for a socket.`,
    );
  } else {
    try {
      await rm(path, { force: true });
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
      server.on('error', (error) => journal.failed(SNAPSHOT, error));
      await chmod(path, 0o600);
    } catch (error) {
      journal.noticed(`No backup can be made while Perch serves: ${String(error)}.`);
    }
  }
  return {
    close: async () => {
      for (const socket of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      // Its copies have everything in them: they do not stay behind.
      await serving;
    },
  };
}

const tell = (socket: Socket, reply: SnapshotReply): void => void socket.write(`${JSON.stringify(reply)}\n`);

/** What a disk has left for users who are not root. */
export async function freeOctets(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Octets that copies of the databases take at most. */
async function sizeOfCopies(dataFolder: string): Promise<number> {
  const sizes = DATABASES.flatMap((name) => [name, `${name}-wal`]).map((name) =>
    stat(join(dataFolder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const megabytes = (octets: number): string => (octets / 1_000_000).toFixed(1);
