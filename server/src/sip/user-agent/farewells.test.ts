import { expect, test } from 'vitest';
import { Line, summary } from './support/test-line.ts';

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
    expect([line.server.faults, line.clock.pending]).toEqual([[], 0]);
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
