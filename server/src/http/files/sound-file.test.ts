import { expect, test } from 'vitest';
import { attachment } from './sound-file.ts';

test.for([
  ['Voicemail.opus', 'Voicemail.opus', 'Voicemail.opus'],
  ['from 102 Zoë.opus', 'from 102 Zo_.opus', 'from%20102%20Zo%C3%AB.opus'],
  ['O’Hara (Bob).opus', 'O_Hara (Bob).opus', 'O%E2%80%99Hara%20%28Bob%29.opus'],
  ['100%41.opus', '100_41.opus', '100%2541.opus'],
  ['🐦.opus', '_.opus', '%F0%9F%90%A6.opus'],
  ['a"; filename="b.exe', 'a_; filename=_b.exe', 'a_%3B%20filename%3D_b.exe'],
  ['a\r\nSet-Cookie: x=y', 'a__Set-Cookie_ x=y', 'a__Set-Cookie_%20x%3Dy'],
  ['../../etc/passwd', '.._.._etc_passwd', '.._.._etc_passwd'],
  ['..\\C:con', '.._C_con', '.._C_con'],
  ['a\u0000b\u2028c', 'a_b_c', 'a_b_c'],
  ['exe.\u202Esupo', 'exe._supo', 'exe._supo'],
  ['half \uD83D of it', 'half _ of it', 'half%20_%20of%20it'],
  ["it's", "it's", 'it%27s'],
] as const)('%j is kept as %j', ([name, plain, encoded]) => {
  expect(attachment(name)).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
});
