import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

  close(): void {
    // The test sees to it that nothing more comes.
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
  const unanswered = vi.fn();
  const socket = new AnsweringSocket('ws://pbx/sip', unanswered);
  socket.ondata = (data) => void received.push(data);
  socket.connect();
  const { made } = OpenSocket;
  if (made === undefined) throw new Error('it has not connected');
  return { socket, made, received, unanswered };
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

const sip = (first: string, method: string): string =>
  `${first}\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nCSeq: 1 ${method}\r\n\r\n`;

describe('what the server answers', () => {
  test.for([
    sip('BYE sip:102@pbx SIP/2.0', 'BYE'),
    sip('INVITE sip:102@pbx SIP/2.0', 'INVITE'),
    sip('SIP/2.0 603 Decline', 'INVITE'),
    sip('SIP/2.0 200 OK', 'INVITE'),
  ])('is noticed where nothing comes for half a second, once: %j', (message) => {
    const { socket, unanswered } = connected();
    socket.send(message);
    socket.send(message);
    vi.advanceTimersByTime(499);
    expect(unanswered).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(unanswered).toHaveBeenCalledOnce();
  });

  test('is noticed again after the server has been heard', () => {
    const { socket, made, unanswered } = connected();
    const bye = sip('BYE sip:102@pbx SIP/2.0', 'BYE');
    socket.send(bye);
    vi.advanceTimersByTime(500);
    made.onmessage?.({ data: '\r\n' });
    socket.send(bye);
    vi.advanceTimersByTime(500);
    expect(unanswered).toHaveBeenCalledTimes(2);
  });

  test.for([
    sip('ACK sip:102@pbx SIP/2.0', 'ACK'),
    sip('SIP/2.0 200 OK', 'BYE'),
    sip('SIP/2.0 180 Ringing', 'INVITE'),
    '\r\n',
  ])('nothing is awaited after %j', (message) => {
    const { socket } = connected();
    socket.send(message);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.for(['heard', 'disconnected'])('is no longer awaited once the server is %s', (how) => {
    const { socket, made } = connected();
    socket.send(sip('BYE sip:102@pbx SIP/2.0', 'BYE'));
    if (how === 'heard') made.onmessage?.({ data: '\r\n' });
    else socket.disconnect();
    expect(vi.getTimerCount()).toBe(0);
  });
});
