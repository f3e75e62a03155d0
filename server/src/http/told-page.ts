import type { Duplex } from 'node:stream';
import type { AdministratorEvent, PageEvent, TopicEvent } from '@perch/shared';
import { WebSocket } from 'ws';
import { websocketFrame } from '../sip/transport/websocket-frame.ts';

/** Octets that may wait for a page that reads slowly, beside the longest list that it was sent, before it is dropped. */
const MAX_UNSENT = 1024 * 1024;

type PageMessage = PageEvent | AdministratorEvent | TopicEvent;

/** An open page, and what it was sent. */
export interface ToldPage {
  readonly page: WebSocket;
  readonly socket: Duplex;
  /** Octets of the longest message that it was sent. */
  longest: number;
}

/** Sockets of pages that were told something in this turn of the event loop. */
let corked: Duplex[] = [];

function uncorkAll(): void {
  const sockets = corked;
  corked = [];
  for (const socket of sockets) socket.uncork();
}

/**
 * Writes whole frames, bypassing `ws`, which would make a header for each page and write it separately. What a page is told in one turn goes out at
 * its end, in one system call: whatever happens at a desk is told in several events.
 */
export function tell(told: ToldPage, event: PageMessage): void {
  const { page, socket, longest } = told;
  if (page.readyState !== WebSocket.OPEN) return;
  if (socket.writableLength > MAX_UNSENT + longest) {
    page.terminate();
    return;
  }
  const frame = frameOf(event);
  told.longest = Math.max(longest, frame.length);
  if (socket.writableCorked === 0) {
    socket.cork();
    if (corked.push(socket) === 1) setImmediate(uncorkAll);
  }
  socket.write(frame);
}

/** An event for many pages is one object, and is encoded once. */
const frames = new WeakMap<PageMessage, Buffer>();

function frameOf(event: PageMessage): Buffer {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const frame = websocketFrame(Buffer.from(JSON.stringify(event)).toString('latin1'));
  frames.set(event, frame);
  return frame;
}
