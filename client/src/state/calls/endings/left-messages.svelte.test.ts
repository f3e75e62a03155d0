import { callId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { ActiveCall } from '../active-call.svelte.ts';
import { LeftMessages } from './left-messages.ts';

const ADA = { number: '202', name: 'Ada' };
const BEN = { number: '102', name: 'Ben' };

/** Messages that have been left here, and what the page says of them. */
function page() {
  const kept: string[] = [];
  const left = new LeftMessages(({ name }) => kept.push(name));
  /** A call is over in which a message was left, of which so much is kept in any case. */
  const leave = (id: string, mailbox = ADA, ms: number | null = null, changes: object = {}) =>
    left.over({
      id: callId(id),
      dialogue: {
        mailbox: { service: 'deposit', saved: false, mailbox, ...changes },
        cutOff: ms === null ? null : { mailbox, ms },
      },
    } as ActiveCall);
  return { left, kept, leave };
}

test('a message that is kept after its call is reported once', () => {
  const { left, kept, leave } = page();
  leave('a');
  left.kept(callId('a'));
  left.kept(callId('a'));
  expect(kept).toEqual(['Ada']);
});

test('each of several calls has its own message, in whatever order they are kept', () => {
  const { left, kept, leave } = page();
  leave('a', ADA);
  leave('b', BEN);
  left.kept(callId('b'));
  left.kept(callId('c'));
  left.kept(callId('a'));
  expect(kept).toEqual(['Ben', 'Ada']);
});

test('a message that was cut off is reported once, whether the server says so first or the line is back first', () => {
  const { left, kept, leave } = page();
  leave('a', ADA, 8_000);
  left.kept(callId('a'));
  expect([kept, left.takeCut()]).toEqual([['Ada'], []]);
  leave('b', BEN, 5_000);
  expect(left.takeCut()).toEqual([{ mailbox: BEN, ms: 5_000 }]);
  left.kept(callId('b'));
  expect([kept, left.takeCut()]).toEqual([['Ada'], []]);
});

test('nothing is reported of a call without a message, of one that is known to be kept, or to another person', () => {
  const { left, kept, leave } = page();
  leave('a', ADA, 8_000, { service: 'retrieval' });
  leave('b', ADA, 8_000, { saved: true });
  leave('c', ADA, 8_000);
  left.forget();
  for (const id of ['a', 'b', 'c']) left.kept(callId(id));
  expect([kept, left.takeCut()]).toEqual([[], []]);
});

test('only the last calls are waited for', () => {
  const { left, kept, leave } = page();
  for (let call = 0; call < 9; call++) leave(String(call));
  left.kept(callId('0'));
  left.kept(callId('1'));
  expect(kept).toHaveLength(1);
});
