import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { unusable } from '../storage/sqlite/data-folder.ts';
import { BackupRefused } from './backup-refused.ts';
import { type CopyReply, type CopyRequest, socketOf } from './copy-socket.ts';

/** The Perch has stopped, or its files are not held any longer. */
export class PerchHasEnded extends BackupRefused {}

/** The Perch that uses a data folder, while its files are copied. */
export class CopyConnection {
  readonly #socket: Socket;
  readonly #replies: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const replies = createInterface({ input: socket });
    socket.once('close', () => replies.close());
    this.#replies = replies[Symbol.asyncIterator]();
  }

  /** `undefined` where no Perch uses it. @throws {UnusableData} where it cannot be asked. */
  static async open(dataFolder: string): Promise<CopyConnection | undefined> {
    const path = socketOf(dataFolder);
    if (path === undefined) return undefined;
    const socket = connect({ path, allowHalfOpen: true });
    try {
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      return new CopyConnection(socket);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // None, or one that a Perch has left that was killed.
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
      throw unusable(path, error);
    }
  }

  /** Called where the other side ends it, or this one does. */
  set ended(callback: () => void) {
    this.#socket.once('end', callback).once('close', callback);
  }

  /** @throws {BackupRefused} where it is refused. @throws {PerchHasEnded} */
  async ask(request: CopyRequest): Promise<{ readonly pages?: number }> {
    this.#socket.write(`${request}\n`);
    // A connection that is cut is one that has ended.
    const reply = await this.#replies.next().catch(() => undefined);
    if (reply === undefined || reply.done === true || this.#socket.destroyed)
      throw new PerchHasEnded('Perch has stopped meanwhile, or has erased somebody. Try again.');
    const answer = JSON.parse(reply.value) as CopyReply;
    if (answer.kind === 'done') return answer;
    this.#socket.destroy();
    const isKnown = (answer.kind as string) === 'refused';
    throw new BackupRefused(isKnown ? answer.sentence : 'The Perch that serves is another version.');
  }

  /** Lets the files go; harmless where it has ended. */
  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.end();
    await closed;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
