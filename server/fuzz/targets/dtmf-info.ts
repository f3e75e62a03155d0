import assert from 'node:assert/strict';
import { pressOfInfo } from '../../src/exchange/services/dtmf-info.ts';
import type { Target } from '../target.ts';

export const target: Target = {
  seeds: ['Signal=5\r\nDuration=100\r\n', 'Signal= "10"\r\nDuration = 9999\r\n', '#'].map((body) =>
    Buffer.from(body),
  ),
  dictionary: ['Signal=', 'Duration=', '\r\n', '\n', '"', "'", ' ', '\t', '*', '#', 'A', '16', '-1', '99999'],
  parse(input) {
    const [body, ...rest] = [input.toString('latin1'), 'application/dtmf-relay', 'Application/DTMF; x'];
    const presses = rest.map((type) => pressOfInfo(type, body));
    for (const press of presses) {
      if (press === undefined) continue;
      assert.match(press.digit, /^[0-9*#A-D]$/);
      assert.ok(press.durationMs >= 0 && press.durationMs <= 5_000, 'a press that no key can have');
    }
    return presses;
  },
};
