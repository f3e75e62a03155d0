import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../media/support/fake-media.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import type { CommonEvent } from './dialogue.ts';
import { DialogueCall } from './dialogue-call.ts';
import { ServiceLeg } from './service-leg.ts';
import { incomingFrom } from './support/incoming-calls.ts';

test('a call whose dialogue fails at its end is over all the same', () => {
  const { leg, incoming, ends } = incomingFrom(terminalId('phone'), '101', 'Ada');
  const clock = new VirtualClock();
  const endpoint = new FakeMediaEngine(clock).endpoint();
  const step = (_: unknown, { kind }: CommonEvent): never => {
    throw new Error(`a mistake of ours at ${kind}`);
  };
  const line = new ServiceLeg({ leg, endpoint, clock });
  new DialogueCall(
    { ...incoming, line, clock, call: incoming.id, language: () => 'en' },
    { initial: { kind: 'begun' }, step },
    () => ({
      sight: undefined,
      perform: () => undefined,
      tell: () => undefined,
    }),
  );
  expect(() => {
    leg.says({ kind: 'ended', by: 'peer' });
  }).toThrow('a mistake of ours at gone');
  expect(ends()).toBe(1);
});
