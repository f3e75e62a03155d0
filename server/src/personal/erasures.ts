import type { OrganizationId } from '@perch/shared';
import { Turns } from '../collections/turns.ts';
import type { Clock } from '../world/clock.ts';
import type { Person } from './person.ts';
import type { Erasure, ErasurePorts } from './ports.ts';

/** Between two steps (milliseconds): calls and pages must not notice them. */
const PAUSE_MS = 20;
/** How often it is looked whether the person's last call is over (milliseconds). */
const CALL_MS = 5_000;
/** After something has failed (milliseconds). */
const RETRY_MS = 60_000;
/** Nothing is left to be done, or not until the next start. */
const DONE = 'done';

/**
 * Erases people, one at a time; while an erasure waits for the end of a call or to be tried again, others are carried out. An erasure is stored before anything is done, and every step can be done again: after a crash it goes on, from the
 * first step. A call that is under way is never cut off; its record is written and read again before the erasure ends.
 */
export class Erasures {
  readonly #ports: ErasurePorts;
  readonly #clock: Clock;
  readonly #turns = new Turns();
  /** By the person's id; cleaning that was left of before has none. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #closed = Promise.withResolvers();
  #isClosed = false;

  constructor(ports: ErasurePorts, clock: Clock) {
    this.#ports = ports;
    this.#clock = clock;
  }

  /** Goes on with what was under way. */
  async start(): Promise<void> {
    for (const erasure of await this.#ports.store.pending()) this.#take(erasure);
    if (await this.#ports.store.isToBeCleaned()) this.#keep('', this.#clean());
  }

  /** Resolves when the erasure is stored: it will be carried out then, whatever happens. */
  async begin(organization: OrganizationId, person: Person): Promise<Erasure> {
    const erasure = { organization, person, begunAt: this.#clock.now() };
    await this.#ports.store.begin(erasure);
    this.#take(erasure);
    return erasure;
  }

  /** Those of an organization that are under way. */
  async pending(organization: OrganizationId): Promise<readonly Erasure[]> {
    return (await this.#ports.store.pending()).filter((erasure) => erasure.organization === organization);
  }

  /** Resolves when the step that is under way is done; the rest is done after the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closed.resolve(undefined);
    await this.settled();
  }

  /** Resolves when nothing is left to be done of those that were begun. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  #take(erasure: Erasure): void {
    const { id } = erasure.person;
    if (this.#underWay.has(id)) return;
    this.#keep(
      id,
      this.#untilDone(() => this.#carryOut(erasure)).then(() => this.#clean()),
    );
  }

  #keep(id: string, task: Promise<void>): void {
    this.#underWay.set(
      id,
      task.finally(() => this.#underWay.delete(id)),
    );
  }

  #clean(): Promise<void> {
    return this.#untilDone(async () => {
      await this.#ports.store.clean();
      return DONE;
    });
  }

  /** Each attempt has its turn; `attempt` resolves to how long to wait before the next one, if there is to be one. */
  async #untilDone(attempt: () => Promise<number | typeof DONE>): Promise<void> {
    while (!this.#isClosed) {
      const again = await this.#turns
        .take(() => (this.#isClosed ? DONE : attempt()))
        .catch((error: unknown) => {
          this.#ports.failed(error);
          return RETRY_MS;
        });
      if (again === DONE) return;
      await this.#pause(again);
    }
  }

  async #carryOut(erasure: Erasure): Promise<number | typeof DONE> {
    const { organization } = erasure;
    const ports = this.#ports;
    await ports.closeAccounts(erasure.person);
    await ports.closeExtension(organization, erasure.person);
    // From now on their number may be somebody else's.
    const held = ports.store.of(organization);
    const person = await held.asDeleted(erasure.person);
    await this.#forgetSounds(organization, person);
    if (await ports.isInCall(organization, person)) return CALL_MS;
    // What was being left by a call that has just ended.
    await this.#forgetSounds(organization, person);
    for await (const _ of held.scrub(person)) {
      await this.#pause(PAUSE_MS);
      if (this.#isClosed) return DONE;
    }
    await held.finish(person);
    return DONE;
  }

  async #forgetSounds(organization: OrganizationId, person: Person): Promise<void> {
    const ports = this.#ports;
    const held = ports.store.of(organization);
    for (const { id } of await held.sounds(person)) await ports.deleteSound(organization, id);
    await held.forgetSounds(person);
    await ports.forgetMessagesFrom(organization, person);
    const left = await held.messagesLeft(person);
    if (left > 0) throw new Error(`${String(left)} messages could not be deleted`);
  }

  /** Or until the server stops. */
  async #pause(ms: number): Promise<void> {
    const over = Promise.withResolvers();
    const cancel = this.#clock.after(ms, () => over.resolve(undefined));
    await Promise.race([over.promise, this.#closed.promise]);
    cancel();
  }
}
