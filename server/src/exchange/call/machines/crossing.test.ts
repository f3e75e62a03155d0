import { expect, test } from 'vitest';
import type { Reason } from '../../../sip/user-agent/leg.ts';
import { infoAcross, reasonAcross } from './crossing.ts';

test.for<[reason: Reason, across: Reason | undefined]>([
  [
    { protocol: 'SIP', cause: 486, text: 'Call 0900 123 to win\u202e' },
    { protocol: 'SIP', cause: 486, text: 'Busy Here' },
  ],
  [
    { protocol: 'SIP', cause: 200 },
    { protocol: 'SIP', cause: 200, text: 'OK' },
  ],
  [{ protocol: 'SIP', cause: 0 }, undefined],
  [{ protocol: 'SIP', cause: 999 }, undefined],
  [
    { protocol: 'Q.850', cause: 16, text: 'x'.repeat(4_000) },
    { protocol: 'Q.850', cause: 16 },
  ],
  [{ protocol: 'Q.850', cause: 128 }, undefined],
])('of the Reason %j the other leg hears %j', ([reason, across]) => {
  expect(reasonAcross(reason)).toEqual(across);
});

test.for<[contentType: string, body: string, across: string | undefined]>([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\nX: y', 'Signal=5\r\nDuration=160\r\n'],
  ['application/dtmf; x="y"', '#', 'Signal=#\r\nDuration=100\r\n'],
  ['application/dtmf-relay', 'Signal=5\r\nDuration=99999', 'Signal=5\r\nDuration=5000\r\n'],
  ['application/dtmf-relay', 'nothing', undefined],
  ['text/plain', 'Signal=5', undefined],
  ['application/media_control+xml', '<media_control/>', undefined],
  ['', '', undefined],
])('of an INFO of %j with %j the other leg hears %j', ([contentType, body, across]) => {
  expect(infoAcross({ contentType, body })).toEqual(
    across === undefined ? undefined : { contentType: 'application/dtmf-relay', body: across },
  );
});
