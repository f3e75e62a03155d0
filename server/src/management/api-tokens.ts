import { type ApiTokenView, isTokenAction, type NewApiToken } from '@perch/shared';
import type { World } from '../world/world.ts';
import type { ApiTokenRepository, StoredApiToken, StoredPerson } from './repositories.ts';
import { Refusal } from './refusal.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions, SignedIn } from './sessions.ts';
import { hashOf, newToken } from './tokens.ts';

/** With what each begins, so that it is known for what it is where it has leaked. */
const PREFIX = 'perch_';
const DAY_MS = 86_400_000;
/** How old what is stored of its last use may be (milliseconds). */
const USED_MS = 60_000;
const MOST = 50;

interface ApiTokenPorts {
  readonly repository: ApiTokenRepository;
  readonly secondFactors: SecondFactors;
  /** Told when one was revoked: a script may have a page open with it. */
  readonly sessions: Pick<Sessions, 'review'>;
  readonly world: World;
}

/** Tokens with which scripts use the API: each stands for its maker, for some of the actions that they may do. */
export class ApiTokens {
  readonly #ports: ApiTokenPorts;

  constructor(ports: ApiTokenPorts) {
    this.#ports = ports;
  }

  /** @returns with the secret, which nobody is told again. */
  async make(
    { person: maker, session }: SignedIn,
    { name, actions, days }: NewApiToken,
  ): Promise<{ readonly secret: string; readonly token: ApiTokenView } | Refusal> {
    const { repository, secondFactors, world } = this.#ports;
    const { id: person } = maker;
    if ((await repository.of(person)).length >= MOST) return TOO_MANY;
    const secret = PREFIX + newToken(world.chance);
    const madeAt = world.clock.now();
    const proven = session.provided === 'two-factors' || (await secondFactors.isOn(maker));
    const made: StoredApiToken = {
      ...{ id: world.chance.id(), hash: hashOf(secret), person, name, actions: [...new Set(actions)] },
      ...{ proven, madeAt, expiresAt: madeAt + days * DAY_MS, usedAt: null, usedFrom: null },
    };
    await repository.insert(made);
    return { secret, token: viewOf(made) };
  }

  /** The latest first. */
  async of(person: string): Promise<ApiTokenView[]> {
    return (await this.#ports.repository.of(person)).map(viewOf);
  }

  async revoke(person: string, id: string): Promise<Refusal | undefined> {
    const { repository, sessions } = this.#ports;
    if (!(await repository.delete(person, id))) return NOT_LISTED;
    sessions.review();
    return undefined;
  }

  /** Whose a secret is, and for what; `undefined` where it has expired, was revoked, or never was. */
  async find(
    secret: string,
    address: string,
  ): Promise<{ readonly person: StoredPerson; readonly token: StoredApiToken } | undefined> {
    if (!secret.startsWith(PREFIX)) return undefined;
    const { repository, world } = this.#ports;
    const now = world.clock.now();
    const found = await repository.find(hashOf(secret), now);
    if (!found) return undefined;
    const { id, usedAt, usedFrom } = found.token;
    if (usedAt === null || now - usedAt >= USED_MS || usedFrom !== address)
      await repository.noteUse(id, address, now);
    return found;
  }

  /** Does the organization demand a second factor by now, which the maker had not shown when they made it? */
  async isHeldBack({ proven }: StoredApiToken, maker: StoredPerson): Promise<boolean> {
    return !proven && (await this.#ports.secondFactors.isDemanded(maker));
  }
}

const viewOf = ({
  id,
  name,
  actions,
  madeAt,
  expiresAt,
  usedAt,
  usedFrom,
}: StoredApiToken): ApiTokenView => ({
  // Earlier ones may have been made for what no token is for any more.
  ...{ id, name, actions: actions.filter(isTokenAction), madeAt, expiresAt, usedAt, usedFrom },
});

const NOT_LISTED = new Refusal('not-found', 'That is no longer in the list.');
const TOO_MANY = new Refusal(
  'too-many-tokens',
  'You have 50 tokens. Revoke those that are no longer used first.',
);
