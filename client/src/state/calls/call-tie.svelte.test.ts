import { expect, test } from 'vitest';
import type { Health } from '../../phone/line/health.ts';
import { m } from '../../words/messages.svelte.ts';
import { CallTie, type Tie } from './call-tie.ts';

test.for<readonly [boolean, Health['kind'], Tie | null, string[]]>([
  [false, 'ready', null, []],
  [false, 'unregistered', null, []],
  [false, 'offline', 'no-server', [m.tied_without_server()]],
  [false, 'starting', 'no-server', [m.tied_without_server()]],
  [true, 'ready', 'emergency', [m.tied_by_emergency()]],
  [true, 'offline', 'emergency', [m.tied_by_emergency()]],
])('in an emergency call: %s, line: %s', ([inEmergency, kind, why, sentences]) => {
  const said: string[] = [];
  const tie = new CallTie({
    inEmergency: () => inEmergency,
    health: () => ({ kind }),
    notices: { show: (text) => said.push(text) },
  });
  expect([tie.why, tie.holds(), said]).toEqual([why, why !== null, sentences]);
});
