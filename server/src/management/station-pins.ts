import { KIOSK_UNLOCKED_MS, type OrganizationId, validateStationPin } from '@perch/shared';
import type { PinLocks } from '../exchange/contract/pin-locks.ts';
import type { World } from '../world/world.ts';
import { PinTries } from './pin-tries.ts';
import type { Exchanges } from './ports.ts';
import { Refusal } from './refusal.ts';
import type { OrganizationRepository } from './repositories.ts';
import { slowHash, slowVerify } from './slow-hash.ts';
import type { EnrolledBrowser } from './terminals.ts';
import { hashOf } from './tokens.ts';

interface StationPinPorts {
  readonly repository: Pick<
    OrganizationRepository,
    'stationPin' | 'setStationPin' | 'pinGuesses' | 'setPinGuesses' | 'forgetPinGuesses'
  >;
  readonly exchanges: Exchanges;
  readonly world: World;
}

/** A browser that has shown its token. */
type Browser = EnrolledBrowser & { readonly token: string };

const WRONG_PIN = new Refusal('wrong-pin', 'That PIN is wrong.');
const TOO_MANY = new Refusal(
  'station-pin-locked',
  'Too many wrong PINs: for now, none is taken here. An administrator can change that.',
);
const NOT_IN_KIOSK_MODE = new Refusal('not-found', 'This phone is not in kiosk mode.');

/**
 * The PIN of an organization's stations: while there is one, they are in kiosk mode, and a browser that leaves it has to know it. Too many wrong ones lock
 * the station, or all of them (`pin-guesses.ts`), until an administrator forgives them or sets another PIN.
 */
export class StationPins {
  readonly #ports: StationPinPorts;
  /** In PHC form. */
  readonly #hashes = new Map<OrganizationId, string>();
  readonly #tries: PinTries;
  /** Until when, by the hash of the browser's token. */
  readonly #unlocked = new Map<string, { readonly organization: OrganizationId; readonly until: number }>();

  constructor(ports: StationPinPorts) {
    this.#ports = ports;
    this.#tries = new PinTries({ repository: ports.repository, clock: ports.world.clock });
  }

  /** The organization runs from now on, with the PIN that is stored. */
  async begin(organization: OrganizationId): Promise<void> {
    const hash = await this.#ports.repository.stationPin(organization);
    if (hash === null) return;
    await this.#tries.begin(organization);
    await this.#follow(organization, hash);
    await this.#tellLocks(organization);
  }

  isSet(organization: OrganizationId): boolean {
    return this.#hashes.has(organization);
  }

  /** What was unlocked with an earlier PIN is locked again, and its wrong ones no longer count. */
  async set(organization: OrganizationId, pin: string): Promise<Refusal | undefined> {
    const weakness = validateStationPin(pin);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const hash = await slowHash(pin, this.#ports.world.chance);
    await this.#change(organization, hash);
    return undefined;
  }

  remove(organization: OrganizationId): Promise<void> {
    return this.#change(organization, null);
  }

  /** Where no PIN is taken at the moment. */
  locks(organization: OrganizationId): PinLocks {
    return this.#tries.locks(organization);
  }

  /** The wrong PINs of the organization no longer count: its stations take one again. */
  async forgive(organization: OrganizationId): Promise<void> {
    await this.#tries.forget(organization, () => this.#ports.repository.forgetPinGuesses(organization));
    await this.#tellLocks(organization);
  }

  /** Opens the station to that browser, if this is the PIN and not too many were wrong lately. */
  async unlock(browser: Browser, pin: string): Promise<Refusal | undefined> {
    const { terminal, organization, owner, token } = browser;
    const hash = isKiosk(owner) ? this.#hashes.get(organization) : undefined;
    if (hash === undefined) return NOT_IN_KIOSK_MODE;
    const tried = await this.#tries.take(
      organization,
      terminal,
      async () => (await slowVerify(hash, pin)) && hash === this.#hashes.get(organization),
    );
    switch (tried) {
      case 'locked':
        return TOO_MANY;
      case 'locks':
        await this.#tellLocks(organization);
        return WRONG_PIN;
      case 'wrong':
        return WRONG_PIN;
      case 'right': {
        const now = this.#ports.world.clock.now();
        for (const [key, { until }] of this.#unlocked) if (until <= now) this.#unlocked.delete(key);
        this.#unlocked.set(keyOf(token), { organization, until: now + KIOSK_UNLOCKED_MS });
        return undefined;
      }
    }
  }

  lock({ token }: Pick<Browser, 'token'>): void {
    this.#unlocked.delete(keyOf(token));
  }

  /** Is that browser a station in kiosk mode? */
  isLocked({ organization, owner, token }: Browser): boolean {
    if (!isKiosk(owner) || !this.isSet(organization)) return false;
    return (this.#unlocked.get(keyOf(token))?.until ?? 0) <= this.#ports.world.clock.now();
  }

  async #change(organization: OrganizationId, hash: string | null): Promise<void> {
    await this.#tries.forget(organization, () => this.#ports.repository.setStationPin(organization, hash));
    await this.#follow(organization, hash);
    await this.#tellLocks(organization);
  }

  async #follow(organization: OrganizationId, hash: string | null): Promise<void> {
    if (hash === null) this.#hashes.delete(organization);
    else this.#hashes.set(organization, hash);
    for (const [key, unlocked] of this.#unlocked)
      if (unlocked.organization === organization) this.#unlocked.delete(key);
    await this.#ports.exchanges.of(organization).setKioskMode(hash !== null);
  }

  async #tellLocks(organization: OrganizationId): Promise<void> {
    await this.#ports.exchanges.of(organization).setPinLocks(this.#tries.locks(organization));
  }
}

/** Is it in kiosk mode while its organization has a PIN? */
const isKiosk = ({ kind, kiosk }: EnrolledBrowser['owner']): boolean => kind === 'station' && kiosk;

const keyOf = (token: string): string => hashOf(token).toString('base64url');
