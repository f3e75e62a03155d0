import type { TerminalView } from '@perch/shared';
import { expect, test } from 'vitest';
import { ownerAt, sessionAt, speakerAt, stayAt } from './occupant.ts';

const OWNER = { number: '101', name: 'Ada' };
const GUEST = { number: '102', name: 'Ben' };
const at = (kind: 'phone' | 'station', occupancy: object): TerminalView =>
  ({ kind, owner: OWNER, occupancy }) as TerminalView;

test.for([
  ['nothing told yet', null, [null, null, null, null]],
  ['a personal phone with its owner', at('phone', { kind: 'owner' }), [OWNER, OWNER, null, 'owner ']],
  ['a free station', at('station', { kind: 'owner' }), [null, null, null, 'owner ']],
  [
    'a personal phone with a guest',
    at('phone', { kind: 'guest', guest: GUEST, since: 7 }),
    [GUEST, null, 7, 'guest 102'],
  ],
  ['a locked phone', at('phone', { kind: 'locked', base: GUEST, since: 7 }), [null, null, null, 'locked ']],
] as const)('%s', ([, view, expected]) => {
  expect([speakerAt(view), ownerAt(view), stayAt(view), sessionAt(view)]).toEqual(expected);
});
