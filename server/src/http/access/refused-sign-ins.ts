import { api, type OrganizationId } from '@perch/shared';
import type { Management } from '../../management/management.ts';
import { type Refusal, RefusedPerson } from '../../management/refusal.ts';
import type { Clock } from '../../world/clock.ts';
import { nameOf } from '../audited.ts';
import { NotedRefusals } from './noted-refusals.ts';

/**
 * Notes in the audit who has tried to sign in and was refused. Strangers can cause it, so it is bounded: of what is beyond that, an
 * organization's audit has the number. An address that nobody has is noted where the
 * operators of the server are.
 */
export class RefusedSignIns {
  readonly #management: Management;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #noted: NotedRefusals<OrganizationId>;

  constructor(management: Management, clock: Clock, failed: (error: unknown) => void) {
    this.#management = management;
    this.#clock = clock;
    this.#failed = failed;
    const nobody = { who: '', address: null, about: null, result: 'too-many-requests' };
    const sumUp = (attempts: number, organization: OrganizationId) =>
      this.#write(organization, nobody, { attempts });
    this.#noted = new NotedRefusals(clock, sumUp, failed);
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
      if (this.#noted.mayNote(organization, organization))
        await this.#write(organization, { who: email, address, about: email, result: refusal.code });
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
