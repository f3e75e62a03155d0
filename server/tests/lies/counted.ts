import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { breakLines, type BrokenLine } from '../../altered/broken-lines.ts';
import { GUARDS } from './guards.ts';

/*
 * `perch` that counts how often it hashes a password: an octet for each time in the file `PERCH_TEST_HASHES`. Where `PERCH_TEST_GUARDS` is `none`, it
 * is without any of the guards.
 */
const file = process.env['PERCH_TEST_HASHES'] ?? '';
Object.assign(globalThis, { hashed: () => appendFileSync(file, '.') });

const COUNTED: readonly BrokenLine[] = [
  {
    file: 'src/sip/user-agent/authentication/digest.ts',
    text: 'const expected = hash(',
    replacement: 'globalThis.hashed(); const expected = hash(',
  },
  {
    file: 'src/management/slow-hash.ts',
    text: 'const matches = await verify(',
    replacement: 'globalThis.hashed(); const matches = await verify(',
  },
];

breakLines([...COUNTED, ...(process.env['PERCH_TEST_GUARDS'] === 'none' ? Object.values(GUARDS) : [])]);
await import('../../src/main.ts');
