import { describe, expect, test, vi } from 'vitest';
import { Line, only, summary } from './support/test-line.ts';

/** A call whose server hangs up while the phone's flow is dead, whether the server knows it or not. */
async function hungUp(isKnown: boolean) {
  const line = new Line();
  const [server, phone] = await line.answered();
  const { flow } = line.server;
  line.server.loses = (message) => summary(message) === 'BYE';
  if (isKnown) line.cut();
  server.end({ protocol: 'SIP', cause: 200, text: 'Transferred' });
  await line.settle();
  expect([line.events(server), line.events(phone)]).toEqual([[{ kind: 'ended', by: 'us' }], []]);
  line.server.loses = () => false;
  /** The phone is back, on another flow. */
  const back = async () => {
    line.connect();
    line.server.agent.flowReplaced(flow, line.server.flow);
    await line.settle();
  };
  return { line, phone, flow, back };
}
const ENDED = [{ kind: 'ended', by: 'peer', reason: { protocol: 'SIP', cause: 200, text: 'Transferred' } }];

test.for([true, false])(
  'a phone that is back hears the BYE that was lost with its flow; the flow was seen to end: %j',
  async (isKnown) => {
    const { line, phone, flow, back } = await hungUp(isKnown);
    await back();
    expect(line.events(phone)).toEqual(ENDED);
    expect(line.phone.sent).toEqual(['200 BYE']);
    flow.hangUp();
    await back();
    await line.clock.advance(120_000);
    expect([line.server.sent.filter((sent) => sent === 'BYE').length, line.phone.sent]).toEqual([
      isKnown ? 1 : 2,
      ['200 BYE'],
    ]);
    expect([line.server.faults, line.clock.pending, line.server.owed.size]).toEqual([[], 0, 0]);
  },
);

test('also one that nobody has answered for half a minute', async () => {
  const { line, phone, back } = await hungUp(false);
  await line.clock.advance(40_000);
  await back();
  expect(line.events(phone)).toEqual(ENDED);
});

test('also where it is back on a flow that dies at once, and then on a third one', async () => {
  const { line, phone, flow } = await hungUp(true);
  line.connect();
  const { flow: second } = line.server;
  line.server.loses = (message) => summary(message) === 'BYE';
  line.server.agent.flowReplaced(flow, second);
  line.cut();
  line.server.loses = () => false;
  line.connect();
  line.server.agent.flowReplaced(second, line.server.flow);
  await line.settle();
  expect(line.events(phone)).toEqual(ENDED);
});

test('it is kept for 90 s', async () => {
  const { line, phone, back } = await hungUp(true);
  await line.clock.advance(90_000);
  await back();
  expect(line.events(phone)).toEqual([]);
});

describe('a BYE is kept beyond the life of the server', () => {
  test('as soon as its flow is known to be dead', async () => {
    const { line } = await hungUp(true);
    expect(line.server.owed.size).toBe(1);
  });

  test('after two seconds without an answer over a flow that seems to stand, and until there is one', async () => {
    const { line, back } = await hungUp(false);
    await line.clock.advance(900);
    expect(line.server.owed.size).toBe(0);
    await line.clock.advance(1_100);
    expect(line.server.owed.size).toBe(1);
    await back();
    expect(line.server.owed.size).toBe(0);
  });

  test('for 90 s', async () => {
    const { line } = await hungUp(true);
    await line.clock.advance(89_000);
    expect(line.server.owed.size).toBe(1);
    await line.clock.advance(1_000);
    expect(line.server.owed.size).toBe(0);
  });

  test('each as long as any other', async () => {
    const { line } = await hungUp(true);
    const { flow } = line.server;
    await line.clock.advance(60_000);
    const later = { tag: 'later', bye: only([...line.server.owed.values()]).bye };
    line.server.agent.leave(flow, later);
    await line.clock.advance(89_000);
    expect([...line.server.owed.keys()]).toEqual(['later']);
    await line.clock.advance(1_000);
    expect(line.server.owed.size).toBe(0);
  });

  test('and said by the next one as soon as the phone is back', async () => {
    const { line, phone } = await hungUp(true);
    const owed = [...line.server.owed.values()];
    line.restartServer();
    const { flow: absent } = line.server;
    line.cut();
    for (const farewell of owed) line.server.agent.leave(absent, farewell);
    await line.settle();
    expect(line.server.owed.size).toBe(1);
    line.connect();
    line.server.agent.flowReplaced(absent, line.server.flow);
    await line.settle();
    expect([line.events(phone), line.server.owed.size]).toEqual([ENDED, 0]);
  });

  test('never where it is answered', async () => {
    const line = new Line();
    const [server] = await line.answered();
    const owed = vi.spyOn(line.server.owed, 'set');
    server.end();
    await line.clock.advance(60_000);
    expect([owed.mock.calls, line.clock.pending]).toEqual([[], 0]);
  });
});

test('a BYE that was answered is not sent again', async () => {
  const line = new Line();
  const [server] = await line.answered();
  const { flow } = line.server;
  server.end();
  await line.settle();
  line.connect();
  line.server.agent.flowReplaced(flow, line.server.flow);
  await line.settle();
  expect(line.server.sent).toEqual(['BYE']);
});
