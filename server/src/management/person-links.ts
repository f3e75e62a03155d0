import type { World } from '../world/world.ts';
import { Refusal } from './refusal.ts';
import type { PersonRepository, StoredPerson } from './repositories.ts';
import type { Sessions } from './sessions.ts';
import { slowHash } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

const DAY_MS = 86_400_000;
/** How long the link of an invitation works, and one that only replaces a password (milliseconds). */
const INVITATION_MS = 7 * DAY_MS;
const RESET_MS = DAY_MS;

/** A link with which a person chooses a password, once. */
export interface PersonLink {
  readonly person: StoredPerson;
  readonly token: string;
  readonly expiresAt: number;
}

interface LinkPorts {
  readonly repository: PersonRepository;
  readonly sessions: Sessions;
  readonly world: World;
}

/** The links with which people choose their passwords: one a person, of which the newest works. */
export class PersonLinks {
  readonly #ports: LinkPorts;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** `madeBy`: the address of who has made it; `null` where the person has asked for it and is not signed in. */
  async for(person: StoredPerson, madeBy: string | null): Promise<PersonLink> {
    const { repository, world } = this.#ports;
    const token = newToken(world.chance);
    const madeAt = world.clock.now();
    const expiresAt = madeAt + (person.passwordHash === null ? INVITATION_MS : RESET_MS);
    await repository.replaceLink({ hash: hashOf(token), person: person.id, madeAt, madeBy, expiresAt });
    return { person, token, expiresAt };
  }

  /** Who a link is for; `link-invalid` where it has been used, replaced or forgotten. */
  async person(token: string): Promise<StoredPerson | Refusal> {
    const { repository, world } = this.#ports;
    return (await repository.linked(hashOf(token), world.clock.now())) ?? LINK_INVALID;
  }

  /** Uses up a link. All sessions of the person end. */
  async choosePassword(
    token: string,
    password: string,
    came: (person: StoredPerson) => void = () => undefined,
  ): Promise<StoredPerson | Refusal> {
    const { repository, sessions, world } = this.#ports;
    const person = await this.person(token);
    if (person instanceof Refusal) return person;
    const hash = await slowHash(password, world.chance);
    came(person);
    // Somebody else may have used it meanwhile.
    if (!(await repository.useLink(hashOf(token), hash, world.clock.now()))) return LINK_INVALID;
    sessions.review();
    return person;
  }
}

const LINK_INVALID = new Refusal(
  'link-invalid',
  'This link has been used, replaced by a newer one, or has expired. Ask your administrator for a new one.',
);
