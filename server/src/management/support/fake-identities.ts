import type { IdentityRepository, ProvidedIdentity, StoredPerson } from '../repositories.ts';

/** For tests: who has come in through a provider, in memory. */
export class FakeIdentities implements IdentityRepository {
  readonly #known = new Map<string, ProvidedIdentity>();
  readonly #person: (id: string) => StoredPerson | undefined;

  constructor(person: (id: string) => StoredPerson | undefined) {
    this.#person = person;
  }

  async people({ issuer, subject }: ProvidedIdentity) {
    const same = [...this.#known].filter(([, one]) => one.issuer === issuer && one.subject === subject);
    return same.flatMap(([person]) => this.#person(person) ?? []);
  }

  async of(person: string) {
    return this.#known.get(person);
  }

  async known(organization: StoredPerson['organization']) {
    const people = [...this.#known.keys()];
    return new Set(people.filter((person) => this.#person(person)?.organization === organization));
  }

  async keep(person: string, identity: ProvidedIdentity) {
    if (!this.#known.has(person)) this.#known.set(person, identity);
  }

  async delete(person: string) {
    this.#known.delete(person);
  }
}
