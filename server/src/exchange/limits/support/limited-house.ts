import { type CallView, NO_STAY_LIMITS, type StayLimits, type TerminalId } from '@perch/shared';
import type { Happening } from '../../happenings.ts';
import { codeOf, terminal, TestHouse } from '../../support/test-desk.ts';
import type { VirtualizationDesk } from '../../virtualization-desk.ts';
import { LimitedStays } from '../limited-stays.ts';
import { FakeStayTermStore } from './fake-stay-term-store.ts';

export const station = terminal('201');
export const limits = (given: Partial<StayLimits>) => ({
  limits: { ...NO_STAY_LIMITS, ...given },
  timeZone: 'UTC',
});

/** For tests: an organization, and its guests' stays under limits. */
export class LimitedHouse extends TestHouse {
  readonly terms = new FakeStayTermStore();
  readonly talking = new Map<TerminalId, CallView['here']>();
  readonly happened: Happening[] = [];
  stays!: LimitedStays;
  where!: VirtualizationDesk;

  /** The rooms come up from what is stored. */
  async open(): Promise<this> {
    this.where = await this.desk((happening) => {
      if (happening.kind === 'moved') this.stays.moved(happening.extensions);
    });
    this.stays = await LimitedStays.open({
      directory: this.directory,
      where: this.where,
      calls: {
        views: (at) => {
          const here = this.talking.get(at);
          return here === undefined ? [] : [{ here } as CallView];
        },
      },
      store: this.terms,
      clock: this.clock,
      happened: (happening) => this.notice(happening),
    });
    return this;
  }

  notice(happening: Happening): void {
    this.happened.push(happening);
  }

  async reopen(rules: Parameters<LimitedStays['follow']>[0]): Promise<void> {
    this.stays.close();
    await this.open();
    this.stays.follow(rules);
    await this.clock.advance(0);
  }

  async moveIn(number = '101', at = station): Promise<void> {
    await this.where.requestMove(at, number);
    await this.where.verifyAndMove(at, number, codeOf(number));
  }

  call(at: TerminalId, isTalking: boolean, here: CallView['here'] = 'here'): void {
    if (isTalking) this.talking.set(at, here);
    else this.talking.delete(at);
    this.stays.callsChanged(at);
  }

  get guest(): string | undefined {
    return this.where.guestOn(station)?.extension;
  }
}
