import { expect, test } from 'vitest';
import { refusedLicences } from './licences.ts';

const one = { name: 'one', version: '1.0.0' };

test.for([
  { licence: 'MIT', bundled: true },
  { licence: 'MIT', bundled: false },
  { licence: 'OFL-1.1', bundled: true },
  { licence: 'LGPL-3.0-or-later', bundled: false },
])('$licence is allowed where bundled is $bundled', (terms) => {
  expect(refusedLicences([{ ...one, ...terms }])).toEqual([]);
});

test.for([
  {
    licence: undefined,
    bundled: false,
    why: 'one 1.0.0, installed with Perch, does not say what its licence is.',
  },
  {
    licence: 'GPL-3.0-only',
    bundled: false,
    why: 'one 1.0.0, installed with Perch, has the licence GPL-3.0-only, which is not among those that are allowed there.',
  },
  {
    licence: 'LGPL-3.0-or-later',
    bundled: true,
    why: 'one 1.0.0, bundled into the pages, has the licence LGPL-3.0-or-later, which is not among those that are allowed there.',
  },
])('$licence is refused where bundled is $bundled', ({ why, ...terms }) => {
  expect(refusedLicences([{ ...one, ...terms }])).toEqual([why]);
});
