import { describe, expect, test } from 'vitest';
import { answersTo, CallHouse, offersTo } from '../support/call-house.ts';
import { progress, answered, refer, told, replacesOf } from './support/transferring.ts';

describe('a transferee whose phone can be re-seated', () => {
  const made = { kind: 'offer-made', sdp: 'from Chloe' } as const;

  /** Ada has called Ben and transferred him to Chloe, who has answered and been asked for an offer. */
  async function asked() {
    const house = new CallHouse();
    const ada = house.register('101');
    const ben = house.register('102', 'ben', 'sip:ben@phone.invalid', true);
    house.register('103');
    const [referrer, transferee] = await house.connect(ada, '102');
    referrer.says(refer('sip:103@example.org'));
    const target = house.rung;
    target.says(answered);
    expect(target.told('ask-offer')).toHaveLength(1);
    expect(transferee.told('ask-offer')).toEqual([]);
    return { house, ben, referrer, transferee, target };
  }

  async function reseating() {
    const set = await asked();
    set.target.says(made);
    return { ...set, renewed: set.house.rung };
  }

  test('is called anew, by the call’s id and the dialog that it has', async () => {
    const { transferee, target, renewed, ben } = await reseating();
    expect(offersTo(transferee)).toEqual([]);
    expect(renewed.target).toEqual({ flow: ben.flow, contact: ben.binding.contact });
    const { id } = transferee;
    expect(renewed.invitation).toMatchObject({
      sdp: 'from Chloe',
      from: { displayName: 'Chloe' },
      to: { displayName: 'Ben' },
      fields: [
        ['Replaces', `call-${id};to-tag=remote-${id};from-tag=local-${id}`],
        ['Require', 'replaces'],
      ],
      label: target.labelled,
    });
  });

  test('once both are in storage, the target has its answer and the old leg is ended, once', async () => {
    const { house, referrer, transferee, target, renewed } = await reseating();
    house.store.held = [];
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    expect([answersTo(target), transferee.told('end'), referrer.told('end')]).toEqual([[], [], []]);
    for (const last of house.store.held) last();
    await house.clock.advance(0);
    expect(house.store.saved.at(-1)).toMatchObject({
      caller: { name: 'Chloe', dialog: target.snapshot() },
      callee: { name: 'Ben', dialog: renewed.snapshot(), binding: 'ben' },
    });
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([transferee, referrer, target, renewed].map((leg) => leg.told('end').length)).toEqual([
      1, 1, 0, 0,
    ]);
    expect(told(referrer)).toEqual([200]);
    // One record of the call before the transfer, and one after it: none of the new leg.
    expect(house.store.records).toEqual([]);
    target.says({ kind: 'ended', by: 'peer' });
    expect(renewed.told('end')).toHaveLength(1);
    expect(house.store.records).toMatchObject([{ result: 'answered' }]);
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });

  test.for([408, 481, 486, 488])('%i to the new INVITE: a re-INVITE instead', async (status) => {
    const { house, transferee, target, renewed } = await reseating();
    renewed.says({ kind: 'failed', status });
    expect(offersTo(transferee)).toEqual(['from Chloe']);
    transferee.says({ kind: 'offer-answered', sdp: 'from Ben' });
    await house.clock.advance(0);
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([transferee.told('end'), target.told('end')]).toEqual([[], []]);
    expect(house.clock.pending).toBe(0);
  });

  test('no answer in time: the new INVITE is cancelled, and once it has failed a re-INVITE goes out instead', async () => {
    const { house, transferee, renewed } = await reseating();
    renewed.says(progress);
    await house.clock.advance(4_000);
    expect(renewed.told('withdraw')).toHaveLength(1);
    expect(offersTo(transferee)).toEqual([]);
    renewed.says({ kind: 'failed', status: 487 });
    expect(offersTo(transferee)).toEqual(['from Chloe']);
  });

  test('its answer crosses our CANCEL, and it ends its old session: the call goes on in the new one', async () => {
    const { house, transferee, target, renewed } = await reseating();
    await house.clock.advance(4_000);
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    transferee.says({ kind: 'ended', by: 'peer' });
    await house.clock.advance(0);
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([renewed.told('end'), target.told('end'), house.calls.size]).toEqual([[], [], 1]);
  });

  test('it hangs up after our CANCEL: the new INVITE is given up for good', async () => {
    const { house, transferee, target, renewed } = await reseating();
    await house.clock.advance(4_000);
    transferee.says({ kind: 'ended', by: 'peer' });
    expect([renewed.told('end').length, target.told('end').length, house.calls.size]).toEqual([1, 1, 0]);
  });

  test('the phone has lost its connection: the re-INVITE waits for it', async () => {
    const { house, ben, transferee, target } = await asked();
    await house.loseFlow(ben);
    target.says(made);
    expect(house.rung).toBe(target);
    expect(offersTo(transferee)).toEqual(['from Chloe']);
  });

  /** Ada has called Chloe as well, and joins Ben with her; Chloe has made her offer. */
  async function attended() {
    const house = new CallHouse();
    const ada = house.register('101');
    house.register('102', 'ben', 'sip:ben@phone.invalid', true);
    const chloe = house.register('103');
    const [referrer, transferee] = await house.connect(ada, '102');
    const [consult, target] = await house.connect(ada, '103');
    referrer.says(refer('sip:103@example.org', replacesOf(consult)));
    target.says(made);
    return { house, chloe, referrer, transferee, consult, target, renewed: house.rung };
  }

  test('attended: it gets a new session with the target of the other call', async () => {
    const { house, referrer, transferee, consult, target, renewed } = await attended();
    expect(renewed.invitation).toMatchObject({ sdp: 'from Chloe', label: transferee.labelled });
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    await house.clock.advance(0);
    expect(answersTo(target)).toEqual(['from Ben']);
    expect([referrer, transferee, consult].map((leg) => leg.told('end').length)).toEqual([1, 1, 1]);
    expect([target, renewed].map((leg) => leg.told('end').length)).toEqual([0, 0]);
    expect(house.calls.size).toBe(1);
    expect(house.store.outcomes).toEqual(['transferred']);
  });

  test('attended: the target’s phone is disconnected while it is being joined: the call that it joins waits for it', async () => {
    const { house, chloe, target, renewed } = await attended();
    await house.loseFlow(chloe);
    renewed.says({ kind: 'answered', sdp: 'from Ben', contact: renewed.target.contact });
    await house.clock.advance(0);
    expect([house.calls.size, target.told('end').length]).toEqual([1, 0]);
    await house.clock.advance(30_000);
    expect(house.calls.size).toBe(0);
    expect(renewed.told('end')).toHaveLength(1);
  });

  test('attended: it refuses both: the target’s offer goes to the referrer’s other leg, and both calls are as before', async () => {
    const { house, referrer, transferee, consult, target, renewed } = await attended();
    renewed.says({ kind: 'failed', status: 488 });
    transferee.says({ kind: 'offer-refused', status: 488 });
    expect(told(referrer)).toEqual([488]);
    expect(offersTo(consult)).toEqual(['from Chloe']);
    consult.says({ kind: 'offer-answered', sdp: 'from Ada' });
    expect(answersTo(target)).toEqual(['from Ada']);
    expect(house.calls.size).toBe(2);
    expect(house.store.records).toEqual([]);
  });

  test('it hangs up meanwhile: everyone is told once', async () => {
    const { house, referrer, transferee, target, renewed } = await reseating();
    transferee.says({ kind: 'ended', by: 'peer' });
    expect([referrer, target, renewed].map((leg) => leg.told('end').length)).toEqual([1, 1, 1]);
    renewed.says({ kind: 'failed', status: 487 });
    expect(house.store.records).toHaveLength(1);
    expect([house.calls.size, house.clock.pending]).toEqual([0, 0]);
  });
});
