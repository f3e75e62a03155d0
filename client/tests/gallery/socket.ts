import type { Colleague } from '@perch/shared';
import { TestSocket } from '../../src/state/support/test-socket.ts';

/** Stands for the WebSocket of a page's events: tells whoever asks for the colleagues who they are. */
export class Socket extends TestSocket {
  static colleagues: readonly Colleague[] = [];

  override send(text: string): void {
    super.send(text);
    if (!text.includes('"subscribe"')) return;
    const bookmark = { epoch: 'gallery', sequence: 1 };
    this.tell({ kind: 'snapshot', topic: 'colleagues', ...bookmark, lines: [...Socket.colleagues] });
  }
}
