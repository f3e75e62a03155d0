import { expect, test } from 'vitest';
import { linkLetter } from './link-letter.ts';

const url = 'https://phone.example.org/admin/welcome#token';
const about = {
  organization: 'Demo\r\nBcc: eve@evil.test',
  url,
  expiresAt: Date.UTC(2026, 2, 4),
  isInvitation: true,
  language: 'en' as const,
};

test('an invitation says from whom it is, where to go and how long, and its subject is one line', () => {
  const { subject, text } = linkLetter(about);
  expect(subject).toBe('Your access to Demo Bcc: eve@evil.test');
  expect(text.split('\n')).toContain(url);
  expect(text).toContain('4 March 2026');
});

test.for([
  ['de', 'Ihr Zugang zu Demo', 'Mittwoch, 4. März 2026'],
  ['es', 'Su acceso a Demo', 'miércoles, 4 de marzo de 2026'],
  ['fr', 'Votre accès à Demo', 'mercredi 4 mars 2026'],
  ['ro', 'Accesul dumneavoastră la Demo', 'miercuri, 4 martie 2026'],
] as const)('in %s it is called %s, and the day is %s', ([language, called, day]) => {
  const { subject, text } = linkLetter({ ...about, organization: 'Demo', language });
  expect(subject).toBe(called);
  expect(text).toContain(day);
  expect(text).toContain(url);
  expect(text).not.toMatch(/[{}]|The link/);
});

test('a new password is not called an invitation', () => {
  const { subject, text } = linkLetter({ ...about, organization: 'Demo', isInvitation: false });
  expect(subject).toBe('Your password for Demo');
  expect(text).not.toContain('invited');
});
