import type { CallId } from '@perch/shared';
import type { TransferProgress } from '../../phone/calls/transfer.ts';
import type { CallSession, OwnSound, SessionListener } from '../session.ts';

/** A session without a network: remembers the calls made to it, and is controlled by the test. */
export class FakeSession implements CallSession {
  readonly number: string;
  readonly name: string;
  id: CallId | null;
  readonly connection = null;
  isConfirmed = true;
  /** In the order in which it was asked, such as `reject 603`. */
  readonly asked: string[] = [];
  /** What it sends, the first one from `answer`. */
  readonly streams: MediaStream[] = [];
  says: SessionListener | undefined;
  /** Tells how a transfer goes that it was asked for. */
  transferred: ((progress: TransferProgress) => void) | undefined;

  /** `id`: of an incoming call, whose INVITE names it. */
  constructor(number: string, name = '', id: CallId | null = null) {
    this.number = number;
    this.name = name;
    this.id = id;
  }

  /** A response or a re-INVITE of the server names the call. */
  named(id: CallId): void {
    this.id = id;
    this.says?.onNamed(id);
  }

  listen(listener: SessionListener): void {
    this.says = listener;
  }

  answer({ stream }: OwnSound): void {
    this.asked.push('answer');
    this.streams.push(stream);
  }

  reject(status: number): void {
    this.asked.push(`reject ${String(status)}`);
  }

  hangUp(): void {
    this.asked.push('hang up');
  }

  sendSound(stream: MediaStream): void {
    this.streams.push(stream);
  }

  setHold(on: boolean): void {
    this.asked.push(on ? 'hold' : 'unhold');
  }

  transfer(to: string | CallSession, onProgress: (progress: TransferProgress) => void): void {
    this.asked.push(typeof to === 'string' ? `transfer to ${to}` : `transfer to the call with ${to.number}`);
    this.transferred = onProgress;
  }

  sendDigit(digit: string): void {
    this.asked.push(`digit ${digit}`);
  }

  lineRestored(withServer: boolean): void {
    this.asked.push(withServer ? 'mend, with the server' : 'mend');
  }
}
