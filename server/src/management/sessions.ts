import type { Credentials, OpenSession } from '@perch/shared';
import type { World } from '../world/world.ts';
import { type Browser, keptBrowser } from './browser.ts';
import type { PersonRepository, StoredPerson, StoredSession } from './repositories.ts';
import { Refusal, RefusedPerson } from './refusal.ts';
import type { Proof, SecondFactors } from './second-factors.ts';
import { slowVerify } from './slow-hash.ts';
import { hashOf, newToken } from './tokens.ts';

/** A shift and a half (milliseconds). */
const SESSION_MS = 12 * 3_600_000;
/** How old what is stored of when a browser was last heard may be (milliseconds). */
const HEARD_MS = 5 * 60_000;

/** Somebody who is signed in. */
export interface SignedIn {
  readonly person: StoredPerson;
  readonly session: StoredSession;
  /** What their browser sends. */
  readonly token: string;
  /** Have they to set up a second factor first? */
  readonly lacksSecondFactor: boolean;
  /** Their second factor, where this is the sign-in. */
  readonly proof?: Proof;
}

/** Told who comes in, before their session is stored. */
export type Came = (person: StoredPerson, proof?: Proof) => void;

interface SessionPorts {
  readonly repository: PersonRepository;
  readonly secondFactors: SecondFactors;
  /** The SIP domain of an organization. */
  readonly domainOf: (person: StoredPerson) => string;
  readonly world: World;
}

/** Who is signed in, and in which browsers. */
export class Sessions {
  readonly #ports: SessionPorts;
  readonly #listeners = new Set<() => void>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** An unknown address is refused with the same words, and after the same time, as a wrong password. */
  async signIn(
    { email, password, organization, code }: Credentials,
    browser: Browser,
    came: Came = () => undefined,
  ): Promise<SignedIn | Refusal> {
    const { repository, domainOf } = this.#ports;
    const people = await repository.byEmail(email);
    // Nobody is checked, too, where there is nobody.
    const checks = people.length === 0 ? [undefined] : people;
    const right = await Promise.all(checks.map((person) => slowVerify(person?.passwordHash, password)));
    const matching = people.filter((_, index) => right[index]);
    const named = matching.filter(
      (person) => organization === undefined || domainOf(person) === organization,
    );
    const [person, ...others] = named;
    if (!person) return WRONG_CREDENTIALS;
    if (others.length > 0) return ORGANIZATION_NEEDED;
    const { secondFactors } = this.#ports;
    if (!(await secondFactors.isOn(person))) {
      came(person);
      return this.open(person, browser);
    }
    const proof = code === undefined ? SECOND_FACTOR_NEEDED : await secondFactors.prove(person, code);
    if (proof instanceof Refusal) return new RefusedPerson(person, proof);
    came(person, proof);
    return { ...(await this.open(person, browser)), proof };
  }

  /** Opens a session for somebody who has proved to be themselves: by a password, by a link that was theirs, or `provided`. */
  async open(
    person: StoredPerson,
    browser: Browser,
    provided: StoredSession['provided'] = null,
  ): Promise<SignedIn> {
    const { clock, chance } = this.#ports.world;
    const token = newToken(chance);
    const now = clock.now();
    const session: StoredSession = {
      hash: hashOf(token),
      person: person.id,
      openedAt: now,
      expiresAt: now + SESSION_MS,
      ...keptBrowser(browser),
      heardAt: now,
      provided,
    };
    await this.#ports.repository.openSession(session);
    return { person, session, token, lacksSecondFactor: await this.#isLacking(person, session) };
  }

  /**
   * `undefined` where nobody is signed in with this token, or no longer.
   * @param address where it was heard from; none where it is only looked up.
   */
  async signedIn(token: string, address?: string): Promise<SignedIn | undefined> {
    const { repository, world } = this.#ports;
    const now = world.clock.now();
    const found = await repository.session(hashOf(token), now);
    if (!found) return undefined;
    const { session } = found;
    if (address !== undefined && (now - session.heardAt >= HEARD_MS || address !== session.address))
      await repository.noteSession(session.hash, address, now);
    return { ...found, token, lacksSecondFactor: await this.#isLacking(found.person, session) };
  }

  /** A second factor at the provider is as good as one of ours. */
  async #isLacking(person: StoredPerson, { provided }: StoredSession): Promise<boolean> {
    return provided !== 'two-factors' && (await this.#ports.secondFactors.isLacking(person));
  }

  async signOut({ session }: SignedIn): Promise<void> {
    await this.#ports.repository.closeSession(session.hash);
    this.review();
  }

  /** The browsers in which somebody is signed in, the latest first; `own` is the one that asks. */
  async of(person: string, own?: StoredSession): Promise<OpenSession[]> {
    const { repository, world } = this.#ports;
    const open = await repository.sessionsOf(person, world.clock.now());
    return open.map(({ hash, openedAt, expiresAt, browser, address, heardAt }) => ({
      id: hash.toString('base64url'),
      ...{ openedAt, expiresAt, browser, address, heardAt },
      isOwn: own?.hash.equals(hash) ?? false,
    }));
  }

  /** Ends one of a person's sessions. */
  async close(person: string, id: string): Promise<Refusal | undefined> {
    const { repository, world } = this.#ports;
    const hash = Buffer.from(id, 'base64url');
    const open = await repository.sessionsOf(person, world.clock.now());
    if (!open.some((session) => session.hash.equals(hash))) return NOT_LISTED;
    await repository.closeSession(hash);
    this.review();
    return undefined;
  }

  /** Ends all others of a person: what they needed until now is not enough any more. */
  async closeOthers({ person, session }: SignedIn): Promise<void> {
    await this.#ports.repository.closeSessionsOf(person.id, session.hash);
    this.review();
  }

  /** Sessions may have been closed before they expire: those who rely on one ask again. */
  review(): void {
    for (const listener of this.#listeners) listener();
  }

  onReview(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

const WRONG_CREDENTIALS = new Refusal('wrong-credentials', 'The e-mail address or the password is wrong.');
const ORGANIZATION_NEEDED = new Refusal(
  'organization-needed',
  'This password opens more than one organization. Say which one, by its domain.',
);
const SECOND_FACTOR_NEEDED = new Refusal(
  'second-factor-needed',
  'Enter the code that your authenticator app shows, or a recovery code.',
);
const NOT_LISTED = new Refusal('not-found', 'That is no longer in the list.');
