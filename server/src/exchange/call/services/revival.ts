import type { CallService } from '../../ports.ts';
import type { Conferences } from '../joining/conferences.ts';
import type { Parking } from '../joining/parking.ts';
import type { RevivedEnd } from '../seats/recovery.ts';
import type { ServiceCalls } from './service-calls.ts';

interface Revivers {
  readonly conferences: Pick<Conferences, 'revive'>;
  readonly parking: Pick<Parking, 'revive'>;
  readonly services: Pick<ServiceCalls, 'revive'>;
}

/** The server's own end of a call that was under way before a restart; `answeredAt`: since when it has been one (milliseconds since 1970). */
export function revive(
  end: CallService,
  answeredAt: number,
  { conferences, parking, services }: Revivers,
): RevivedEnd {
  switch (end.service) {
    case 'conference':
      return conferences.revive(end.room);
    case 'slot':
      return parking.revive(end.slot, end.by, answeredAt);
    case 'mailbox':
      return services.revive(end);
  }
}
