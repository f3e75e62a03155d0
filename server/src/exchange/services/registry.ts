import type { ServiceEnd } from '../call/services/service-end.ts';
import { announcementService } from './announcement/service.ts';
import type { DeskRequestPorts } from './center/desk-requests.ts';
import { centerService } from './center/service.ts';
import { type DoNotDisturbPorts, doNotDisturbService } from './do-not-disturb/service.ts';
import { echoService } from './echo/service.ts';
import { type ForwardPorts, forwardService } from './forward/service.ts';
import { type DepositRequest, type DepositServicePorts, depositService } from './mailbox/deposit/service.ts';
import { type RetrievalServicePorts, retrievalService } from './mailbox/retrieval/service.ts';
import { slotService } from './slot/service.ts';
import type { Incoming, Service, ServicePorts, TakenCall, Visit } from './service.ts';

/** What the services need of the exchange. */
export interface ServicesWorld
  extends
    ServicePorts,
    DeskRequestPorts,
    DepositServicePorts,
    DoNotDisturbPorts,
    ForwardPorts,
    RetrievalServicePorts {}

/** What the server itself answers, by the name that a request bears: one line for each service. */
const registry = (world: ServicesWorld) => ({
  center: centerService(world),
  echo: echoService(),
  'do-not-disturb': doNotDisturbService(world),
  'do-not-disturb-off': doNotDisturbService(world),
  forward: forwardService(world),
  'forward-off': forwardService(world),
  voicemail: retrievalService(world),
  deposit: depositService(world),
  announcement: announcementService(),
  slot: slotService(),
});

type Registry = ReturnType<typeof registry>;

/** What a service is asked to do in a call. */
export type ServiceRequest = Registry[keyof Registry] extends Service<infer Request> ? Request : never;

/** The services of an organization. */
export interface Services {
  /** The mailbox's end, as the leg `id`, in a call that is under way already; `undefined` where it cannot take it now. */
  join(visit: Visit, id: string, request: DepositRequest): ServiceEnd | undefined;
  /** Takes the call over, `leg.listen` included; `undefined` where it was refused at once. */
  take(incoming: Incoming, request: ServiceRequest): TakenCall | undefined;
}

export function openServices(world: ServicesWorld): Services {
  const services: Readonly<Record<ServiceRequest['name'], Service<ServiceRequest>>> = registry(world);
  return {
    take: (incoming, request) => services[request.name].take(incoming, request, world),
    join: (visit, id, request) => services[request.name].join(visit, id, request, world),
  };
}
