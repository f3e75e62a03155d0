import { expect, test } from 'vitest';
import { KeptLimits } from './kept-limits.ts';

const DAY = 86_400_000;

test.for([
  ['the server and the organization keep all', null, null, null],
  ['the server deletes', 30 * DAY, null, 30 * DAY],
  ['the organization deletes', null, 7, 7 * DAY],
  ['the organization sooner', 30 * DAY, 7, 7 * DAY],
  ['the server sooner', 30 * DAY, 90, 30 * DAY],
] as const)('how long messages are kept: %s', ([, server, organization, kept]) => {
  const limits = new KeptLimits({ messages: 1, totalMs: 2, retentionMs: server });
  limits.keepFor(organization);
  expect(limits).toMatchObject({ messages: 1, totalMs: 2, retentionMs: kept });
  limits.keepFor(null);
  expect(limits.retentionMs).toBe(server);
});
