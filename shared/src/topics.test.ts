import { expect, test } from 'vitest';
import { topicAccess, topicName } from './topics.ts';

test.for(['colleagues', 'parked', 'floor', 'extension/10', 'extension/12345678'])('%s is a topic', (name) => {
  expect(topicName.safeParse(name).success).toBe(true);
});

test.for([
  ...['', 'Floor', 'floor/', 'floor/101', 'colleagues\n', 'extension', 'extension/', 'extension/1'],
  ...['extension/123456789', 'extension/10a', 'extension/10/11', 'constructor', '__proto__', 'toString/1'],
  ...[null, undefined, 101, {}, ['floor']],
])('%j is none', (name) => {
  expect(topicName.safeParse(name).success).toBe(false);
});

test('a topic of terminals is for those through whom a person speaks, the others are for roles', () => {
  expect(topicAccess('colleagues')).toBe('terminal');
  expect(topicAccess('parked')).toBe('terminal');
  expect(topicAccess('floor')).toBe('view-floor');
  expect(topicAccess('extension/101')).toBe('view-extensions');
});
