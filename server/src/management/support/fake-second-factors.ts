import type { OrganizationId, SignInPolicy } from '@perch/shared';
import type { SecondFactorRepository } from '../repositories.ts';

interface Kept {
  readonly secret: Buffer;
  readonly lastStep: number | null;
}

const key = (hash: Buffer): string => hash.toString('base64');

/** For tests: second factors, in memory. */
export class FakeSecondFactors implements SecondFactorRepository {
  readonly #organizationOf: (person: string) => OrganizationId | undefined;
  readonly #factors = new Map<string, Kept>();
  readonly #codes = new Map<string, Set<string>>();
  readonly #policies = new Map<OrganizationId, SignInPolicy>();

  constructor(organizationOf: (person: string) => OrganizationId | undefined) {
    this.#organizationOf = organizationOf;
  }

  async of(person: string) {
    const kept = this.#factors.get(person);
    return kept && { secret: kept.secret, isOn: kept.lastStep !== null };
  }

  async on(organization: OrganizationId) {
    const on = [...this.#factors].filter(([, { lastStep }]) => lastStep !== null).map(([person]) => person);
    return new Set(on.filter((person) => this.#organizationOf(person) === organization));
  }

  async begin(person: string, secret: Buffer) {
    if ((await this.of(person))?.isOn) return false;
    this.#factors.set(person, { secret, lastStep: null });
    return true;
  }

  async turnOn(person: string, secret: Buffer, step: number, recoveryCodes: readonly Buffer[]) {
    const kept = this.#factors.get(person);
    if (kept?.lastStep !== null || !kept.secret.equals(secret)) return false;
    this.#factors.set(person, { secret, lastStep: step });
    await this.replaceRecoveryCodes(person, recoveryCodes);
    return true;
  }

  async useStep(person: string, step: number) {
    const kept = this.#factors.get(person);
    if (!kept || kept.lastStep === null || kept.lastStep >= step) return false;
    this.#factors.set(person, { ...kept, lastStep: step });
    return true;
  }

  async useRecoveryCode(person: string, hash: Buffer) {
    return this.#codes.get(person)?.delete(key(hash)) ?? false;
  }

  async recoveryCodes(person: string) {
    return this.#codes.get(person)?.size ?? 0;
  }

  async replaceRecoveryCodes(person: string, hashes: readonly Buffer[]) {
    this.#codes.set(person, new Set(hashes.map(key)));
  }

  async delete(person: string) {
    this.#factors.delete(person);
    this.#codes.delete(person);
  }

  async policy(organization: OrganizationId) {
    return this.#policies.get(organization) ?? { secondFactorOf: 'nobody' as const };
  }

  async setPolicy(organization: OrganizationId, policy: SignInPolicy) {
    this.#policies.set(organization, policy);
  }
}
