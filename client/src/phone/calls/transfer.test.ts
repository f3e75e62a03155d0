import { describe, expect, test } from 'vitest';
import type { Call } from './call.ts';
import { after, isTakenBack, whileAsking } from './transfer.ts';

const talking: Call = { kind: 'talking', since: 0, media: 'flowing' };
const alerting: Call = { kind: 'alerting', earlyMedia: false };
const over: Call = { kind: 'over', ending: 'there' };

test('a transfer rings, and is over', () => {
  expect(after({ kind: 'ringing' })).toBe('ringing');
  expect(after({ kind: 'forwarded' })).toBe('forwarded');
  expect(after({ kind: 'done' })).toBeNull();
  expect(after({ kind: 'failed', ending: 'busy' })).toBeNull();
});

describe('a person who is asked before a call is sent on', () => {
  test.for<readonly [string, Call, Call, boolean, boolean]>([
    ['gets it once they have answered', talking, talking, true, true],
    ['does not while it still rings', talking, alerting, false, true],
    ['does not where the caller has gone', over, talking, false, false],
  ])('%s', ([, caller, target, canComplete, canGoBack]) => {
    expect(whileAsking(caller, target)).toEqual({ canComplete, canGoBack });
  });

  test.for<readonly [Call, boolean, boolean]>([
    [talking, false, true],
    [talking, true, false],
    [over, false, false],
  ])(
    'hangs up: a caller who is %o is taken back while another is spoken to (%s): %s',
    ([caller, speaks, back]) => {
      expect(isTakenBack(caller, speaks)).toBe(back);
    },
  );
});
