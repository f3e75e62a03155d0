import { organizationId, recordingId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Outbox, OutgoingMail } from '../ports.ts';

/** About messages that were left for `ada`, 100, in the organization `o`. */
const mail = (id: string): OutgoingMail => ({
  organization: organizationId('o'),
  message: recordingId(id),
  to: 'ada@example.org',
  mailbox: { number: '100', name: 'ada' },
  from: { number: '101', name: 'Ben “the bell” Ölçü' },
  language: 'en',
  at: 1_700_000_000_000,
  durationMs: 4_200,
  reason: 'busy',
  attempts: 0,
});

interface Subject {
  readonly outbox: Outbox;
  /** Puts a message into the mailbox at that instant, and the mail about it into the outbox. */
  leave(mail: OutgoingMail, at: number): Promise<void>;
  /** Opens it again as after a crash. */
  reopen(): Promise<Outbox>;
}

/** What every `Outbox` must do. `make` gives an empty one. */
export function outboxContract(name: string, make: () => Promise<Subject>): void {
  test(`${name}: nothing is due at first`, async () => {
    const { outbox } = await make();
    expect(await outbox.due(Number.MAX_SAFE_INTEGER)).toBeUndefined();
    expect(await outbox.size()).toBe(0);
    expect(await outbox.forgetOlderThan(Number.MAX_SAFE_INTEGER)).toBe(0);
  });

  test(`${name}: mail is due from the instant at which its message came, whole, also after a crash`, async () => {
    const { outbox, leave, reopen } = await make();
    await leave(mail('m1'), 1_000);
    expect(await outbox.due(999)).toBeUndefined();
    expect(await outbox.due(1_000)).toEqual(mail('m1'));
    const again = await reopen();
    expect(await again.due(1_000)).toEqual(mail('m1'));
    expect(await again.size()).toBe(1);
  });

  test(`${name}: what has been due for longest is first`, async () => {
    const { outbox, leave } = await make();
    await leave(mail('m1'), 2_000);
    await leave(mail('m2'), 3_000);
    expect((await outbox.due(9_000))?.message).toBe('m1');
    await outbox.postpone(recordingId('m1'), 4_000);
    expect((await outbox.due(9_000))?.message).toBe('m2');
  });

  test(`${name}: mail that failed is due again at the given time, and has been tried once more, over a crash`, async () => {
    const { outbox, leave, reopen } = await make();
    await leave(mail('m1'), 1_000);
    await outbox.postpone(recordingId('m1'), 5_000);
    await outbox.postpone(recordingId('m1'), 6_000);
    const again = await reopen();
    expect(await again.due(5_999)).toBeUndefined();
    expect(await again.due(6_000)).toEqual({ ...mail('m1'), attempts: 2 });
  });

  test(`${name}: mail that was sent is forgotten for good; unknown mail is ignored`, async () => {
    const { outbox, leave, reopen } = await make();
    await leave(mail('m1'), 1_000);
    await leave(mail('m2'), 1_000);
    await outbox.forget(recordingId('m1'));
    await outbox.forget(recordingId('m1'));
    await outbox.postpone(recordingId('m1'), 5_000);
    const again = await reopen();
    expect(await again.size()).toBe(1);
    expect((await again.due(9_000))?.message).toBe('m2');
  });

  test(`${name}: mail that has waited since before an instant is forgotten, however often it was tried`, async () => {
    const { outbox, leave } = await make();
    await leave(mail('m1'), 1_000);
    await leave(mail('m2'), 1_000);
    await leave(mail('m3'), 2_000);
    await outbox.postpone(recordingId('m1'), 9_000);
    expect(await outbox.forgetOlderThan(1_000)).toBe(0);
    expect(await outbox.forgetOlderThan(2_000)).toBe(2);
    expect((await outbox.due(9_000))?.message).toBe('m3');
  });
}
