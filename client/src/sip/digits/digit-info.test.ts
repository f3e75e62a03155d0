import type { RTCSession } from 'jssip/lib/RTCSession';
import { expect, test } from 'vitest';
import { sendDigitInfo } from './digit-info.ts';

interface Sent {
  readonly extraHeaders: readonly string[];
  readonly eventHandlers: Readonly<Record<string, () => void>>;
  readonly body: string;
}

/** A key that was sent, and its result. */
function key(digit: string) {
  const sent: Sent[] = [];
  const ends: string[] = [];
  const session = {
    sendRequest: (_method: string, options: Sent) => sent.push(options),
    onRequestTimeout: () => ends.push('timeout'),
    onDialogError: () => ends.push('dialog'),
    onTransportError: () => ends.push('transport'),
  };
  const arrived = sendDigitInfo(session as unknown as RTCSession, digit, 100);
  return { sent, ends, arrived, hear: (outcome: string) => sent[0]?.eventHandlers[outcome]?.() };
}

test('a key is one request', () => {
  expect(key('#').sent).toMatchObject([
    { extraHeaders: ['Content-Type: application/dtmf-relay'], body: 'Signal=#\r\nDuration=100' },
  ]);
});

test.for([
  ['onSuccessResponse', true, []],
  ['onErrorResponse', true, []],
  ['onTransportError', false, []],
  ['onRequestTimeout', false, ['timeout']],
  ['onDialogError', false, ['dialog']],
] as const)('%s: arrived %s, and the call hears of %j', async ([outcome, arrives, ends]) => {
  const pressed = key('1');
  pressed.hear(outcome);
  expect(await pressed.arrived).toBe(arrives);
  expect(pressed.ends).toEqual(ends);
});
