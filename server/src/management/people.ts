import type { Language, NewPerson, OrganizationId, PersonChange, PersonView } from '@perch/shared';
import { Turns } from '../collections/turns.ts';
import type { World } from '../world/world.ts';
import type { Extensions } from './extensions.ts';
import { PersonLanguages } from './person-languages.ts';
import { type PersonLink, PersonLinks } from './person-links.ts';
import type {
  IdentityRepository,
  OrganizationRepository,
  PersonRepository,
  StoredPerson,
} from './repositories.ts';
import { Refusal } from './refusal.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

interface PersonPorts {
  readonly repository: PersonRepository;
  readonly organizations: Pick<OrganizationRepository, 'language'>;
  readonly identities: IdentityRepository;
  readonly secondFactors: SecondFactors;
  readonly extensions: Extensions;
  readonly sessions: Sessions;
  readonly world: World;
}

/** The people of every organization: who they are, what they may do, and how they come in. */
export class People {
  readonly #ports: PersonPorts;
  /** Two changes at once must not take away the last administrator. */
  readonly #turns = new Turns();

  readonly languages: PersonLanguages;
  readonly links: PersonLinks;

  constructor(ports: PersonPorts) {
    this.#ports = ports;
    this.links = new PersonLinks(ports);
    this.languages = new PersonLanguages(ports, this.#turns);
  }

  /** In the order of their addresses. */
  async all({ organization }: StoredPerson): Promise<PersonView[]> {
    const { repository, identities, secondFactors, world } = this.#ports;
    const [people, seen, proven, provided] = await Promise.all([
      repository.all(organization),
      repository.seen(organization, world.clock.now()),
      secondFactors.on(organization),
      identities.known(organization),
    ]);
    const views = people.map((person) =>
      this.#viewOf(
        person,
        { second: proven.has(person.id), provided: provided.has(person.id) },
        seen.get(person.id),
      ),
    );
    return views.sort((a, b) => a.email.localeCompare(b.email));
  }

  invite(by: StoredPerson, wish: NewPerson): Promise<PersonLink | Refusal> {
    return this.#turns.take(async () => {
      const rights = this.#rightsOf(by, wish);
      if (rights instanceof Refusal) return rights;
      const { repository, world } = this.#ports;
      const known = await repository.byEmail(wish.email);
      if (known.some(({ organization }) => organization === by.organization)) return EMAIL_TAKEN;
      const { organization } = by;
      const id = world.chance.id();
      const person: StoredPerson = {
        id,
        organization,
        email: wish.email,
        language: null,
        passwordHash: null,
        ...rights,
      };
      await repository.insert(person);
      return this.links.for(person, by.email);
    });
  }

  /** A new link for somebody who has lost theirs, or their password; the old one no longer works. */
  async issueLink(by: StoredPerson, id: string): Promise<PersonLink | Refusal> {
    const person = await this.#find(by, id);
    return person instanceof Refusal ? person : this.links.for(person, by.email);
  }

  /** Somebody of the same organization; `undefined` where there is nobody with that id. */
  async known({ organization }: StoredPerson, id: string): Promise<StoredPerson | undefined> {
    const person = await this.#ports.repository.byId(id);
    return person?.organization === organization ? person : undefined;
  }

  /** In every organization that has them. */
  withEmail(email: string): Promise<readonly StoredPerson[]> {
    return this.#ports.repository.byEmail(email);
  }

  /** Those who run the server, of all organizations. */
  operators(): Promise<readonly StoredPerson[]> {
    return this.#ports.repository.withRole('operator');
  }

  /** Where to write to those of an organization, and in which language. */
  async administrators(
    organization: OrganizationId,
  ): Promise<readonly { readonly email: string; readonly language: Language }[]> {
    const all = await this.#ports.repository.all(organization);
    const administrators = all.filter(({ roles }) => roles.includes('administrator'));
    return Promise.all(
      administrators.map(async (person) => ({
        email: person.email,
        language: await this.languages.ofMailTo(person),
      })),
    );
  }

  /** Ends the person's sessions where what they may do has changed. */
  change(by: StoredPerson, id: string, change: PersonChange): Promise<PersonView | Refusal> {
    return this.#turns.take(async () => {
      const before = await this.#find(by, id);
      if (before instanceof Refusal) return before;
      const rights = this.#rightsOf(by, change);
      if (rights instanceof Refusal) return rights;
      const after: StoredPerson = { ...before, ...rights };
      if (await this.#wouldBeWithout(before, after)) return LAST_ADMINISTRATOR;
      const { repository, secondFactors, sessions } = this.#ports;
      await repository.update(after);
      await repository.closeSessionsOf(id);
      sessions.review();
      const proofs = { second: await secondFactors.isOn(after), provided: await this.hasIdentity(after) };
      return this.#viewOf(after, proofs, undefined);
    });
  }

  remove(by: StoredPerson, id: string): Promise<StoredPerson | Refusal> {
    return this.#turns.take(async () => {
      const person = await this.#find(by, id);
      if (person instanceof Refusal) return person;
      if (await this.#wouldBeWithout(person, undefined)) return LAST_ADMINISTRATOR;
      await this.#ports.repository.delete(id);
      this.#ports.sessions.review();
      return person;
    });
  }

  /** They are erased: nobody asks whether that is right any more. */
  forget(ids: readonly string[]): Promise<void> {
    return this.#turns.take(async () => {
      for (const id of ids) await this.#ports.repository.delete(id);
      this.#ports.sessions.review();
    });
  }

  /** Somebody whom `by` may change. */
  found(by: StoredPerson, id: string): Promise<StoredPerson | Refusal> {
    return this.#find(by, id);
  }

  /** The sessions of somebody else. */
  async sessionsOf(by: StoredPerson, id: string) {
    const person = await this.#find(by, id);
    return person instanceof Refusal ? person : this.#ports.sessions.of(person.id);
  }

  async closeSession(by: StoredPerson, id: string, session: string): Promise<Refusal | undefined> {
    const person = await this.#find(by, id);
    return person instanceof Refusal ? person : this.#ports.sessions.close(person.id, session);
  }

  /** Turns off the second factor of somebody who has lost it, and ends their sessions: they begin with their password alone. */
  async resetSecondFactor(by: StoredPerson, id: string): Promise<Refusal | undefined> {
    const person = await this.#find(by, id);
    if (person instanceof Refusal) return person;
    if (id === by.id) return NOT_ONES_OWN;
    const { repository, secondFactors, sessions } = this.#ports;
    const refusal = await secondFactors.reset(person);
    if (refusal) return refusal;
    await repository.closeSessionsOf(id);
    sessions.review();
    return undefined;
  }

  /** Has this person come in through the provider? */
  async hasIdentity({ id }: StoredPerson): Promise<boolean> {
    return (await this.#ports.identities.of(id)) !== undefined;
  }

  /** Somebody may come in through the provider as if for the first time, as when the provider has a new account for them. Their sessions end. */
  async forgetIdentity(by: StoredPerson, id: string): Promise<Refusal | undefined> {
    const person = await this.#find(by, id);
    if (person instanceof Refusal) return person;
    const { repository, identities, sessions } = this.#ports;
    if (!(await this.hasIdentity(person))) return NOT_PROVIDED;
    await identities.delete(id);
    await repository.closeSessionsOf(id);
    sessions.review();
    return undefined;
  }

  /** Nobody of another organization is found, and operators are for operators only: else an administrator could become one. */
  async #find(by: StoredPerson, id: string): Promise<StoredPerson | Refusal> {
    const person = await this.known(by, id);
    if (!person) return NO_SUCH_PERSON;
    return isOperator(person) && !isOperator(by) ? FOR_OPERATORS : person;
  }

  #rightsOf(
    by: StoredPerson,
    { roles, extension: number, groups }: Omit<NewPerson, 'email'>,
  ): Pick<StoredPerson, 'roles' | 'extension' | 'groups'> | Refusal {
    if (roles.includes('operator') && !isOperator(by)) return FOR_OPERATORS;
    const supervised = roles.includes('supervisor') ? groups : null;
    if (!roles.includes('owner')) return { roles, extension: null, groups: supervised };
    const extension = number === null ? NO_EXTENSION : this.#ports.extensions.find(by.organization, number);
    return extension instanceof Refusal ? extension : { roles, extension: extension.id, groups: supervised };
  }

  /** Would the organization be without an administrator, or the server without an operator? */
  async #wouldBeWithout(before: StoredPerson, after: StoredPerson | undefined): Promise<boolean> {
    const kept = new Set(after?.roles);
    const lost = (['administrator', 'operator'] as const).filter(
      (role) => before.roles.includes(role) && !kept.has(role),
    );
    if (lost.length === 0) return false;
    const { repository, identities } = this.#ports;
    const provided = await identities.known(before.organization);
    const others = (await repository.all(before.organization)).filter(
      ({ id, passwordHash }) => id !== before.id && (passwordHash !== null || provided.has(id)),
    );
    return lost.some((role) => !others.some(({ roles }) => roles.includes(role)));
  }

  #viewOf(
    person: StoredPerson,
    proofs: { readonly second: boolean; readonly provided: boolean },
    seen: { readonly sessions: number; readonly heardAt: number } | undefined,
  ): PersonView {
    const { id, email, roles, groups, passwordHash, extension } = person;
    return {
      ...{ id, email, roles: [...roles] },
      extension: (extension && this.#ports.extensions.byId(extension)?.number) ?? null,
      groups: groups && [...groups],
      isInvited: passwordHash === null && !proofs.provided,
      hasSecondFactor: proofs.second,
      hasProvider: proofs.provided,
      sessions: seen?.sessions ?? 0,
      heardAt: seen?.heardAt ?? null,
    };
  }
}

const isOperator = ({ roles }: StoredPerson): boolean => roles.includes('operator');

const NO_SUCH_PERSON = new Refusal('not-found', 'There is no such person.');
const NO_EXTENSION = new Refusal('invalid-request', 'Say which extension is theirs.');
const FOR_OPERATORS = new Refusal('forbidden', 'Only an operator of this server can do that.');
const NOT_PROVIDED = new Refusal('not-found', 'They have never come in through the provider.');
const NOT_ONES_OWN = new Refusal(
  'forbidden',
  'Turn off your own second factor under your account: that takes a code.',
);
const EMAIL_TAKEN = new Refusal('email-taken', 'Somebody in this organization has that address already.');
const LAST_ADMINISTRATOR = new Refusal(
  'last-administrator',
  'Nobody else could do what this person does. Give the role to somebody else first.',
);
