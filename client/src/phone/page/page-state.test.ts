import type { Occupancy, TerminalView } from '@perch/shared';
import { expect, test } from 'vitest';
import { type PageState, pageStateOf, type Scene } from './page-state.ts';
import { terminalView } from './support/test-view.ts';

const view = (occupancy: Occupancy): TerminalView =>
  terminalView({ kind: 'station', owner: { number: '201', name: 'Front desk' }, occupancy });
const ada = { number: '101', name: 'Ada' };
const quiet: Scene = {
  view: view({ kind: 'owner' }),
  health: { kind: 'ready', age: 0 },
  ringing: false,
  inCall: false,
  atCenter: false,
};
const offline: Scene['health'] = { kind: 'offline', nextTryAt: null, lastHeard: null };

test.for<readonly [PageState, Partial<Scene>]>([
  ['connecting', { view: null, health: { kind: 'starting' } }],
  ['offline', { view: null, health: offline }],
  ['offline', { health: offline }],
  ['in-call', { health: offline, inCall: true }],
  ['ringing', { ringing: true, atCenter: true }],
  ['free', {}],
  ['free', { health: { kind: 'unregistered', age: 0 } }],
  ['taking-over', { atCenter: true }],
  ['taking-over', { atCenter: true, view: view({ kind: 'guest', guest: ada, since: 0 }) }],
  ['taken', { view: view({ kind: 'guest', guest: ada, since: 0 }) }],
  ['locked', { view: view({ kind: 'locked', base: ada, since: 0 }) }],
])('%s with %o', ([state, changes]) => {
  expect(pageStateOf({ ...quiet, ...changes })).toBe(state);
});
