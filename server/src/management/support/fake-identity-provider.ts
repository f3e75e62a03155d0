import type { IdentityProvider, ProvidedPerson, ProviderSecrets } from '../ports.ts';
import { Refusal } from '../refusal.ts';

/** For tests: a provider at which one person is signed in, and whose codes are the states themselves. */
export class FakeIdentityProvider implements IdentityProvider {
  readonly name = 'Example Login';
  organizations: readonly string[] | undefined;
  /** Who has signed in there. */
  person: ProvidedPerson = {
    ...{ issuer: 'https://login.test', subject: 'subject-1', email: 'eve@demo.test' },
    ...{ isEmailVerified: true, hasSecondFactor: false },
  };
  readonly #used = new Set<string>();

  async addressFor({ state }: ProviderSecrets): Promise<URL> {
    return new URL(`https://login.test/?state=${state}`);
  }

  async identify(search: string, { state }: ProviderSecrets): Promise<ProvidedPerson | Refusal> {
    const code = new URLSearchParams(search).get('code');
    if (code !== state || this.#used.has(code)) return new Refusal('provider-refused', 'It is refused.');
    this.#used.add(code);
    return this.person;
  }

  async signOutAddress(): Promise<URL> {
    return new URL('https://login.test/out');
  }
}
