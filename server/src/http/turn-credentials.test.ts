import { expect, test } from 'vitest';
import { TURN_SECONDS, turnCredentials } from './turn-credentials.ts';

const turn = { urls: ['turn:turn.example.org'], secret: 'north-of-the-river' };

test('the user name says when they run out and whose they are, and the password proves it', () => {
  const made = turnCredentials(turn, '101', 1_700_000_000_999);
  expect(made).toEqual({
    urls: ['turn:turn.example.org'],
    username: `${1_700_000_000 + TURN_SECONDS}:101`,
    // printf %s 1700028800:101 | openssl dgst -sha1 -hmac north-of-the-river -binary | base64
    credential: 'Gulut07sk4jfdJ+Q75c/MjuX/BQ=',
  });
});

test('another secret, another user, another second: another password', () => {
  const passwords = [
    turnCredentials(turn, '101', 0),
    turnCredentials({ ...turn, secret: 'south-of-the-river' }, '101', 0),
    turnCredentials(turn, '102', 0),
    turnCredentials(turn, '101', 1000),
  ].map(({ credential }) => credential);
  expect(new Set(passwords).size).toBe(4);
});
