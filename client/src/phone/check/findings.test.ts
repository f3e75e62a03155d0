import type { CheckResult } from '@perch/shared';
import { expect, test } from 'vitest';
import { type Findings, resultOf } from './findings.ts';

const FINE: Findings = {
  microphone: 'good',
  line: 'good',
  ring: 'good',
  notifications: 'good',
  network: 'good',
};

test.for<[Partial<Findings>, CheckResult]>([
  [{}, { verdict: 'ready', parts: [] }],
  [{ microphone: 'quiet' }, { verdict: 'limited', parts: ['microphone'] }],
  [
    { ring: 'gone', notifications: 'blocked', network: 'unsteady' },
    { verdict: 'limited', parts: ['network', 'ring', 'notifications'] },
  ],
  [{ microphone: 'silent' }, { verdict: 'not-ready', parts: ['microphone'] }],
  [
    { line: 'not-heard', ring: 'gone' },
    { verdict: 'not-ready', parts: ['line', 'ring'] },
  ],
  [{ ring: 'no-speaker' }, { verdict: 'not-ready', parts: ['ring'] }],
  [{ network: 'offline' }, { verdict: 'not-ready', parts: ['network'] }],
])('where %j is found, the verdict is %j', ([found, result]) => {
  expect(resultOf({ ...FINE, ...found })).toEqual(result);
});
