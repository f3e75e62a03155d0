import { CALL_ID_HEADER } from '@perch/shared';
import type { IncomingInvite } from 'jssip/lib/Dialog';
import type { TerminateOptions } from 'jssip/lib/RTCSession';
import Transactions from 'jssip/lib/Transactions';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusals } from './refusals.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

let branches = 0;

/** An INVITE of that call with JsSIP's own transaction, over a connection that carries what is sent, or does not. */
function ringing(refusals: Refusals, id: string | undefined, { carries = true } = {}) {
  const branch = `z9hG4bK${String(branches++)}`;
  const invite = {
    via_branch: branch,
    reply: () => undefined,
    getHeader: (name: string) => (name === CALL_ID_HEADER ? id : undefined),
  };
  const ua = { newTransaction: () => undefined, destroyTransaction: () => undefined };
  const transaction = new Transactions.InviteServerTransaction(ua, { send: () => carries }, invite);
  const refused: unknown[] = [];
  const session = {
    terminate: (options?: TerminateOptions): void => {
      refused.push(options?.status_code);
      transaction.receiveResponse(options?.status_code ?? 480, 'SIP/2.0');
    },
  };
  const request = invite as unknown as IncomingInvite;
  refusals.watch(session, request);
  return {
    request,
    refused,
    refuse: (status: number) => session.terminate({ status_code: status }),
    acknowledged: () => {
      Transactions.checkTransaction(
        { _transactions: { ist: { [branch]: transaction } } },
        { method: 'ACK', via_branch: branch },
      );
      vi.advanceTimersByTime(10);
    },
    connectionLost: () => transaction.onTransportError(),
  };
}

/** How that call is refused when it rings once more. */
const again = (refusals: Refusals, id = 'call-1') => refusals.before(ringing(refusals, id).request);

describe.for([
  ['declined', 603],
  ['sent to voicemail', 302],
] as const)('a call that is %s', ([, status]) => {
  test('on a connection that is gone is refused again', () => {
    const refusals = new Refusals();
    const { refuse, refused } = ringing(refusals, 'call-1', { carries: false });
    refuse(status);
    expect(refused).toEqual([status]);
    expect(again(refusals)).toBe(status);
  });

  test('on a connection that turns out to be dead before the ACK is refused again', () => {
    const refusals = new Refusals();
    const { refuse, connectionLost } = ringing(refusals, 'call-1');
    refuse(status);
    connectionLost();
    expect(again(refusals)).toBe(status);
  });

  test('may ring once more where the server has heard it, as when it is transferred here', () => {
    const refusals = new Refusals();
    const { refuse, acknowledged } = ringing(refusals, 'call-1');
    refuse(status);
    acknowledged();
    expect(again(refusals)).toBeUndefined();
  });
});

test('what the phone itself refuses, with no person deciding, may ring once more', () => {
  const refusals = new Refusals();
  for (const status of [408, 486]) ringing(refusals, 'call-1', { carries: false }).refuse(status);
  expect(again(refusals)).toBeUndefined();
});

test('other calls ring, also those without an id', () => {
  const refusals = new Refusals();
  ringing(refusals, 'call-1', { carries: false }).refuse(603);
  ringing(refusals, undefined, { carries: false }).refuse(603);
  expect(again(refusals, 'call-2')).toBeUndefined();
  expect(refusals.before(ringing(refusals, undefined).request)).toBeUndefined();
});

test('a refusal that was given again is kept until it has been heard, and not longer than a call rings', () => {
  const refusals = new Refusals();
  ringing(refusals, 'call-1', { carries: false }).refuse(603);
  vi.advanceTimersByTime(20_000);
  ringing(refusals, 'call-1', { carries: false }).refuse(603);
  vi.advanceTimersByTime(20_000);
  expect(again(refusals)).toBe(603);
  vi.advanceTimersByTime(20_000);
  expect(again(refusals)).toBeUndefined();
});
