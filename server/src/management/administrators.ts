import type { Credentials } from '@perch/shared';
import type { World } from '../world/world.ts';
import type { AdministratorRepository, StoredAdministrator } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowVerify } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

/** A shift and a half (milliseconds). */
const SESSION_MS = 12 * 3_600_000;

/** A signed-in administrator. */
export interface AdministratorSession {
  readonly administrator: StoredAdministrator;
  readonly expiresAt: number;
}

export interface OpenedSession extends AdministratorSession {
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
    const administrator = this.#repository.byEmail(email);
    const right = await slowVerify(administrator?.passwordHash, password);
    if (!administrator || !right)
      return new Refusal('wrong-credentials', 'The e-mail address or the password is wrong.');
    return this.open(administrator);
  }

  /** Opens a session without a password, for someone who has just used the setup link. */
  open(administrator: StoredAdministrator): OpenedSession {
    const { clock, chance } = this.#world;
    const token = newToken(chance);
    const now = clock.now();
    const expiresAt = now + SESSION_MS;
    this.#repository.openSession(hashOf(token), administrator.id, expiresAt, now);
    return { token, administrator, expiresAt };
  }

  session(token: string): AdministratorSession | undefined {
    return this.#repository.session(hashOf(token), this.#world.clock.now());
  }

  signOut(token: string): void {
    this.#repository.closeSession(hashOf(token));
    for (const listener of this.#listeners) listener();
  }

  /** The listener is called for each session that is closed before it expires. */
  onSessionClosed(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
