import type {
  NewSecondFactor,
  OrganizationId,
  RecoveryCodes,
  SecondFactorView,
  SignInPolicy,
} from '@perch/shared';
import { FailureBuckets } from '../network/failure-buckets.ts';
import type { World } from '../world/world.ts';
import type { SecondFactorRepository, StoredPerson } from './repositories.ts';
import { Refusal } from './refusal.ts';
import { slowVerify } from './slow-hash.ts';
import { hashOf } from './tokens.ts';
import { SECRET_OCTETS, totpStep, totpUrl } from './totp.ts';

/** Recovery codes that are made at once. */
const RECOVERY_CODES = 10;
/** Letters of a recovery code, five bits each: it cannot be guessed, so a fast hash of it is enough. */
const RECOVERY_LETTERS = 16;
/** None that could be taken for another one. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
/** Wrong codes of one person, from everywhere, after which more have to wait. They are forgiven one at a time. */
const MOST_WRONG = 5;

/** For how long a sign-in stands for a password that somebody does not have (milliseconds). */
const LATELY_MS = 10 * 60_000;

interface SecondFactorPorts {
  readonly repository: SecondFactorRepository;
  /** What an authenticator app shows as the name of an organization. */
  readonly nameOf: (person: StoredPerson) => string;
  readonly world: World;
}

/** With what somebody has proved to be themselves, beside the password. */
export type Proof = 'app' | 'recovery-code';

/** Second factors by authenticator app (RFC 6238), and who has to have one. A secret is shown once, when it is made. */
export class SecondFactors {
  readonly #ports: SecondFactorPorts;
  /** By person. Only somebody who knows the password can add to one. */
  readonly #wrong = new FailureBuckets();

  constructor(ports: SecondFactorPorts) {
    this.#ports = ports;
  }

  async isOn({ id }: StoredPerson): Promise<boolean> {
    return (await this.#ports.repository.of(id))?.isOn ?? false;
  }

  /** The people of an organization who have one, by their ids. */
  on(organization: OrganizationId): Promise<ReadonlySet<string>> {
    return this.#ports.repository.on(organization);
  }

  /** Does the organization demand one that the person has not set up? */
  async isLacking(person: StoredPerson): Promise<boolean> {
    return (await this.isDemanded(person)) && !(await this.isOn(person));
  }

  async view(person: StoredPerson): Promise<SecondFactorView> {
    const { repository } = this.#ports;
    return {
      isOn: await this.isOn(person),
      isDemanded: await this.isDemanded(person),
      asksPassword: person.passwordHash !== null,
      recoveryCodes: await repository.recoveryCodes(person.id),
    };
  }

  /**
   * The password is asked for again: anyone who finds an open browser must not lock its owner out. Those who have none have to have signed
   * in lately.
   */
  async begin(
    person: StoredPerson,
    { password, signedInAt }: { readonly password: string; readonly signedInAt: number },
  ): Promise<NewSecondFactor | Refusal> {
    const { repository, nameOf, world } = this.#ports;
    if (person.passwordHash === null) {
      if (world.clock.now() - signedInAt > LATELY_MS) return NOT_LATELY;
    } else if (!(await slowVerify(person.passwordHash, password))) return WRONG_PASSWORD;
    const secret = world.chance.bytes(SECRET_OCTETS);
    if (!(await repository.begin(person.id, secret))) return ALREADY_ON;
    return totpUrl(secret, nameOf(person), person.email);
  }

  async confirm({ id }: StoredPerson, code: string): Promise<RecoveryCodes | Refusal> {
    const { repository } = this.#ports;
    const pending = await repository.of(id);
    if (!pending) return NOT_BEGUN;
    if (pending.isOn) return ALREADY_ON;
    const step = this.#stepOf(id, pending.secret, plain(code));
    if (step instanceof Refusal) return step;
    const codes = this.#makeCodes();
    // Another one may have been begun meanwhile.
    const isOn = await repository.turnOn(id, pending.secret, step, codes.map(hashOfCode));
    return isOn ? { codes } : WRONG_CODE;
  }

  /** Uses a code up: neither one of the app nor a recovery code works twice. */
  async prove({ id }: StoredPerson, given: string): Promise<Proof | Refusal> {
    const { repository } = this.#ports;
    const factor = await repository.of(id);
    if (!factor?.isOn) return NOT_ON;
    const code = plain(given);
    // Asked first, and without a limit: it cannot be guessed, and its owner must come in while others guess.
    if (code.length === RECOVERY_LETTERS)
      return (await repository.useRecoveryCode(id, hashOfCode(code))) ? 'recovery-code' : WRONG_CODE;
    const step = this.#stepOf(id, factor.secret, code);
    if (step instanceof Refusal) return step;
    return (await repository.useStep(id, step)) ? 'app' : USED_CODE;
  }

  async renewCodes(person: StoredPerson, code: string): Promise<RecoveryCodes | Refusal> {
    const proof = await this.prove(person, code);
    if (proof instanceof Refusal) return proof;
    const codes = this.#makeCodes();
    await this.#ports.repository.replaceRecoveryCodes(person.id, codes.map(hashOfCode));
    return { codes };
  }

  async remove(person: StoredPerson, code: string): Promise<Refusal | undefined> {
    const proof = await this.prove(person, code);
    if (proof instanceof Refusal) return proof;
    await this.#ports.repository.delete(person.id);
    return undefined;
  }

  /** For somebody who has lost app and recovery codes. */
  async reset({ id }: StoredPerson): Promise<Refusal | undefined> {
    if (!(await this.#ports.repository.of(id))?.isOn) return NOT_ON;
    await this.#ports.repository.delete(id);
    return undefined;
  }

  policy({ organization }: StoredPerson): Promise<SignInPolicy> {
    return this.#ports.repository.policy(organization);
  }

  /** Nobody demands what they have not set up themselves: they would lock themselves out of what they are doing. */
  async changePolicy(by: StoredPerson, policy: SignInPolicy): Promise<Refusal | undefined> {
    if (isDemandedBy(policy, by) && !(await this.isOn(by))) return OWN_FIRST;
    await this.#ports.repository.setPolicy(by.organization, policy);
    return undefined;
  }

  /** Does the organization demand one of this person? */
  async isDemanded(person: StoredPerson): Promise<boolean> {
    return isDemandedBy(await this.policy(person), person);
  }

  /** Nothing is awaited between looking at the failures and adding to them. */
  #stepOf(id: string, secret: Buffer, code: string): number | Refusal {
    const { clock } = this.#ports.world;
    const at = clock.monotonic();
    if (this.#wrong.count(id, at) >= MOST_WRONG) return TOO_MANY;
    const step = totpStep(secret, code, clock.now());
    if (step !== undefined) return step;
    this.#wrong.add(id, at);
    return WRONG_CODE;
  }

  #makeCodes(): string[] {
    const { chance } = this.#ports.world;
    return Array.from({ length: RECOVERY_CODES }, () => {
      const letters = [...chance.bytes(RECOVERY_LETTERS)].map((octet) => ALPHABET[octet % ALPHABET.length]);
      return letters.join('').replaceAll(/.{4}(?=.)/g, '$&-');
    });
  }
}

const isDemandedBy = ({ secondFactorOf }: SignInPolicy, { roles }: StoredPerson): boolean =>
  secondFactorOf === 'everyone' ||
  (secondFactorOf === 'administrators' && (roles.includes('administrator') || roles.includes('operator')));

/** Without what people and apps put between the characters. */
const plain = (code: string): string => code.replaceAll(/[\s-]/g, '').toLowerCase();
const hashOfCode = (code: string): Buffer => hashOf(plain(code));

const NOT_LATELY = new Refusal('wrong-credentials', 'Sign out and in again first.');
const WRONG_PASSWORD = new Refusal('wrong-credentials', 'The password is wrong.');
const WRONG_CODE = new Refusal('wrong-second-factor', 'That code is wrong, or no longer valid.');
const USED_CODE = new Refusal(
  'wrong-second-factor',
  'That code has been used already. Wait for the next one in your app.',
);
const TOO_MANY = new Refusal(
  'too-many-requests',
  'Too many wrong codes. Wait a minute, or use a recovery code.',
);
const ALREADY_ON = new Refusal('second-factor-on', 'Your second factor is on already.');
const NOT_ON = new Refusal('second-factor-off', 'There is no second factor.');
const NOT_BEGUN = new Refusal('second-factor-off', 'Begin again: there is no QR code to confirm.');
const OWN_FIRST = new Refusal(
  'second-factor-missing',
  'Set up your own second factor first, under your account.',
);
