import { colleague } from '@perch/shared';
import { expect, test } from 'vitest';
import { ReachedTopic } from './reached-topic.svelte.ts';

const topic = 'colleagues';
const ben = { number: '102', name: 'Ben', state: 'available' } as const;
const snapshot = { kind: 'snapshot', topic, epoch: 'e', sequence: 1 } as const;

test('what is withheld is missing, like what there is not; before any answer, nothing is', () => {
  const reached = new ReachedTopic(topic, colleague);
  expect(reached.isMissing).toBe(false);
  reached.hear({ kind: 'withheld', topic });
  expect(reached.isMissing).toBe(true);
  reached.hear({ ...snapshot, lines: [] });
  expect(reached.isMissing).toBe(true);
});

test('what was withheld and may be seen now is there', () => {
  const reached = new ReachedTopic(topic, colleague);
  reached.hear({ kind: 'withheld', topic });
  reached.hear({ ...snapshot, lines: [ben] });
  expect(reached.isMissing).toBe(false);
});
