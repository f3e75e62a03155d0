import { expect, test } from 'vitest';
import { recordingName } from './recording-name.ts';

const at = new Date(2026, 10, 22, 9, 2).getTime();

test.for<readonly [string, string, string]>([
  ['102', 'Ben', '102 Ben 2026-11-22 09-02.ogg'],
  ['102', '', '102 2026-11-22 09-02.ogg'],
  ['', '', '2026-11-22 09-02.ogg'],
  ['102', 'Zoë Ångström', '102 Zoë Ångström 2026-11-22 09-02.ogg'],
  ['102', '../../etc/passwd', '102 .. .. etc passwd 2026-11-22 09-02.ogg'],
  ['102', 'a<b>:"c|d?*\u0000\u202egpj', '102 a b c d gpj 2026-11-22 09-02.ogg'],
])('the message of %j %j is downloaded as a file of any system', ([number, name, file]) => {
  expect(recordingName({ number, name }, at)).toBe(file);
});
