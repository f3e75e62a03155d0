import type { Credentials } from '@perch/shared';
import type { World } from '../world/world.ts';
import type { AdministratorRepository, StoredAdministrator, StoredSession } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowVerify } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

/** A shift and a half (milliseconds). */
const SESSION_MS = 12 * 3_600_000;

export interface OpenedSession extends StoredSession {
  /** What the browser sends from now on. */
  readonly token: string;
}

/** Who may manage an organization, and who is signed in. */
export class Administrators {
  readonly #repository: AdministratorRepository;
  readonly #world: World;
  readonly #listeners = new Set<() => void>();

  constructor(repository: AdministratorRepository, world: World) {
    this.#repository = repository;
    this.#world = world;
  }

  /** An unknown address is refused with the same words, and after the same time, as a wrong password. */
  async signIn({ email, password }: Credentials): Promise<OpenedSession | Refusal> {
    const administrator = await this.#repository.byEmail(email);
    const right = await slowVerify(administrator?.passwordHash, password);
    if (!administrator || !right)
      return new Refusal('wrong-credentials', 'The e-mail address or the password is wrong.');
    return this.open(administrator);
  }

  /** Opens a session without a password, for someone who has just used the setup link. */
  async open(administrator: StoredAdministrator): Promise<OpenedSession> {
    const { clock, chance } = this.#world;
    const token = newToken(chance);
    const now = clock.now();
    const expiresAt = now + SESSION_MS;
    await this.#repository.openSession(hashOf(token), administrator.id, expiresAt, now);
    return { token, administrator, expiresAt };
  }

  session(token: string): Promise<StoredSession | undefined> {
    return this.#repository.session(hashOf(token), this.#world.clock.now());
  }

  async signOut(token: string): Promise<void> {
    await this.#repository.closeSession(hashOf(token));
    for (const listener of this.#listeners) listener();
  }

  /** The listener is called for each session that is closed before it expires. */
  onSessionClosed(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
