import { Call, connectCall } from '../support/call.ts';
import * as sip from '../support/sip-message.ts';
import type { Lie } from './lie.ts';

/** Requests of a phone in the dialog of another, all of whose tags it knows. */
const inAnothersDialog = (method: string, fields: readonly string[] = [], body?: string): Lie => ({
  name: `${method} in the dialog of another`,
  guards: ['a dialog is its peer’s'],
  works: async (on) => {
    const [ada, ben, thief] = [await on.register('101'), await on.register('102'), await on.register('103')];
    const [caller] = await connectCall(ada, ben);
    const answer = await thief.transact(method, caller.target, {
      from: caller.local,
      to: caller.remote,
      callId: caller.callId,
      sequence: 50,
      fields,
      ...(body !== undefined && { body }),
    });
    if (method !== 'BYE') await caller.request('BYE', { sequence: 60 });
    return ![403, 481].includes(sip.status(answer));
  },
});

const REPLACES: Lie = {
  name: 'INVITE with Replaces for the call of another',
  guards: ['calls of a terminal are looked through', 'a leg is replaced at its own terminal'],
  works: async (on) => {
    const [ada, ben, thief] = [await on.register('101'), await on.register('102'), await on.register('103')];
    const [caller] = await connectCall(ada, ben);
    const dialog = `${caller.callId};to-tag=${sip.tag(caller.remote)};from-tag=${sip.tag(caller.local)}`;
    const call = new Call(thief, '102', { fields: [`Replaces: ${dialog}`] });
    // A phone that takes a call up is joined with the other side by a new offer.
    return Promise.race([ben.request('INVITE').then(() => true), call.response(300).then(() => false)]);
  },
};

/** Somebody who takes part in calls that are not theirs. */
export const HIJACK: readonly Lie[] = [
  inAnothersDialog('BYE'),
  inAnothersDialog('INFO', ['Content-Type: application/dtmf-relay'], 'Signal=5\r\nDuration=100\r\n'),
  REPLACES,
  inAnothersDialog('REFER', ['Refer-To: <sip:104@demo.example>']),
];
