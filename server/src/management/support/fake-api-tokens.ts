import type { ApiTokenRepository, StoredApiToken, StoredPerson } from '../repositories.ts';

/** For tests: tokens for scripts, in memory. */
export class FakeApiTokens implements ApiTokenRepository {
  readonly #tokens = new Map<string, StoredApiToken>();
  readonly #person: (id: string) => StoredPerson | undefined;

  constructor(person: (id: string) => StoredPerson | undefined) {
    this.#person = person;
  }

  async insert(token: StoredApiToken) {
    this.#tokens.set(token.id, token);
  }

  async of(person: string) {
    return [...this.#tokens.values()]
      .filter((token) => token.person === person && this.#person(person))
      .sort((a, b) => b.madeAt - a.madeAt);
  }

  async find(hash: Buffer, now: number) {
    const token = [...this.#tokens.values()].find((one) => one.hash.equals(hash) && one.expiresAt > now);
    const person = token && this.#person(token.person);
    return person && { token, person };
  }

  async noteUse(id: string, usedFrom: string, usedAt: number) {
    const token = this.#tokens.get(id);
    if (token) this.#tokens.set(id, { ...token, usedAt, usedFrom });
  }

  async delete(person: string, id: string) {
    return this.#tokens.get(id)?.person === person && this.#tokens.delete(id);
  }
}
