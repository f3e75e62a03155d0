import { extensionNumber, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import type { FlowId } from '../../sip/transport/flow.ts';
import type { FlowOrder } from '../contract/flows.ts';
import { AttachedFlow } from './attached-flow.ts';

test('a flow that we have closed is not open, and its edge is given no further orders', () => {
  const orders: FlowOrder[] = [];
  const facts = {
    transport: 'WS',
    remoteAddress: '192.0.2.1',
    remotePort: 5060,
    authority: undefined,
  } as const;
  const account = { terminal: terminalId('phone'), number: extensionNumber('101') };
  const flow = new AttachedFlow(7 as FlowId, facts, account, (order) => void orders.push(order));
  expect([flow.open, flow.send('one')]).toEqual([true, true]);
  flow.close(4403, 'suspended');
  expect([flow.open, flow.send('two')]).toEqual([false, false]);
  flow.close(1000, 'again');
  expect(orders).toEqual([
    { kind: 'send', flow: 7, message: 'one' },
    { kind: 'close', flow: 7, code: 4403, reason: 'suspended' },
  ]);
});
