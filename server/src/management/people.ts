import type { Credentials } from '@perch/shared';
import type { World } from '../world/world.ts';
import { type Browser, keptBrowser } from './browser.ts';
import type { PersonRepository, StoredPerson, StoredSession } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowVerify } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

/** A shift and a half (milliseconds). */
const SESSION_MS = 12 * 3_600_000;

/** Somebody who is signed in. */
export interface SignedIn {
  readonly person: StoredPerson;
  readonly session: StoredSession;
  /** What their browser sends. */
  readonly token: string;
}

/** Who may manage an organization, or something in it, and who is signed in. */
export class People {
  readonly #repository: PersonRepository;
  readonly #world: World;
  readonly #listeners = new Set<() => void>();

  constructor(repository: PersonRepository, world: World) {
    this.#repository = repository;
    this.#world = world;
  }

  /** An unknown address is refused with the same words, and after the same time, as a wrong password. */
  async signIn({ email, password }: Credentials, browser: Browser): Promise<SignedIn | Refusal> {
    const [person] = await this.#repository.byEmail(email);
    const right = await slowVerify(person?.passwordHash, password);
    if (!person || !right)
      return new Refusal('wrong-credentials', 'The e-mail address or the password is wrong.');
    return this.open(person, browser);
  }

  /** Opens a session without a password, for someone who has just used a link that was theirs. */
  async open(person: StoredPerson, browser: Browser): Promise<SignedIn> {
    const { clock, chance } = this.#world;
    const token = newToken(chance);
    const now = clock.now();
    const session: StoredSession = {
      hash: hashOf(token),
      person: person.id,
      openedAt: now,
      expiresAt: now + SESSION_MS,
      ...keptBrowser(browser),
      heardAt: now,
    };
    await this.#repository.openSession(session);
    return { person, session, token };
  }

  /** `undefined` where nobody is signed in with this token, or no longer. */
  async signedIn(token: string): Promise<SignedIn | undefined> {
    const found = await this.#repository.session(hashOf(token), this.#world.clock.now());
    return found && { ...found, token };
  }

  async signOut({ session }: SignedIn): Promise<void> {
    await this.#repository.closeSession(session.hash);
    for (const listener of this.#listeners) listener();
  }

  /** The listener is called for each session that is closed before it expires. */
  onSessionClosed(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
