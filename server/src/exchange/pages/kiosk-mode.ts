import type { Directory } from '../ports.ts';
import type { Happened } from '../happenings.ts';

interface KioskRooms {
  readonly directory: Pick<Directory, 'all'>;
  readonly happened: Happened;
}

/** Are the stations of the organization in kiosk mode? Management, which has their PIN, says so. */
export class KioskMode {
  readonly #rooms: KioskRooms;
  #isOn = false;

  constructor(rooms: KioskRooms) {
    this.#rooms = rooms;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  set(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    for (const { kind, terminal } of this.#rooms.directory.all())
      if (kind === 'station') this.#rooms.happened({ kind: 'kiosk-mode-changed', terminal });
  }
}
