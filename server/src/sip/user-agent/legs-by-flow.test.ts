import { expect, test } from 'vitest';
import type { Flow } from '../transport/flow.ts';
import type { DialogLeg } from './dialog-leg.ts';
import { LegsByFlow } from './legs-by-flow.ts';

const flow = (id: number) => ({ id }) as unknown as Flow;
const leg = () => ({ flows: [] }) as unknown as DialogLeg;

test('a flow that ends has all of its legs, which have nothing to do with it afterwards', () => {
  const [legs, ended, other] = [new LegsByFlow(), flow(1), flow(2)];
  const [one, two, three] = [leg(), leg(), leg()];
  for (const each of [one, two, three, two]) legs.add(each, ended);
  legs.add(two, other);
  expect([...legs.take(ended)]).toEqual([one, two, three]);
  expect([one.flows, two.flows, three.flows]).toEqual([[], [other], []]);
  expect([legs.has(ended), legs.has(other), [...legs.take(ended)]]).toEqual([false, true, []]);

  legs.add(one, ended);
  expect([...legs.take(ended)]).toEqual([one]);
});

test('a leg that is over leaves those of its flows to the others', () => {
  const [legs, shared, own] = [new LegsByFlow(), flow(1), flow(2)];
  const [over, stays] = [leg(), leg()];
  for (const each of [over, stays]) legs.add(each, shared);
  legs.add(over, own);
  legs.delete(over);
  expect([legs.has(shared), legs.has(own)]).toEqual([true, false]);
  expect([...legs.take(shared)]).toEqual([stays]);
});
