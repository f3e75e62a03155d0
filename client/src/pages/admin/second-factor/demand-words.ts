import type { SignInPolicy } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';

/** Of whom a second factor is demanded. */
export function demandInWords(of: SignInPolicy['secondFactorOf']): string {
  switch (of) {
    case 'nobody':
      return m.nobody();
    case 'administrators':
      return m.administrators_and_operators();
    case 'everyone':
      return m.everyone();
  }
}
