import { expect, test } from 'vitest';
import { answersTo, CallHouse, offersTo, terminalAt } from '../support/call-house.ts';

async function talking(): Promise<readonly [CallHouse, ...Awaited<ReturnType<CallHouse['connect']>>]> {
  const house = new CallHouse();
  const [ada] = [house.register('101'), house.register('102')];
  return [house, ...(await house.connect(ada, '102'))];
}

test.for(['INVITE', 'UPDATE'] as const)(
  'a re-offer by %s goes to the other side, its answer back',
  async (method) => {
    const [, caller, callee] = await talking();
    callee.says({ kind: 'offered', sdp: 'hold', method });
    expect(offersTo(caller)).toEqual(['hold']);
    caller.says({ kind: 'offer-answered', sdp: 'held' });
    expect(answersTo(callee)).toEqual(['held']);
    caller.says({ kind: 'offered', sdp: 'mine', method });
    callee.says({ kind: 'offer-answered', sdp: 'yours' });
    expect(answersTo(caller)).toEqual(['yours']);
  },
);

test('glare: a re-offer while another is under way is refused with 491', async () => {
  const [, caller, callee] = await talking();
  caller.says({ kind: 'offered', sdp: 'first', method: 'INVITE' });
  callee.says({ kind: 'offered', sdp: 'second', method: 'INVITE' });
  expect(callee.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 491 }]);
  expect(offersTo(caller)).toEqual([]);
  callee.says({ kind: 'offer-answered', sdp: 'yes' });
  expect(answersTo(caller)).toEqual(['yes']);
});

test('glare: an offer refused with 491 does not hide that the other one puts on hold', async () => {
  const [house, caller, callee] = await talking();
  caller.says({ kind: 'offered', sdp: 'm=audio 9\r\na=sendonly\r\n', method: 'INVITE' });
  callee.says({ kind: 'offered', sdp: 'm=audio 9\r\na=sendrecv\r\n', method: 'INVITE' });
  callee.says({ kind: 'offer-answered', sdp: 'm=audio 9\r\na=recvonly\r\n' });
  expect(house.calls.views(terminalAt('102'))).toMatchObject([{ hold: { here: false, there: true } }]);
  expect(house.calls.views(terminalAt('101'))).toMatchObject([{ hold: { here: true, there: false } }]);
});

test('a refused re-offer is refused on the other leg, and the next one goes through', async () => {
  const [, caller, callee] = await talking();
  caller.says({ kind: 'offered', sdp: 'video', method: 'INVITE' });
  callee.says({ kind: 'offer-refused', status: 488 });
  expect(caller.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 488 }]);
  caller.says({ kind: 'offered', sdp: 'audio', method: 'INVITE' });
  expect(offersTo(callee)).toEqual(['video', 'audio']);
});

test('a re-offer before the caller has its 200 is refused with 491', async () => {
  const house = new CallHouse();
  house.store.held = [];
  const [ada] = [house.register('101'), house.register('102')];
  house.dial(ada, '102');
  house.rung.says({ kind: 'answered', sdp: 'answer', contact: 'sip:x@x' });
  house.rung.says({ kind: 'offered', sdp: 'again', method: 'UPDATE' });
  expect(house.rung.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 491 }]);
});

test('the press of a key is passed on, written anew; nothing else of an INFO is', async () => {
  const [, caller, callee] = await talking();
  const info = { kind: 'info', contentType: 'application/dtmf', body: '"1"' } as const;
  const pressed = [
    { kind: 'info', contentType: 'application/dtmf-relay', body: 'Signal=1\r\nDuration=100\r\n' },
  ];
  caller.says(info);
  expect(callee.told('info')).toEqual(pressed);
  callee.says(info);
  expect(caller.told('info')).toEqual(pressed);
  caller.says({ kind: 'info', contentType: 'text/html', body: '<script>' });
  caller.says({ kind: 'info', contentType: 'application/dtmf-relay', body: 'Signal=1\r\n\r\n<script>' });
  expect(callee.told('info')).toEqual([...pressed, ...pressed]);
});

test('a side hangs up while its re-offer is out', async () => {
  const [house, caller, callee] = await talking();
  caller.says({ kind: 'offered', sdp: 'hold', method: 'INVITE' });
  caller.says({ kind: 'ended', by: 'peer' });
  expect(callee.told('end')).toHaveLength(1);
  callee.says({ kind: 'offer-answered', sdp: 'too late' });
  expect(answersTo(caller)).toEqual([]);
  expect(house.calls.size).toBe(0);
});

test.for(['unacknowledged', 'session-expired', 'gone'] as const)(
  'a side that ended as %s ends the call',
  async (by) => {
    const [house, caller, callee] = await talking();
    caller.says({ kind: 'ended', by });
    expect(callee.told('end')).toHaveLength(1);
    expect(house.store.outcomes).toEqual(['answered']);
  },
);
