import {
  GUESSING_WINDOW_MS,
  KIOSK_UNLOCKED_MS,
  type OrganizationId,
  type TerminalId,
  validateStationPin,
  WRONG_PER_TERMINAL,
} from '@perch/shared';
import { counted, lockedUntil } from '../exchange/virtualization/guessing.ts';
import type { World } from '../world/world.ts';
import type { Exchanges } from './ports.ts';
import { Refusal } from './refusal.ts';
import type { OrganizationRepository } from './repositories.ts';
import { slowHash, slowVerify } from './slow-hash.ts';
import type { EnrolledBrowser } from './terminals.ts';
import { hashOf } from './tokens.ts';

interface StationPinPorts {
  readonly repository: Pick<OrganizationRepository, 'stationPin' | 'setStationPin'>;
  readonly exchanges: Exchanges;
  readonly world: World;
}

/** A browser that has shown its token. */
type Browser = EnrolledBrowser & { readonly token: string };

/** The wrong PINs at one station, and how many are being checked: any of those may be wrong too. */
interface Tries {
  readonly organization: OrganizationId;
  wrong: readonly number[];
  underWay: number;
}

const WRONG_PIN = new Refusal('wrong-pin', 'That PIN is wrong.');
const TOO_MANY = new Refusal(
  'station-pin-locked',
  `Too many wrong PINs at this station. Try again in ${GUESSING_WINDOW_MS / 60_000} minutes, or have an administrator set another PIN.`,
);

/**
 * The PIN of an organization's stations: while there is one, they are in kiosk mode, and a browser that leaves it has to know it. Wrong ones are counted for
 * each station, in memory: nobody at a station can restart the server.
 */
export class StationPins {
  readonly #ports: StationPinPorts;
  /** In PHC form. */
  readonly #hashes = new Map<OrganizationId, string>();
  readonly #tries = new Map<TerminalId, Tries>();
  /** Until when, by the hash of the browser's token. */
  readonly #unlocked = new Map<string, { readonly organization: OrganizationId; readonly until: number }>();

  constructor(ports: StationPinPorts) {
    this.#ports = ports;
  }

  /** The organization runs from now on, with the PIN that is stored. */
  async begin(organization: OrganizationId): Promise<void> {
    const hash = await this.#ports.repository.stationPin(organization);
    if (hash !== null) await this.#follow(organization, hash);
  }

  isSet(organization: OrganizationId): boolean {
    return this.#hashes.has(organization);
  }

  /** What was unlocked with an earlier PIN is locked again, and its wrong ones no longer count. */
  async set(organization: OrganizationId, pin: string): Promise<Refusal | undefined> {
    const weakness = validateStationPin(pin);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const hash = await slowHash(pin, this.#ports.world.chance);
    await this.#ports.repository.setStationPin(organization, hash);
    await this.#follow(organization, hash);
    return undefined;
  }

  async remove(organization: OrganizationId): Promise<void> {
    await this.#ports.repository.setStationPin(organization, null);
    await this.#follow(organization, null);
  }

  /** Opens the station to that browser, if this is the PIN and not too many were wrong lately. */
  async unlock(browser: Browser, pin: string): Promise<Refusal | undefined> {
    const { terminal, organization, token } = browser;
    const tries = this.#tries.get(terminal) ?? { organization, wrong: [], underWay: 0 };
    const { clock } = this.#ports.world;
    // A place is taken before the slow hash: PINs that are tried all at once would slip past the limit.
    if (!hasPlaceLeft(tries, clock.now())) return TOO_MANY;
    this.#tries.set(terminal, tries);
    tries.underWay += 1;
    const hash = this.#hashes.get(organization);
    try {
      if (!(await slowVerify(hash, pin)) || hash !== this.#hashes.get(organization)) {
        tries.wrong = counted(tries.wrong, clock.now());
        return WRONG_PIN;
      }
      for (const [key, { until }] of this.#unlocked) if (until <= clock.now()) this.#unlocked.delete(key);
      this.#unlocked.set(keyOf(token), { organization, until: clock.now() + KIOSK_UNLOCKED_MS });
      return undefined;
    } finally {
      tries.underWay -= 1;
      // Another PIN may have put others in their place.
      const isIdle = tries.underWay === 0 && tries.wrong.length === 0;
      if (isIdle && this.#tries.get(terminal) === tries) this.#tries.delete(terminal);
    }
  }

  lock({ token }: Pick<Browser, 'token'>): void {
    this.#unlocked.delete(keyOf(token));
  }

  /** Is that browser a station in kiosk mode? */
  isLocked({ organization, owner, token }: Browser): boolean {
    if (owner.kind !== 'station' || !this.isSet(organization)) return false;
    return (this.#unlocked.get(keyOf(token))?.until ?? 0) <= this.#ports.world.clock.now();
  }

  async #follow(organization: OrganizationId, hash: string | null): Promise<void> {
    if (hash === null) this.#hashes.delete(organization);
    else this.#hashes.set(organization, hash);
    for (const [key, unlocked] of this.#unlocked)
      if (unlocked.organization === organization) this.#unlocked.delete(key);
    for (const [terminal, tries] of this.#tries)
      if (tries.organization === organization) this.#tries.delete(terminal);
    await this.#ports.exchanges.of(organization).setKioskMode(hash !== null);
  }
}

const keyOf = (token: string): string => hashOf(token).toString('base64url');

function hasPlaceLeft({ wrong, underWay }: Tries, now: number): boolean {
  if (lockedUntil(wrong, WRONG_PER_TERMINAL, now) !== undefined) return false;
  return counted(wrong, now).length + underWay <= WRONG_PER_TERMINAL;
}
