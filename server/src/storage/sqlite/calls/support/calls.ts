import { callId, type CallRecord, extensionId, extensionNumber, terminalId } from '@perch/shared';
import { type CallAccount, newAccount } from '../../../../exchange/call/records/account.ts';
import type { CallParty, StoredCall } from '../../../../exchange/ports.ts';
import { aCall, anAttempt, at } from '../../../../records/support/test-records.ts';

/** For tests: a party, as a browser on JsSIP makes it. */
function party(number: string): CallParty {
  const extension = extensionId(`extension-${number}`);
  return {
    extension,
    terminal: terminalId(`phone-of-${extension}`),
    number: extensionNumber(number),
    name: 'Zoë "Z" O’Hara',
    binding: '<urn:uuid:0f6b2c1e-2a51-4c83-9d0a-5d1f2f9f3f4b>;1',
    contact: 'sip:k3v9a0b2@8mh2v6u0r4tq.invalid;transport=ws;ob',
    dialog: {
      callId: 'p4u1d8s7c3k2j9f6',
      localTag: 'a6f0c2d4',
      remoteTag: 'b7g1d3e5',
      localUri: 'sip:102@demo.perch.test',
      remoteUri: `sip:${number}@demo.perch.test`,
      localSequence: 1,
      remoteSequence: 7_311,
      remoteTarget: 'sip:k3v9a0b2@8mh2v6u0r4tq.invalid;transport=ws;ob',
      routeSet: [],
      role: 'uas',
      allowsUpdate: true,
      sessionTimer: { intervalSeconds: 1800, refresher: 'peer' },
    },
  };
}

/** For tests: what is known of it. */
const account: CallAccount = {
  ...newAccount({ startedAt: 1, dialled: '102', caller: at('101'), callee: at('102') }),
  ...{ attempts: [anAttempt('102')], answeredAt: 2, countedAt: 2 },
};

/** For tests: an answered call. */
export const storedCall = (id: string, answeredAt = 2): StoredCall => ({
  ...{ id: callId(id), account, startedAt: 1, answeredAt },
  ...{ caller: party('101'), callee: party('102') },
});

/** For tests: the record of that call. */
export const callRecord = (id: string): CallRecord => aCall(id);
