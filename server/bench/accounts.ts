import type { Account } from './load.ts';

/** Numbers of the bench's extensions begin here; one more each. */
const FIRST_NUMBER = 20_000;

export function accounts(count: number): readonly Account[] {
  return Array.from({ length: count }, (_, index) => {
    const user = String(FIRST_NUMBER + index);
    return { user, username: user, password: `pw-${user}` };
  });
}
