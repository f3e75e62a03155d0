import type { DepositReason } from '@perch/shared';
import { describe, expect, test } from 'vitest';
import { CallHouse, idOf, terminalAt } from '../support/call-house.ts';
import { refer, AUDIO, talking, told } from './support/transferring.ts';

describe('a blind transfer that is not answered', () => {
  type Set = Awaited<ReturnType<typeof talking>>;

  test.for<readonly [what: string, reason: DepositReason, act: (set: Set) => unknown]>([
    ['has no phone', 'offline', ({ referrer }) => referrer.says(refer('sip:104@example.org'))],
    [
      'is away from every phone',
      'homeless',
      ({ house, referrer }) => {
        house.move({ 112: '104' });
        referrer.says(refer('sip:104@example.org'));
      },
    ],
    [
      'is busy',
      'busy',
      ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.rung.says({ kind: 'failed', status: 486 });
      },
    ],
    [
      'sends it to voicemail',
      'declined',
      ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.rung.says({ kind: 'failed', status: 302 });
      },
    ],
    [
      'does not answer',
      'no-answer',
      async ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        await house.clock.advance(25_000);
        expect(house.rung.told('end')).toMatchObject([{ reason: { cause: 408 } }]);
        house.rung.says({ kind: 'failed', status: 487 });
      },
    ],
    [
      'loses its phone',
      'offline',
      ({ house, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.rung.says({ kind: 'failed', status: 503 });
      },
    ],
    [
      'falls asleep',
      'offline',
      ({ house, chloe, referrer }) => {
        referrer.says(refer('sip:103@example.org'));
        house.sleeps(chloe);
      },
    ],
  ])('as the target %s leaves the transferee with its mailbox', async ([, reason, act]) => {
    const set = await talking();
    const { house, referrer, transferee } = set;
    await act(set);
    const number = house.deposits[0]?.[1] ?? '';
    expect(house.deposits).toEqual([['102', number, reason]]);
    expect(told(referrer)).toEqual([181]);
    transferee.says({ kind: 'offer-made', sdp: AUDIO });
    await house.clock.advance(0);
    expect(transferee.told('accept-offer')).toHaveLength(1);
    expect(told(referrer)).toEqual([181, 200]);
    expect([referrer.told('end').length, transferee.told('end').length]).toEqual([1, 0]);
    const { name } = house.directory.byNumber(number) ?? {};
    expect(house.calls.views(terminalAt('102'))).toMatchObject([
      { state: 'talking', with: { number, name } },
    ]);
    expect([house.calls.views(terminalAt('101')), house.calls.views(terminalAt(number))]).toEqual([[], []]);
    expect(['101', '102', number].map((each) => house.calls.busy(idOf(each)))).toEqual([false, true, false]);
    house.joined[0]?.leave();
    await house.clock.advance(0);
    expect(transferee.told('end')).toHaveLength(1);
    const [record] = house.store.records;
    expect(record?.parts.map((part) => [part.number, part.result, part.transferred])).toEqual([
      ['101', null, true],
      ['102', 'handled', false],
      [number, reason === 'declined' ? 'declined' : 'missed', false],
    ]);
    expect(record?.attempts.at(-1)).toMatchObject({ number, by: { name: 'Ada' } });
    expect(record?.mailbox).toMatchObject({ number, name });
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });

  test('the transferee hangs up, or the mailbox refuses its sound: nothing is left', async () => {
    const gone = await talking();
    gone.referrer.says(refer('sip:104@example.org'));
    gone.transferee.says({ kind: 'ended', by: 'peer' });
    await gone.house.clock.advance(0);
    expect(gone.house.joined[0]?.state).toBe('over');
    const refused = await talking();
    refused.referrer.says(refer('sip:104@example.org'));
    refused.transferee.says({ kind: 'offer-made', sdp: 'm=video 9' });
    await refused.house.clock.advance(0);
    expect(told(refused.referrer)).toEqual([181, 488]);
    expect(refused.house.joined[0]?.state).toBe('over');
  });

  test('the transferee is with a mailbox: it cannot hand that on, and is asked for in no other call', async () => {
    const { house, referrer, transferee } = await talking();
    referrer.says(refer('sip:104@example.org'));
    transferee.says({ kind: 'offer-made', sdp: AUDIO });
    await house.clock.advance(0);
    transferee.says(refer('sip:103@example.org'));
    expect(transferee.told('refuse-refer')).toMatchObject([{ status: 403 }]);
  });

  test('an emergency call goes to no mailbox', async () => {
    const house = new CallHouse();
    const ada = house.register('101');
    house.register('112');
    const [, referrer] = await house.connect(ada, '112');
    referrer.says(refer('sip:103@example.org'));
    expect([referrer.told('refuse-refer').map(({ status }) => status), house.deposits]).toEqual([[480], []]);
  });
});
