import { depositReason, organizationId, recordingId, WITHHELD } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { letterAbout } from './letter.ts';
import type { OutgoingMail } from './ports.ts';

const publicUrl = new URL('https://phone.example.org');
const mail: OutgoingMail = {
  organization: organizationId('o'),
  message: recordingId('m1'),
  to: 'ada@example.org',
  mailbox: { number: '101', name: 'Ada' },
  from: { number: '102', name: 'Ben' },
  language: 'en',
  at: Date.UTC(2026, 2, 4, 14, 5),
  durationMs: 65_400,
  reason: 'no-answer',
  attempts: 0,
};

test('a letter says who, when, how long, why, and where to listen', () => {
  const { subject, text, fileName } = letterAbout(mail, publicUrl);
  expect(subject).toBe('Message from Ben (102)');
  expect(fileName).toBe('2026-03-04 Message from Ben (102).opus');
  expect(text).toMatch(/^Ben \(102\) called Ada \(101\) and left a message\.$/m);
  expect(text).toMatch(/^When: .*4 March 2026.*\d\d:\d5/m);
  expect(text).toMatch(/^Length: 1:05$/m);
  expect(text).toMatch(/^Why: +Nobody answered\.$/m);
  expect(text).toMatch(/^https:\/\/phone\.example\.org\/phone\/101$/m);
});

test.for(depositReason.options)('%s is a sentence', (reason) => {
  expect(letterAbout({ ...mail, reason }, publicUrl).text).toMatch(/^Why: +[A-Z].+\.$/m);
});

test.for([
  [1, '0:01'],
  [59_400, '0:59'],
  [59_600, '1:00'],
  [300_000, '5:00'],
] as const)('%i ms are %s', ([durationMs, length]) => {
  expect(letterAbout({ ...mail, durationMs }, publicUrl).text).toContain(`Length: ${length}\n`);
});

test.for([
  [{ number: '102', name: '' }, 'Message from 102'],
  [{ number: '102', name: '102' }, 'Message from 102'],
  [{ number: '', name: 'Ben' }, 'Message from Ben'],
  [{ number: '', name: '' }, 'Message from unknown'],
  [WITHHELD, 'Message from a withheld number'],
  [{ number: '102', name: 'Ben\r\nBcc: all@example.org' }, 'Message from Ben Bcc: all@example.org (102)'],
  [{ number: '102', name: 'B\u202en\u0000' }, 'Message from B n (102)'],
] as const)('%j: %s', ([from, subject]) => {
  expect(letterAbout({ ...mail, from }, publicUrl).subject).toBe(subject);
});

test.for([
  [
    'de',
    'Nachricht von Ben (102)',
    'Ben (102) hat Ada (101) angerufen',
    'Dauer: 1:05',
    'Niemand hat abgehoben.',
  ],
  ['es', 'Mensaje de Ben (102)', 'Ben (102) llamó a Ada (101)', 'Duración: 1:05', 'Nadie contestó.'],
  [
    'fr',
    'Message de Ben (102)',
    'Ben (102) a appelé Ada (101)',
    'Durée\u00a0: 1:05',
    'Personne n’a répondu.',
  ],
  ['ro', 'Mesaj de la Ben (102)', 'Ben (102) a sunat la Ada (101)', 'Durata:  1:05', 'Nimeni nu a răspuns.'],
] as const)('in %s it is called %s', ([language, called, ...says]) => {
  const { subject, text, fileName } = letterAbout({ ...mail, language }, publicUrl);
  expect(subject).toBe(called);
  expect(fileName).toBe(`2026-03-04 ${called}.opus`);
  for (const said of says) expect(text).toContain(said);
  expect(text).not.toMatch(/[{}]|The message/);
});

test('a letter about a withheld number does not offer to call back', () => {
  const { text } = letterAbout({ ...mail, from: WITHHELD }, publicUrl);
  expect(text).toMatch(/^A withheld number called /);
  expect(text).not.toContain('call back');
});

test('whatever the caller’s name, subject and file name are one line, and file systems accept the file name', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(text, text, text, (name, number, own) => {
      const {
        subject,
        fileName,
        text: body,
      } = letterAbout({ ...mail, from: { name, number }, mailbox: { name: own, number: '101' } }, publicUrl);
      expect(subject).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(fileName).toMatch(/^2026-03-04 [^\p{C}\\/:*?"<>|.]+\.opus$/u);
      expect(Buffer.byteLength(fileName)).toBeLessThan(1_000);
      expect(body.split('\n')).toHaveLength(9);
    }),
  );
});
