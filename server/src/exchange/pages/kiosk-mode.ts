import type { TerminalId } from '@perch/shared';
import { NO_PIN_LOCKS, type PinLocks } from '../contract/pin-locks.ts';
import type { Clock, Directory } from '../ports.ts';
import type { Happened } from '../happenings.ts';

interface KioskRooms {
  readonly directory: Pick<Directory, 'all'>;
  readonly happened: Happened;
  readonly clock: Clock;
}

/** Are the stations of the organization in kiosk mode, and where is no PIN taken? Management, which has their PIN, says so. */
export class KioskMode {
  readonly #rooms: KioskRooms;
  #isOn = false;
  #locks = NO_PIN_LOCKS;

  constructor(rooms: KioskRooms) {
    this.#rooms = rooms;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  set(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    this.#tellStations();
  }

  setPinLocks(locks: PinLocks): void {
    const before = this.#locks;
    this.#locks = locks;
    const places = [...before.stations, ...locks.stations].map(({ terminal }) => terminal);
    if (before.everywhere === locks.everywhere) this.#tellStations(new Set(places));
    else this.#tellStations();
  }

  /** Until when that station takes no PIN; `null` where it does. */
  pinLockedUntil(terminal: TerminalId): number | null {
    const { stations, everywhere } = this.#locks;
    const here = stations.find((station) => station.terminal === terminal)?.until;
    const until = Math.max(here ?? 0, everywhere ?? 0);
    return until > this.#rooms.clock.now() ? until : null;
  }

  #tellStations(places?: ReadonlySet<TerminalId>): void {
    for (const { kind, terminal } of this.#rooms.directory.all())
      if (kind === 'station' && (places?.has(terminal) ?? true))
        this.#rooms.happened({ kind: 'kiosk-mode-changed', terminal });
  }
}
