import type { Endpoint } from '@perch/shared';
import type { FastifyRequest } from 'fastify';
import type { Noted } from '../../management/audit.ts';
import type { Management } from '../../management/management.ts';
import type { RefusedPerson } from '../../management/refusal.ts';
import type { StoredPerson } from '../../management/repositories.ts';
import type { Clock } from '../../world/clock.ts';
import { refusedEntry } from '../audited.ts';
import { NotedRefusals } from './noted-refusals.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly refusedRequests: RefusedRequests;
  }
}

interface RefusedRequest {
  readonly organization: StoredPerson['organization'];
  readonly noted: Noted;
}

/**
 * Notes in the audit who has tried what they may not do, or what did not come about. An entry is written to the disk while all else waits, so a script that asks
 * again and again is bounded: of each person, of each of their tokens, and of each thing that the phones of an organization try, all of them together, the audit has so
 * many in a minute, then the last one, with the number of those that it has not.
 */
export class RefusedRequests {
  readonly #audit: Management['audit'];
  readonly #noted: NotedRefusals<RefusedRequest>;

  constructor({ audit }: Pick<Management, 'audit'>, clock: Clock, failed: (error: unknown) => void) {
    this.#audit = audit;
    const sumUp = (attempts: number, { organization, noted }: RefusedRequest) =>
      audit.note(organization, { ...noted, after: { attempts } });
    this.#noted = new NotedRefusals(clock, sumUp, failed);
  }

  async note(endpoint: Endpoint, request: FastifyRequest, refused: RefusedPerson): Promise<void> {
    const { organization } = refused.person;
    await this.noteVain(organization, refusedEntry(endpoint, request, refused));
  }

  /**
   * Somebody has tried what did not come about, for whatever reason.
   * @param together of whom attempts are counted together, where that is not each for themselves: phones, of which there may be thousands, by what
   * they try, so that a thousand wrong files at one do not hide PINs that are guessed at another.
   */
  async noteVain(
    organization: StoredPerson['organization'],
    noted: Noted,
    together = noted.who,
  ): Promise<void> {
    if (this.#noted.mayNote(`${organization} ${together}`, { organization, noted }))
      await this.#audit.note(organization, noted);
  }
}
