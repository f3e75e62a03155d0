import { chmod, rm, stat } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DATABASES, SNAPSHOT } from '../storage/data-files.ts';
import type { DatabaseHold } from '../storage/storage.ts';
import type { Clock } from '../world/clock.ts';
import { every } from '../world/every.ts';
import { type CopyReply, type CopyRequest, socketOf } from './copy-socket.ts';

interface Source {
  hold(broken: () => void): Promise<DatabaseHold>;
}

interface Journal {
  failed(file: string, error: unknown): void;
  noticed(sentence: string): void;
}

/** What a WAL may have before its copy is given up (octets): a command that stands still must not fill the disk. */
const LONGEST_WAL = 128 * 1024 * 1024;
const LOOK_EVERY_MS = 1_000;
/** How long a copy that follows may take for what was written last before the server stops (milliseconds). */
const LAST_ROUND_MS = 1_000;

const REFUSALS = {
  backup: 'Another backup is being made.',
  follow: 'Another copy follows this Perch already.',
} as const;
type Purpose = keyof typeof REFUSALS;

interface Holder {
  readonly socket: Socket;
  hold?: DatabaseHold;
  /** Settles once what it has asked last is answered. */
  answered?: Promise<unknown>;
}

/**
 * Lets commands copy the databases of a server that goes on serving: they read the files by themselves, and this keeps the files as they have to be, for as
 * long as a command is connected to the socket in the data folder. One backup and one copy that follows at a time.
 *
 * @param longestWal what a WAL may have before its copy is given up (octets)
 */
export async function openCopies(
  dataFolder: string,
  source: Source,
  { journal, clock }: { readonly journal: Journal; readonly clock: Clock },
  longestWal = LONGEST_WAL,
): Promise<{ close(): Promise<void> }> {
  /** How long a WAL may be now: one that begins anew keeps the length of its file. */
  let allowed = longestWal;
  const connections = new Map<Socket, Promise<void>>();
  const holders = new Map<Purpose, Holder>();

  const serve = async (socket: Socket): Promise<void> => {
    const holder: Holder = { socket };
    const replyTo = async (request: string): Promise<CopyReply> => {
      if (holder.hold) return done(holder.hold, request as CopyRequest);
      if (request !== 'backup' && request !== 'follow') return refused('This Perch is another version.');
      if (holders.has(request)) return refused(REFUSALS[request]);
      holders.set(request, holder);
      if (holders.size === 1) allowed = Math.max(longestWal, await lengthOfWals());
      holder.hold = await source.hold(() => socket.destroy());
      return { kind: 'done' };
    };
    const answer = async (request: string): Promise<CopyReply> => {
      const reply = await replyTo(request);
      socket.write(`${JSON.stringify(reply)}\n`);
      return reply;
    };
    const requests = createInterface({ input: socket });
    socket.once('close', () => requests.close());
    try {
      for await (const request of requests) {
        // It was told that this Perch ends, and reads what is left by itself. An answer would be an error, which lets go of the files before that.
        if (socket.writableEnded) continue;
        const answered = answer(request);
        holder.answered = answered;
        if ((await answered).kind === 'refused') break;
      }
    } catch (error) {
      // A peer that is killed is no error of ours.
      if (!socket.destroyed) {
        journal.failed(SNAPSHOT, error);
        socket.write(`${JSON.stringify(refused('Perch could not keep its databases. Its log says why.'))}\n`);
      }
    } finally {
      for (const [purpose, other] of holders) if (other === holder) holders.delete(purpose);
      await holder.hold?.release();
      socket.end();
    }
  };

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    const served = serve(socket).catch((error: unknown) => journal.failed(SNAPSHOT, error));
    connections.set(socket, served);
    void served.finally(() => connections.delete(socket));
  });

  /** Of the longest. */
  const lengthOfWals = async () =>
    Math.max(...(await Promise.all(DATABASES.map((name) => sizeOf(join(dataFolder, `${name}-wal`))))));
  const lookAtWals = async () => {
    if (![...holders.values()].some(({ hold }) => hold)) return;
    if ((await lengthOfWals()) <= allowed) return;
    journal.noticed('A copy of the databases was given up: more was written than it could take.');
    for (const { socket } of holders.values()) socket.destroy();
  };
  const cancel = every(clock, LOOK_EVERY_MS, () => void lookAtWals());

  // Left by a backup of a Perch that was stopped, and that was killed, perhaps as another user.
  await rm(join(dataFolder, SNAPSHOT), { recursive: true, force: true }).catch((error: unknown) =>
    journal.noticed(`No backup can be made while Perch is stopped: ${String(error)}.`),
  );
  await listen().catch((error: unknown) =>
    journal.noticed(`No backup can be made while Perch serves: ${String(error)}.`),
  );
  return {
    close: async () => {
      cancel();
      const follower = holders.get('follow');
      for (const socket of connections.keys()) if (socket !== follower?.socket) socket.destroy();
      const cancelWait = clock.after(LAST_ROUND_MS, () => follower?.socket.destroy());
      await follower?.hold?.archived().catch((error: unknown) => journal.failed(SNAPSHOT, error));
      await follower?.answered?.catch(() => undefined);
      follower?.socket.end();
      await Promise.all([...connections.values(), new Promise((resolve) => server.close(resolve))]);
      cancelWait();
    },
  };

  async function listen(): Promise<void> {
    const path = socketOf(dataFolder);
    if (path === undefined) throw new Error(`the path of ${dataFolder} is too long for a socket`);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    server.on('error', (error) => journal.failed(SNAPSHOT, error));
    await chmod(path, 0o600);
  }
}

async function done(hold: DatabaseHold, request: CopyRequest): Promise<CopyReply> {
  switch (request) {
    case 'archived':
      await hold.archived();
      return { kind: 'done' };
    case 'checkpoint perch.db':
    case 'checkpoint records.db': {
      const pages = await hold.checkpoint(request === 'checkpoint perch.db' ? 'perch.db' : 'records.db');
      return { kind: 'done', ...(pages !== undefined && { pages }) };
    }
    default:
      return { kind: 'done' };
  }
}

const refused = (sentence: string): CopyReply => ({ kind: 'refused', sentence });

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
