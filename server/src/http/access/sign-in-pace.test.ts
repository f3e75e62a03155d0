import { expect, test } from 'vitest';
import { SignInPace } from './sign-in-pace.ts';

const ADA = 'ada@demo.test';
const network = (index: number) => `192.0.2.${index}`;

function build() {
  let now = 0;
  const pace = new SignInPace(() => now);
  /** Makes wrong tries from that many networks, as often as each may. */
  const attack = (networks: number, tries: number) => {
    let made = 0;
    for (let index = 0; index < networks; index += 1)
      for (let count = 0; count < tries; count += 1) {
        if (pace.waitFor(ADA, network(index)) === 'too-many') continue;
        made += 1;
        pace.failed(ADA, network(index));
      }
    return made;
  };
  return { pace, attack, advance: (ms: number) => (now += ms) };
}

test('a few wrong passwords slow no network', () => {
  const { pace, attack } = build();
  attack(3, 3);
  expect(pace.waitFor(ADA, network(0))).toBe(0);
});

test('an account that is guessed from many networks slows all of them, and more with each failure', () => {
  const { pace, attack } = build();
  expect(attack(40, 10)).toBeLessThan(10 + 40 * 3);
  expect(pace.waitFor(ADA, network(7))).toBe('too-many');
  expect(pace.waitFor(ADA, network(99))).toBe(8_000);
  expect(pace.waitFor('ben@demo.test', network(7))).toBe(0);
});

test('someone who has signed in recently from that network is not slowed by the guesses of others', () => {
  const { pace, attack, advance } = build();
  pace.succeeded(ADA, network(99));
  attack(40, 10);
  expect(pace.waitFor(ADA, network(99))).toBe(0);
  advance(24 * 3_600_000 - 1);
  attack(40, 10);
  expect(pace.waitFor(ADA, network(99))).toBe(0);
  advance(1);
  expect(pace.waitFor(ADA, network(99))).toBe(8_000);
});

test('failures are forgotten with time', () => {
  const { pace, attack, advance } = build();
  attack(4, 10);
  expect(pace.waitFor(ADA, network(0))).toBe('too-many');
  advance(3_600_000);
  expect(pace.waitFor(ADA, network(0))).toBe(0);
});
