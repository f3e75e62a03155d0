import { callId, type CallView } from '@perch/shared';
import { expect, test } from 'vitest';
import { callView } from '../support/test-calls.ts';
import { ParkedCalls } from './parked-calls.svelte.ts';

const BEN = { number: '102', name: 'Ben' };
const DEV = { number: '104', name: 'Dev' };
const ADA = { number: '101', name: 'Ada' };

const parked = (id: string, slot: string, changes: Partial<CallView> = {}) =>
  callView(id, { state: 'talking', here: 'left', parked: slot, ...changes });

/** Ada's page, which has a phone of the call `here`. */
function page(calls: readonly CallView[]) {
  const dialled: unknown[] = [];
  const here = callId('here');
  const found = new ParkedCalls({
    calls: { byId: (id) => (id === here ? ({} as never) : undefined) },
    word: { calls },
    dialBeside: (...what) => void dialled.push(what),
  });
  return { parked: found, dialled };
}

test('the person sees the calls that they have parked, and none in which they wait themselves, or that are picked up here', () => {
  const { parked: found } = page([
    parked('a', '1'),
    callView('b', { state: 'talking', here: 'here', parked: '2' }),
    callView('c', { state: 'talking', here: 'away', parked: '3' }),
    parked('here', '4'),
    callView('d', { state: 'talking', here: 'left' }),
  ]);
  expect(found.own.map(([slot, { id }]) => [slot, id])).toEqual([['1', 'a']]);
});

test('of the others’ they see all but their own', () => {
  const { parked: found } = page([parked('a', '1')]);
  const line = (number: string) => ({ number, with: BEN, by: ADA, since: 1 });
  found.all.hear({
    kind: 'snapshot',
    topic: 'parked',
    epoch: 'e',
    sequence: 0,
    lines: [line('1'), line('2')],
  });
  expect(found.others.map(({ number }) => number)).toEqual(['2']);
});

test('one is picked up by the code and its slot, and it is known who waits there', () => {
  const { parked: found, dialled } = page([]);
  found.pickUp('12', DEV);
  expect(dialled).toEqual([['*6912', DEV]]);
});
