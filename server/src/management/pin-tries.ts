import {
  type OrganizationId,
  type TerminalId,
  WRONG_PER_TERMINAL,
  WRONG_PINS_PER_ORGANIZATION,
} from '@perch/shared';
import { Turns } from '../collections/turns.ts';
import type { PinLocks } from '../exchange/contract/pin-locks.ts';
import {
  countingPins,
  isForgotten,
  NO_PIN_GUESSES,
  pinsLockedUntil,
  withWrongPin,
  wrongPinsLeft,
} from '../network/machines/pin-guesses.ts';
import type { Clock } from '../world/clock.ts';
import type { OrganizationRepository, StationPinGuesses, StoredPinGuesses } from './repositories.ts';

interface PinTryPorts {
  readonly repository: Pick<OrganizationRepository, 'pinGuesses' | 'setPinGuesses'>;
  readonly clock: Clock;
}

/** The wrong PINs of one place, and how many are being checked: any of those may be wrong too. */
interface Counter {
  readonly limit: number;
  guesses: StationPinGuesses;
  underWay: number;
}

interface Counters {
  readonly everywhere: Counter;
  readonly stations: Map<TerminalId, Counter>;
}

const stationCounter = (guesses: StationPinGuesses = NO_PIN_GUESSES): Counter => ({
  limit: WRONG_PER_TERMINAL,
  guesses,
  underWay: 0,
});
const counters = ({ everywhere, stations }: StoredPinGuesses): Counters => ({
  everywhere: { limit: WRONG_PINS_PER_ORGANIZATION, guesses: everywhere, underWay: 0 },
  stations: new Map(stations.map(([station, guesses]) => [station, stationCounter(guesses)])),
});
/** How many of those that count were tried at that station. */
const wrongPinsAt = (station: TerminalId, guesses: StationPinGuesses, now: number): number =>
  countingPins(guesses, now).filter((wrong) => wrong.station === station).length;
const NONE: StoredPinGuesses = { everywhere: NO_PIN_GUESSES, stations: [] };

/**
 * How often wrong PINs were tried, at each station and in each organization: what is guessed at many stations is counted together, of each station as many as
 * lock it, so that nobody locks all of them from one. A wrong one is stored before anybody is told that it was wrong.
 */
export class PinTries {
  readonly #ports: PinTryPorts;
  readonly #organizations = new Map<OrganizationId, Counters>();
  /** What is stored of an organization: one that is forgiven must not be stored afterwards. */
  readonly #writes = new Map<OrganizationId, Turns>();

  constructor(ports: PinTryPorts) {
    this.#ports = ports;
  }

  /** Reads what is stored of an organization. */
  async begin(organization: OrganizationId): Promise<void> {
    const stored = await this.#ports.repository.pinGuesses(organization);
    this.#organizations.set(organization, counters(stored ?? NONE));
  }

  /**
   * Checks a PIN, unless too many were wrong at that station or in its organization; `locks`: it was wrong, and the last one for now.
   * Rejects where a wrong one could not be stored: it counts until the process ends.
   */
  async take(
    organization: OrganizationId,
    station: TerminalId,
    check: () => Promise<boolean>,
  ): Promise<'right' | 'wrong' | 'locks' | 'locked'> {
    const { clock, repository } = this.#ports;
    const all = this.#of(organization);
    const here = all.stations.get(station) ?? stationCounter();
    const both = [here, all.everywhere];
    const begun = clock.now();
    const isCounted = wrongPinsAt(station, all.everywhere.guesses, begun) + here.underWay < here.limit;
    const counted = isCounted ? both : [here];
    // A place is taken before the slow hash: PINs that are tried all at once would slip past the limit.
    for (const { guesses, limit, underWay } of counted)
      if (wrongPinsLeft(guesses, limit, begun) <= underWay) return 'locked';
    all.stations.set(station, here);
    for (const counter of counted) counter.underWay += 1;
    try {
      if (await check()) return 'right';
      const now = clock.now();
      for (const counter of counted)
        counter.guesses = withWrongPin(counter.guesses, counter.limit, { at: now, station });
      const isForgiven = await this.#inTurn(organization, async () => {
        // An administrator may have forgiven all of them meanwhile: this one, too.
        if (this.#of(organization) !== all) return true;
        await repository.setPinGuesses(organization, storedOf(all, now));
        return false;
      });
      if (isForgiven) return 'wrong';
      return both.some(({ guesses }) => pinsLockedUntil(guesses, now) !== undefined) ? 'locks' : 'wrong';
    } finally {
      for (const counter of counted) counter.underWay -= 1;
    }
  }

  /** Those that are in force. */
  locks(organization: OrganizationId): PinLocks {
    const { stations, everywhere } = this.#of(organization);
    const now = this.#ports.clock.now();
    const locked = [...stations].flatMap(([terminal, { guesses }]) => {
      const until = pinsLockedUntil(guesses, now);
      return until === undefined ? [] : [{ terminal, until }];
    });
    return { stations: locked, everywhere: pinsLockedUntil(everywhere.guesses, now) ?? null };
  }

  /**
   * None of them counts any more, once what is stored of them is forgotten, too.
   * @param store forgets what is stored; where it rejects, they count as before
   */
  forget(organization: OrganizationId, store: () => Promise<void>): Promise<void> {
    return this.#inTurn(organization, async () => {
      await store();
      this.#organizations.set(organization, counters(NONE));
    });
  }

  #of(organization: OrganizationId): Counters {
    const known = this.#organizations.get(organization) ?? counters(NONE);
    this.#organizations.set(organization, known);
    return known;
  }

  #inTurn<Result>(organization: OrganizationId, task: () => Promise<Result>): Promise<Result> {
    const turns = this.#writes.get(organization) ?? new Turns();
    this.#writes.set(organization, turns);
    return turns.take(task);
  }
}

const storedOf = ({ everywhere, stations }: Counters, now: number): StoredPinGuesses => ({
  everywhere: everywhere.guesses,
  stations: [...stations]
    .map(([terminal, { guesses }]) => [terminal, guesses] as const)
    .filter(([, guesses]) => !isForgotten(guesses, now)),
});
