import type { PageRequest, TopicLine, TopicName } from '@perch/shared';
import { TestSocket } from '../../src/state/support/test-socket.ts';

/** Stands for the WebSocket of a page's events: tells those who follow a topic what is in it. */
export class Socket extends TestSocket {
  static topics: Partial<Record<TopicName, readonly TopicLine[]>> = {};

  override send(text: string): void {
    super.send(text);
    const request = JSON.parse(text) as Partial<Extract<PageRequest, { subscribe: unknown }>>;
    if (request.subscribe === undefined) return;
    const lines = [...(Socket.topics[request.subscribe] ?? [])];
    this.tell({ kind: 'snapshot', topic: request.subscribe, epoch: 'gallery', sequence: 1, lines });
  }
}
