import type { Replaces } from '../../../../sip/message/fields/replaces.ts';
import type { FakeLeg } from '../../../../sip/user-agent/support/fake-leg.ts';
import { CallHouse } from '../../support/call-house.ts';

export const progress = { kind: 'progress', status: 180 } as const;
export const answered = { kind: 'answered', sdp: 'to the placeholder', contact: 'sip:x@x' } as const;

/** A REFER to that address. */
export const refer = (uri: string, replaces?: Replaces) =>
  ({ kind: 'refer', id: 7, referTo: { uri, displayName: undefined, replaces } }) as const;

export const AUDIO = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n';

/** Ada has called Ben, and will transfer him. */
export async function talking() {
  const house = new CallHouse();
  const [ada, ben] = [house.register('101'), house.register('102')];
  const chloe = house.register('103');
  const [referrer, transferee] = await house.connect(ada, '102');
  return { house, ada, ben, chloe, referrer, transferee };
}

/** She has transferred him to Chloe, whose phone is to ring. */
export async function ringing() {
  const set = await talking();
  set.referrer.says(refer('sip:103@example.org'));
  return { ...set, target: set.house.rung };
}

/** What the referrer was told of its transfer, as statuses. */
export const told = (leg: FakeLeg): readonly number[] =>
  leg.told('refer-progress').map(({ status }) => status);

/** The Replaces value for that leg's dialog. */
export const replacesOf = ({ id }: FakeLeg): Replaces => ({
  callId: `call-${id}`,
  toTag: `local-${id}`,
  fromTag: `remote-${id}`,
  earlyOnly: false,
});

/** Ada talks to Ben, and has called Chloe to ask her. `consult` is Ada's leg to Chloe, `target` Chloe's. */
export async function consulting() {
  const set = await talking();
  const [consult, target] = await set.house.connect(set.ada, '103');
  return { ...set, consult, target, replaces: replacesOf(consult) };
}
