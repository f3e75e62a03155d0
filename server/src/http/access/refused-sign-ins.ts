import { api, type OrganizationId } from '@perch/shared';
import type { Management } from '../../management/management.ts';
import { type Refusal, RefusedPerson } from '../../management/refusal.ts';
import type { Clock } from '../../world/clock.ts';
import { nameOf } from '../audited.ts';

/** Refused sign-ins that an organization's audit has one by one in each minute. Of those beyond it, it has the number. */
const MOST_NOTED = 30;
const MINUTE_MS = 60_000;

interface Minute {
  noted: number;
  more: number;
}

/**
 * Notes in the audit who has tried to sign in and was refused. Strangers can cause it, so it is bounded. An address that nobody has is noted
 * where the operators of the server are.
 */
export class RefusedSignIns {
  readonly #management: Management;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #minutes = new Map<OrganizationId, Minute>();

  constructor(management: Management, clock: Clock, failed: (error: unknown) => void) {
    this.#management = management;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** Afterwards, so that how long the answer takes does not tell whether somebody has that address. */
  note(email: string, address: string, refusal: Refusal): void {
    this.#clock.after(0, () => void this.#note(email, address, refusal).catch(this.#failed));
  }

  async #note(email: string, address: string, refusal: Refusal): Promise<void> {
    const { people } = this.#management;
    const known = refusal instanceof RefusedPerson ? [refusal.person] : await people.withEmail(email);
    const whose = known.length > 0 ? known : await people.operators();
    const organizations = new Set(whose.map(({ organization }) => organization));
    for (const organization of organizations)
      if (this.#mayNote(organization))
        await this.#write(organization, { who: email, address, about: email, result: refusal.code });
  }

  #mayNote(organization: OrganizationId): boolean {
    const known = this.#minutes.get(organization);
    const minute = known ?? { noted: 0, more: 0 };
    if (!known) {
      this.#minutes.set(organization, minute);
      this.#clock.after(MINUTE_MS, () => void this.#end(organization, minute).catch(this.#failed));
    }
    if (minute.noted >= MOST_NOTED) minute.more++;
    else minute.noted++;
    return minute.more === 0;
  }

  async #end(organization: OrganizationId, { more }: Minute): Promise<void> {
    this.#minutes.delete(organization);
    const nobody = { who: '', address: null, about: null, result: 'too-many-requests' };
    if (more > 0) await this.#write(organization, nobody, { attempts: more });
  }

  #write(
    organization: OrganizationId,
    noted: { who: string; address: string | null; about: string | null; result: string },
    after: { readonly attempts: number } | null = null,
  ): Promise<void> {
    return this.#management.audit.note(organization, {
      ...noted,
      action: nameOf(api.signIn),
      before: null,
      after,
    });
  }
}
