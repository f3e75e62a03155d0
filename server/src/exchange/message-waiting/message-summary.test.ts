import { extensionNumber } from '@perch/shared';
import { expect, test } from 'vitest';
import { type Lamp, messageSummary } from './message-summary.ts';

const lamp = (number: string, fresh: number, heard: number): Lamp => ({
  account: extensionNumber(number),
  counts: { new: fresh, heard },
});

test.for<[name: string, lamp: Lamp | undefined, lit: boolean, lines: readonly string[]]>([
  [
    'new messages light it',
    lamp('101', 2, 8),
    true,
    ['Messages-Waiting: yes', 'Message-Account: sip:101@example.org', 'Voice-Message: 2/8 (0/0)'],
  ],
  [
    'heard ones do not',
    lamp('101', 0, 8),
    false,
    ['Messages-Waiting: no', 'Message-Account: sip:101@example.org', 'Voice-Message: 0/8 (0/0)'],
  ],
  ['a locked terminal has no messages, and names no extension', undefined, false, ['Messages-Waiting: no']],
])('%s', ([, given, lit, lines]) => {
  expect(messageSummary(given, 'example.org')).toEqual({
    lit,
    body: lines.map((line) => `${line}\r\n`).join(''),
  });
});

test.for(['1\r\nMessages-Waiting: yes', '1\nX: y', '1\0', '1>', '1@evil.example', '1;x=y', '1 2', 'é'])(
  'an account of %j cannot begin a new line or address',
  (account) => {
    const { body } = messageSummary(lamp(account, 0, 0), 'example.org');
    const lines = body.split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^Message-Account: sip:[\w.!~*'()%-]+@example\.org$/);
  },
);
