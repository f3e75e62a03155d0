import type { OrganizationId } from '@perch/shared';
import { DateTime } from 'luxon';
import type { Clock } from '../world/clock.ts';
import { every } from '../world/every.ts';
import type { Keeping, OldThings, RetentionPorts } from './ports.ts';

const DAY_MS = 86_400_000;
/** How often it is looked whether a night has come somewhere (milliseconds). */
const LOOK_EVERY_MS = 60 * 60_000;
/** From this hour on the old things of a day are deleted, in the time zone of each organization. */
const NIGHT_HOUR = 3;
/**
 * What is deleted in one step: calls and pages must not notice it. Those of calls are taken by the archive's own thread; the others keep the
 * thread that has the calls, which waits for the disk after each.
 */
const STEPS: Readonly<Record<keyof OldThings, number>> = { calls: 250, moves: 50, audit: 50 };
/** Between two steps (milliseconds). */
const PAUSE_MS = 100;

/** Deletes each night what organizations do not want to keep any longer, step by step; where the server was down at night, soon after it is up. */
export class Nightly {
  readonly #ports: RetentionPorts;
  readonly #clock: Clock;
  readonly #stopLooking: () => void;
  /** The local day for which each organization was tidied last: YYYY-MM-DD. */
  readonly #tidied = new Map<OrganizationId, string>();
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
    const now = this.#clock.now();
    try {
      for (const keeping of await this.#ports.keepings()) {
        const { organization, timeZone } = keeping;
        const local = DateTime.fromMillis(now, { zone: timeZone });
        const day = local.toFormat('yyyy-MM-dd');
        if (local.hour < NIGHT_HOUR || this.#tidied.get(organization) === day) continue;
        this.#tidied.set(organization, day);
        await this.#tidy(keeping, now).catch((error: unknown) => this.#ports.failed(error));
      }
    } catch (error) {
      this.#ports.failed(error);
    }
  }

  async #tidy({ organization, retention: { recordDays, auditDays } }: Keeping, now: number): Promise<void> {
    const things = this.#ports.oldThings(organization);
    const deleted = {
      calls: await this.#delete(things, 'calls', now, recordDays),
      moves: await this.#delete(things, 'moves', now, recordDays),
      audit: await this.#delete(things, 'audit', now, auditDays),
    };
    if (Object.values(deleted).some((count) => count > 0)) await this.#ports.deleted(organization, deleted);
  }

  async #delete(things: OldThings, what: keyof OldThings, now: number, days: number | null): Promise<number> {
    if (days === null) return 0;
    const [before, most] = [now - days * DAY_MS, STEPS[what]];
    let all = 0;
    while (!this.#isClosed) {
      const count = await things[what](before, most);
      all += count;
      if (count < most) break;
      await this.#pause();
    }
    return all;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(PAUSE_MS, resolve));
  }
}
