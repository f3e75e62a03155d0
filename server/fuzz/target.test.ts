import { expect, test } from 'vitest';
import { checked, type Target } from './target.ts';

const input = Buffer.from('sip:101@perch.example');
const parser = (parse: Target['parse']): Target => ({ seeds: [], dictionary: [], parse });

test('a parser that keeps to what is asked of it passes', () => {
  checked(
    parser((octets) => [octets.toString('latin1'), undefined, { octets }]),
    input,
  );
});

test('what it throws is handed on', () => {
  const target = parser(() => {
    throw new RangeError('out of bounds');
  });
  expect(() => checked(target, input)).toThrow(RangeError);
});

test('a result that is far larger than its input is a finding', () => {
  const target = parser(() => Array.from({ length: 1_000 }, () => 'too much'));
  expect(() => checked(target, input)).toThrow('far larger');
});

test('an input that it has changed is a finding', () => {
  const target = parser((octets) => octets.fill(0));
  expect(() => checked(target, Buffer.from(input))).toThrow('the input was changed');
});

test('a prototype that it has changed is a finding', () => {
  const target = parser(() => {
    Object.assign(Object.prototype, { polluted: true });
  });
  try {
    expect(() => checked(target, input)).toThrow('a prototype');
  } finally {
    delete (Object.prototype as { polluted?: boolean }).polluted;
  }
});
