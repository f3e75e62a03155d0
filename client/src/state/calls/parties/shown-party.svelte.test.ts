import type { Colleague } from '@perch/shared';
import { expect, test } from 'vitest';
import { callView } from '../../support/test-calls.ts';
import { shownParty } from './shown-party.ts';

const call = { number: '102', name: 'from the INVITE', isVoicemail: false, isEcho: false, waiting: null };
const listed = [{ number: '102', name: 'from the list' } as Colleague];
const seen = (number: string, name: string) => callView('a', { with: { number, name } });

test.for([
  ['as the server names it', call, seen('102', 'Ben'), listed, { number: '102', name: 'Ben' }],
  [
    'as the server names it since a transfer',
    call,
    seen('103', 'Chloe'),
    listed,
    { number: '103', name: 'Chloe' },
  ],
  ['as it is listed', call, undefined, listed, { number: '102', name: 'from the list' }],
  [
    'as who waits in the slot that is picked up',
    { ...call, number: '*691', waiting: { number: '104', name: 'Dev' } },
    undefined,
    listed,
    { number: '104', name: 'Dev' },
  ],
  ['as the signalling names it', call, seen('102', ''), [], { number: '102', name: 'from the INVITE' }],
] as const)('the other side is shown %s', ([, of, view, colleagues, party]) => {
  expect(shownParty(of, view, colleagues)).toEqual(party);
});
