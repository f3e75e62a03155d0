import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RawPhone } from './support/raw-phone.ts';

/** The originals of RFC 4475, which are not ours to copy: read from where they are, if they are. */
const ORIGINALS =
  process.env['PERCH_TORTURE_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data/rfc4475');

/** The outcome of those that the parser accepts, sent by an authenticated phone. `exchange`: the exchange answers it. */
const OUTCOMES: Readonly<Record<string, string>> = {
  // §3.1.1, valid. The dialog of `wsinv` is unknown here.
  wsinv: '481',
  intmeth: '501',
  esc01: 'ringing',
  esc02: '501',
  escnull: 'exchange',
  lwsdisp: 'exchange',
  longreq: 'ringing',
  dblreq: 'exchange',
  semiuri: 'exchange',
  transports: 'exchange',
  mpart01: 'exchange',
  unreason: 'nothing',
  noreason: 'nothing',
  // §3.1.2: a Date, which is not looked at.
  baddate: 'ringing',
  // §3.2: a branch that identifies nothing is matched as RFC 2543 did.
  badbranch: 'exchange',
  // §3.3, application layer. The edge refuses `unksm2` with 403: no account here has such an address.
  unkscm: '416',
  novelsc: '416',
  unksm2: 'exchange',
  bext01: '420',
  invut: '415',
  regaut01: 'exchange',
  bcast: 'nothing',
  zeromf: 'exchange',
  cparam01: 'exchange',
  cparam02: 'exchange',
  regescrt: 'exchange',
  sdp01: '406',
  // §3.4: without Contact, which RFC 2543 did not ask for, there is no dialog to be had.
  inv2543: '400',
};

describe.runIf(existsSync(ORIGINALS))('RFC 4475, the originals', () => {
  test.for(Object.entries(OUTCOMES))('%s: %s', ([name, expected]) => {
    const phone = new RawPhone();
    phone.flow.receive(readFileSync(resolve(ORIGINALS, `${name}.dat`), 'latin1'));
    const [first] = phone.flow.sent.map((frame) => frame.slice(8, 11));
    const actual = phone.requested.length > 0 ? 'exchange' : phone.invited.length > 0 ? 'ringing' : first;
    expect(actual ?? 'nothing').toBe(expected);
  });
});
