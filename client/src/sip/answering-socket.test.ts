import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AnsweringSocket } from './answering-socket.ts';

/** The browser's WebSocket, opened by the test. */
class OpenSocket {
  static made: OpenSocket | undefined;
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly sent: string[] = [];
  onmessage: ((event: { readonly data: string }) => void) | undefined;

  constructor() {
    OpenSocket.made = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', OpenSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connected() {
  const received: unknown[] = [];
  const socket = new AnsweringSocket('ws://pbx/sip');
  socket.ondata = (data) => void received.push(data);
  socket.connect();
  const { made } = OpenSocket;
  if (made === undefined) throw new Error('it has not connected');
  return { socket, made, received };
}

test.for(['\r\n', 'OPTIONS sip:a@b SIP/2.0\r\n\r\n'])(
  'whatever comes from the server is an answer, and goes where it belongs: %j',
  async (data) => {
    const { socket, made, received } = connected();
    const answers = socket.answers(1_000);
    expect(made.sent).toEqual(['\r\n\r\n']);
    made.onmessage?.({ data });
    expect([await answers, received, vi.getTimerCount()]).toEqual([true, [data], 0]);
  },
);

test('silence is none', async () => {
  const { socket } = connected();
  const answers = socket.answers(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answers).toBe(false);
});
