import { DateTime } from 'luxon';
import type { Clock } from '../world/clock.ts';
import { every } from '../world/every.ts';
import type { Keeping, OldThings, RetentionPorts } from './ports.ts';

const DAY_MS = 86_400_000;
/** How often it is looked whether it is night somewhere (milliseconds). */
const LOOK_EVERY_MS = 60 * 60_000;
/** The hour in which old things are deleted, in the time zone of each organization. */
const NIGHT_HOUR = 3;
/** What is deleted in one step: calls and pages must not notice it. */
const STEP = 250;
/** Between two steps (milliseconds). */
const PAUSE_MS = 100;

/** Deletes each night what organizations do not want to keep any longer, step by step. */
export class Nightly {
  readonly #ports: RetentionPorts;
  readonly #clock: Clock;
  readonly #stopLooking: () => void;
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(ports: RetentionPorts, clock: Clock) {
    this.#ports = ports;
    this.#clock = clock;
    this.#stopLooking = every(clock, LOOK_EVERY_MS, () => {
      this.#running = this.#running.then(() => this.#look());
    });
  }

  /** Resolves when the step that is under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopLooking();
    await this.#running;
  }

  async #look(): Promise<void> {
    try {
      for (const keeping of await this.#ports.keepings()) {
        const { hour } = DateTime.fromMillis(this.#clock.now(), { zone: keeping.timeZone });
        if (hour === NIGHT_HOUR)
          await this.#tidy(keeping).catch((error: unknown) => this.#ports.failed(error));
      }
    } catch (error) {
      this.#ports.failed(error);
    }
  }

  async #tidy({ organization, retention: { recordDays, auditDays } }: Keeping): Promise<void> {
    const things = this.#ports.oldThings(organization);
    const now = this.#clock.now();
    const deleted = {
      calls: await this.#delete((before, most) => things.calls(before, most), now, recordDays),
      moves: await this.#delete((before, most) => things.moves(before, most), now, recordDays),
      audit: await this.#delete((before, most) => things.audit(before, most), now, auditDays),
    };
    if (Object.values(deleted).some((count) => count > 0)) await this.#ports.deleted(organization, deleted);
  }

  async #delete(step: OldThings['calls'], now: number, days: number | null): Promise<number> {
    if (days === null) return 0;
    const before = now - days * DAY_MS;
    let all = 0;
    while (!this.#isClosed) {
      const count = await step(before, STEP);
      all += count;
      if (count < STEP) break;
      await this.#pause();
    }
    return all;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(PAUSE_MS, resolve));
  }
}
