import { expect, test } from 'vitest';
import { linkLetter } from './link-letter.ts';

const url = 'https://phone.example.org/admin/welcome#token';
const about = {
  organization: 'Demo\r\nBcc: eve@evil.test',
  url,
  expiresAt: Date.UTC(2026, 2, 4),
  isInvitation: true,
};

test('an invitation says from whom it is, where to go and how long, and its subject is one line', () => {
  const { subject, text } = linkLetter(about);
  expect(subject).toBe('Your access to Demo Bcc: eve@evil.test');
  expect(text.split('\n')).toContain(url);
  expect(text).toContain('4 March 2026');
});

test('a new password is not called an invitation', () => {
  const { subject, text } = linkLetter({ ...about, organization: 'Demo', isInvitation: false });
  expect(subject).toBe('Your password for Demo');
  expect(text).not.toContain('invited');
});
