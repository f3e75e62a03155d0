import { expect, test } from 'vitest';
import { pressOfInfo } from './dtmf-info.ts';

test.for([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=100', '5'],
  ['application/dtmf-relay', 'Signal=#\r\nDuration=100\r\n', '#'],
  ['application/dtmf-relay', 'Signal= *\nDuration= 160\n', '*'],
  ['Application/DTMF-Relay; charset=utf-8', 'Duration=100\r\nsignal = 0', '0'],
  ['application/dtmf-relay', 'Signal=11', '#'],
  ['application/dtmf-relay', 'Signal=d', 'D'],
  ['application/dtmf', '7', '7'],
  ['application/dtmf', 'Signal=5', '5'],
  ['application/dtmf', 'Signal=5\r\nDuration=250\r\n', '5'],
  ['application/dtmf-relay', 'Signal="5"\r\nDuration=100', '5'],
  ['application/dtmf-relay', 'Signal = "*"', '*'],
  ['application/dtmf-relay', "Signal='11'", '#'],
  ['application/dtmf', '"7"', '7'],
  ['application/dtmf-relay', '7\r\n', '7'],
  ['application/dtmf-relay', 'Signal="5', undefined],
  ['application/dtmf-relay', 'Signal="5"5', undefined],
  ['application/dtmf', '57', undefined],
  ['application/dtmf', 'Duration=5', undefined],
  ['application/dtmf', ' 10\r\n', '*'],
  ['application/dtmf-relay', '', undefined],
  ['application/dtmf-relay', 'Signal=', undefined],
  ['application/dtmf-relay', 'Signal=55', undefined],
  ['application/dtmf-relay', 'Signal=12', undefined],
  ['application/dtmf-relay', 'XSignal=5', undefined],
  ['application/dtmf-relay', `Signal=5\r\n${'x'.repeat(300)}`, undefined],
  ['application/dtmf', 'toString', undefined],
  ['application/media_control+xml', 'Signal=5', undefined],
  ['', '5', undefined],
] as const)('%s "%s" reports %s', ([contentType, body, digit]) => {
  expect(pressOfInfo(contentType, body)?.digit).toBe(digit);
});

test.for([
  ['Signal=5\r\nDuration=160', 160],
  ['Signal=5\r\nduration = "80"', 80],
  ['Signal=5', 100],
  ['Signal=5\r\nDuration=', 100],
  ['Signal=5\r\nDuration=-1', 100],
  ['Signal=5\r\nDuration=60000', 5000],
] as const)('%j lasts %i ms', ([body, durationMs]) => {
  expect(pressOfInfo('application/dtmf-relay', body)?.durationMs).toBe(durationMs);
});
