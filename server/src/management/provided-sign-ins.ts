import type { World } from '../world/world.ts';
import type { Browser } from './browser.ts';
import type { IdentityProvider, ProvidedPerson, ProviderSecrets } from './ports.ts';
import type { IdentityRepository, PersonRepository, ProvidedIdentity, StoredPerson } from './repositories.ts';
import { Refusal, RefusedAddress, RefusedPerson } from './refusal.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Came, Sessions, SignedIn } from './sessions.ts';
import { newToken } from './tokens.ts';

/** How long somebody may take to sign in at the provider, and then to enter a code of ours (milliseconds). */
const LONGEST_MS = 10 * 60_000;
/** Sign-ins under way; beyond it the oldest is over. */
const MOST = 10_000;

interface ProvidedPorts {
  /** `undefined` where none is configured. */
  readonly provider: IdentityProvider | undefined;
  readonly people: PersonRepository;
  readonly identities: IdentityRepository;
  readonly secondFactors: SecondFactors;
  readonly sessions: Sessions;
  /** The SIP domain of an organization. */
  readonly domainOf: (person: StoredPerson) => string;
  readonly world: World;
}

/** A sign-in that has begun: the browser is at the provider, or its person is about to enter a code. */
type UnderWay =
  | { readonly at: 'provider'; readonly secrets: ProviderSecrets; readonly organization: string | undefined }
  | { readonly at: 'code'; readonly person: StoredPerson; readonly identity: ProvidedIdentity };

/** Somebody is known, and is still to enter a code of their authenticator app; `handle` is what their browser keeps meanwhile. */
export interface Halfway {
  readonly handle: string;
}

/**
 * Signing in at a provider (OpenID Connect). People are found by what they were to the provider when they first came, and the first time
 * by the address that the provider has verified. Nobody is created: they have been invited.
 */
export class ProvidedSignIns {
  readonly #ports: ProvidedPorts;
  /** By what the browser keeps. In the order in which they began. */
  readonly #underWay = new Map<string, UnderWay & { readonly until: number }>();

  constructor(ports: ProvidedPorts) {
    this.#ports = ports;
  }

  /** What people call the provider; `undefined` where there is none. */
  get name(): string | undefined {
    return this.#ports.provider?.name;
  }

  /** @param organization the domain of the one that is meant, where the same person is known to several. */
  async begin(organization?: string): Promise<(Halfway & { readonly url: URL }) | Refusal> {
    const { provider, world } = this.#ports;
    if (!provider) return NO_PROVIDER;
    const [state, nonce, verifier] = [1, 2, 3].map(() => newToken(world.chance)) as [string, string, string];
    const secrets = { state, nonce, verifier };
    const url = await provider.addressFor(secrets);
    if (url instanceof Refusal) return url;
    return { url, handle: this.#keep({ at: 'provider', secrets, organization }) };
  }

  /** Does this browser have to come back from the provider? */
  isBegun(handle: string | undefined): boolean {
    return this.#look(handle, 'provider') !== undefined;
  }

  /**
   * The browser is back from the provider. A sign-in is used up by this, whatever comes of it.
   * @param handle what the browser kept.
   * @param search what is behind the `?` of the address at which it came back.
   */
  async complete(
    handle: string | undefined,
    search: string,
    browser: Browser,
    came: Came = () => undefined,
  ): Promise<SignedIn | Halfway | Refusal> {
    const { provider, secondFactors, sessions } = this.#ports;
    if (!provider) return NO_PROVIDER;
    const begun = this.#take(handle, 'provider');
    if (!begun) return OVER;
    const provided = await provider.identify(search, begun.secrets);
    if (provided instanceof Refusal) return provided;
    const person = await this.#find(provider, provided, begun.organization);
    if (person instanceof Refusal) return person;
    const { hasSecondFactor, issuer, subject } = provided;
    const identity = { issuer, subject };
    if (!hasSecondFactor && (await secondFactors.isOn(person)))
      return { handle: this.#keep({ at: 'code', person, identity }) };
    const refusal = await this.#bind(person, identity);
    if (refusal) return refusal;
    came(person);
    return sessions.open(person, browser, hasSecondFactor ? 'two-factors' : 'one-factor');
  }

  /** A code of one's own second factor. A wrong one can be entered again. */
  async prove(
    handle: string | undefined,
    code: string,
    browser: Browser,
    came: Came = () => undefined,
  ): Promise<SignedIn | Refusal> {
    const { people, secondFactors, sessions } = this.#ports;
    const known = this.#look(handle, 'code');
    // They may have been removed, or may do something else now.
    const person = known && (await people.byId(known.person.id));
    if (!person) return OVER;
    const proof = await secondFactors.prove(person, code);
    if (proof instanceof Refusal) return new RefusedPerson(person, proof);
    if (!this.#take(handle, 'code')) return OVER;
    const refusal = await this.#bind(person, known.identity);
    if (refusal) return refusal;
    came(person, proof);
    return { ...(await sessions.open(person, browser, 'one-factor')), proof };
  }

  /** Where a browser goes that has signed out here; `null` for nowhere. */
  async signOutAddress({ session }: SignedIn): Promise<string | null> {
    if (session.provided === null) return null;
    return (await this.#ports.provider?.signOutAddress())?.href ?? null;
  }

  /** From now on somebody is known by what they are to the provider: they have proved all that is asked of them. */
  async #bind(person: StoredPerson, identity: ProvidedIdentity): Promise<Refusal | undefined> {
    const { identities } = this.#ports;
    await identities.keep(person.id, identity);
    const kept = await identities.of(person.id);
    // Another account has come in as this person meanwhile.
    const isOther = kept?.issuer !== identity.issuer || kept.subject !== identity.subject;
    return isOther ? new RefusedPerson(person, MISMATCH) : undefined;
  }

  async #find(
    { organizations }: IdentityProvider,
    provided: ProvidedPerson,
    organization: string | undefined,
  ): Promise<StoredPerson | Refusal> {
    const { people, identities, domainOf } = this.#ports;
    const isMeant = (person: StoredPerson): boolean => {
      const domain = domainOf(person);
      return (organization ?? domain) === domain && (organizations?.includes(domain) ?? true);
    };
    const { issuer, subject, email, isEmailVerified } = provided;
    const known = (await identities.people({ issuer, subject })).filter(isMeant);
    const sameAddress = email === null ? [] : (await people.byEmail(email.toLowerCase())).filter(isMeant);
    const strangers = sameAddress.filter(
      (person) => !known.some(({ organization: own }) => own === person.organization),
    );
    const taken = new Set<StoredPerson>();
    for (const person of strangers) if (await identities.of(person.id)) taken.add(person);
    const free = strangers.filter((person) => !taken.has(person));
    const [person, ...others] = [...known, ...(isEmailVerified ? free : [])];
    if (others.length > 0) return ORGANIZATION_NEEDED;
    if (person) return person;
    const [another] = taken;
    // An address that nobody has verified says nothing of the one who has it here.
    if (another && isEmailVerified) return new RefusedPerson(another, MISMATCH);
    return email === null ? NO_ADDRESS : new RefusedAddress(email, isEmailVerified ? UNKNOWN : UNVERIFIED);
  }

  #keep(underWay: UnderWay): string {
    const { clock, chance } = this.#ports.world;
    const now = clock.monotonic();
    for (const [handle, { until }] of this.#underWay)
      if (until <= now || this.#underWay.size >= MOST) this.#underWay.delete(handle);
      else break;
    const handle = newToken(chance);
    this.#underWay.set(handle, { ...underWay, until: now + LONGEST_MS });
    return handle;
  }

  #look<At extends UnderWay['at']>(
    handle: string | undefined,
    at: At,
  ): Extract<UnderWay, { at: At }> | undefined {
    const known = handle === undefined ? undefined : this.#underWay.get(handle);
    const isOpen = known?.at === at && known.until > this.#ports.world.clock.monotonic();
    return isOpen ? (known as Extract<typeof known, { at: At }>) : undefined;
  }

  #take<At extends UnderWay['at']>(
    handle: string | undefined,
    at: At,
  ): Extract<UnderWay, { at: At }> | undefined {
    const known = this.#look(handle, at);
    if (known && handle !== undefined) this.#underWay.delete(handle);
    return known;
  }
}

const NO_PROVIDER = new Refusal('not-found', 'This server knows no sign-in provider.');
const OVER = new Refusal(
  'sign-in-over',
  'This sign-in is over, or was begun in another browser. Begin again.',
);
const UNVERIFIED = new Refusal('email-unverified', 'The provider has not verified your e-mail address.');
const NO_ADDRESS = new Refusal('email-unverified', 'The provider has not told us your e-mail address.');
const UNKNOWN = new Refusal('person-unknown', 'Nobody has been invited here with your e-mail address.');
const MISMATCH = new Refusal(
  'person-mismatch',
  'Somebody else at the provider has signed in with your e-mail address before. Ask your administrator.',
);
const ORGANIZATION_NEEDED = new Refusal(
  'organization-needed',
  'You are known to more than one organization. Say which one, by its domain.',
);
