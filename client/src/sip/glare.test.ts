import Dialog, { type Dialog as DialogState, type IncomingRequest } from 'jssip/lib/Dialog';
import RequestSender, { type RequestSender as Sender } from 'jssip/lib/Dialog/RequestSender';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { mendGlare } from './glare.ts';

/** What chance says next: 0 is the shortest pause, LONGEST the longest. */
let chance = 0;
const LONGEST = 1 - Number.EPSILON;
beforeAll(() => mendGlare({ fraction: () => chance }));
afterEach(() => {
  chance = 0;
  vi.useRealTimers();
});

/** A dialog with the fields that JsSIP's own check reads. */
const dialogWith = (pending: boolean): DialogState =>
  Object.assign(Object.create(Dialog.prototype) as DialogState, {
    _uac_pending_reply: pending,
    _remote_seqnum: 1,
  });

function reinvite(): IncomingRequest & { readonly replies: number[] } {
  const replies: number[] = [];
  const request = {
    method: 'INVITE',
    body: 'v=0',
    cseq: 2,
    replies,
    reply: (status: number) => replies.push(status),
    hasHeader: () => false,
    getHeader: () => undefined,
    server_transaction: { on: () => undefined, state: 0 },
  };
  return request;
}

test('an offer that meets our own is refused with 491 and not taken (RFC 3261 §14.2)', () => {
  const request = reinvite();
  expect(Dialog.prototype._checkInDialogRequest.call(dialogWith(true), request)).toBe(false);
  expect(request.replies).toEqual([491]);
});

test('an offer that meets nothing is taken', () => {
  const request = reinvite();
  expect(Dialog.prototype._checkInDialogRequest.call(dialogWith(false), request)).toBe(true);
  expect(request.replies).toEqual([]);
});

/** An offer of ours that is refused with 491, in a call that we have begun or taken. */
function refused(direction: 'outgoing' | 'incoming') {
  const bodies: string[] = [];
  const errors: number[] = [];
  /** Is the browser in the middle of answering the other side's offer? */
  const browser = { isAnswering: false };
  const dialog: DialogState = Object.assign(dialogWith(false), {
    _ua: {},
    _owner: {
      direction,
      isEnded: () => false,
      _createLocalDescription: () =>
        browser.isAnswering ? Promise.reject(new Error('InvalidStateError')) : Promise.resolve('fresh'),
      _mangleOffer: (sdp: string) => sdp,
    },
    sendRequest: (_method: string, options?: { readonly body: string }) => bodies.push(options?.body ?? ''),
  });
  const sender: Sender = {
    _dialog: dialog,
    _request: { extraHeaders: [] },
    _eventHandlers: { onErrorResponse: ({ status_code }) => errors.push(status_code) },
  };
  const pending = { method: 'INVITE', status_code: 491, getHeader: () => undefined };
  const refuse = (): void => RequestSender.prototype._receiveResponse.call(sender, pending);
  refuse();
  return { bodies, errors, dialog, browser, refuse };
}

test.for([
  ['outgoing', 0, 2_100],
  ['outgoing', LONGEST, 4_000],
  ['incoming', 0, 0],
  ['incoming', LONGEST, 2_000],
] as const)(
  'after a 491 the side that is %s in the call asks anew, with a fresh offer: at chance %f after %i ms (RFC 3261 §14.1)',
  async ([direction, fraction, pause]) => {
    vi.useFakeTimers();
    chance = fraction;
    const { bodies, errors, refuse } = refused(direction);
    await vi.advanceTimersByTimeAsync(Math.max(0, pause - 1));
    expect(bodies).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(bodies).toEqual(['fresh']);

    for (let tries = 2; tries <= 5; tries++) refuse();
    expect(errors).toEqual([491]);
  },
);

test('our offer follows as soon as the one that it met is settled, and only once', async () => {
  vi.useFakeTimers();
  const { bodies, dialog } = refused('outgoing');
  const says = (method: string) =>
    Dialog.prototype._checkInDialogRequest.call(dialog, { ...reinvite(), method });
  says('INVITE');
  await vi.advanceTimersByTimeAsync(10);
  expect(bodies).toEqual([]);
  // It has its answer.
  Object.assign(dialog, { _uas_pending_reply: false });
  says('ACK');
  await vi.advanceTimersByTimeAsync(10);
  says('ACK');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bodies).toEqual(['fresh']);
});

/** 500 ms between tries, and the turn of the event loop in which each of them is made (milliseconds). */
const LONGEST_RETRY_MS = 502;

test.for(['ACK', 'time'])(
  'an offer whose turn comes while the other side’s is being answered is not lost: it follows after its %s',
  async (then) => {
    vi.useFakeTimers();
    const { bodies, dialog, browser } = refused('incoming');
    browser.isAnswering = true;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(bodies).toEqual([]);
    browser.isAnswering = false;
    if (then === 'time') await vi.advanceTimersByTimeAsync(LONGEST_RETRY_MS);
    else {
      Dialog.prototype._checkInDialogRequest.call(dialog, { ...reinvite(), method: 'ACK' });
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(bodies).toEqual(['fresh']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bodies).toEqual(['fresh']);
  },
);

test('nor is it made before the other side’s has its answer', async () => {
  vi.useFakeTimers();
  const { bodies, dialog } = refused('incoming');
  Object.assign(dialog, { _uas_pending_reply: true });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(bodies).toEqual([]);
  Object.assign(dialog, { _uas_pending_reply: false });
  await vi.advanceTimersByTimeAsync(LONGEST_RETRY_MS);
  expect(bodies).toEqual(['fresh']);
});
