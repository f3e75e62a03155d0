import { expect, test } from 'vitest';
import { Line } from './test-line.ts';

/** The one inbound leg at a station. */
function only<Value>(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined || values.length !== 1) throw new Error(`${String(values.length)} instead of one`);
  return value;
}

test('a complete call: 100 at once, ringing, answer, ACK, BYE; nothing stays behind', async () => {
  const line = new Line();
  const caller = line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  expect(leg.sdp).toBe('offer of the phone');
  leg.progress(180);
  await line.settle();
  leg.answer('answer of the server');
  await line.settle();
  expect(line.server.sent).toEqual(['100 INVITE', '180 INVITE', '200 INVITE']);
  expect(line.phone.sent).toEqual(['INVITE', 'ACK']);
  expect(line.events(caller).map(({ kind }) => kind)).toEqual(['progress', 'answered']);
  expect(line.events(leg)).toEqual([{ kind: 'acknowledged' }]);
  leg.end({ protocol: 'Q.850', cause: 16, text: 'Köln' });
  await line.settle();
  expect(line.events(leg).at(-1)).toEqual({ kind: 'ended', by: 'us' });
  expect(line.events(caller).at(-1)).toEqual({
    kind: 'ended',
    by: 'peer',
    reason: { protocol: 'Q.850', cause: 16, text: 'Köln' },
  });
  await line.clock.advance(120_000);
  expect(line.clock.pending).toBe(0);
  expect([...line.server.agent.legs(), ...line.phone.agent.legs()]).toEqual([]);
  expect([...line.server.faults, ...line.phone.faults]).toEqual([]);
});
