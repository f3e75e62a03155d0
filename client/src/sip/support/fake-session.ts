import type { CallSession, OwnSound, SessionListener } from '../session.ts';

/** A session without a network: remembers the calls made to it, and is controlled by the test. */
export class FakeSession implements CallSession {
  readonly number: string;
  readonly name: string;
  readonly connection = null;
  /** In the order in which it was asked, such as `reject 603`. */
  readonly asked: string[] = [];
  /** What it sends, the first one from `answer`. */
  readonly streams: MediaStream[] = [];
  says: SessionListener | undefined;

  constructor(number: string, name = '') {
    this.number = number;
    this.name = name;
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

  setMuted(muted: boolean): void {
    this.asked.push(muted ? 'mute' : 'unmute');
  }

  replaceMicrophone(stream: MediaStream): void {
    this.streams.push(stream);
  }

  sendDigit(digit: string): void {
    this.asked.push(`digit ${digit}`);
  }

  lineRestored(): void {
    this.asked.push('mend');
  }
}
