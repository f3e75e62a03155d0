import type { CallId, Language } from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Party, Refusal } from '../call/ports.ts';
import type { ServiceEnd } from '../call/services/service-end.ts';
import type { Hearer } from '../languages.ts';
import type { Clock, Extension } from '../ports.ts';
import { type Conversation, DialogueCall, type DialogueCallPorts, type Line } from './dialogue-call.ts';
import { JoinedLine } from './joined-line.ts';
import { ServiceLeg } from './service-leg.ts';
import type { CommonEffect, CommonEvent, Dialogue } from './dialogue.ts';

/** A call in which somebody speaks to a service. */
export interface Visit {
  readonly id: CallId;
  readonly caller: Party;
}

/** A call that reaches a service, and has not been answered. */
export interface Incoming extends Visit {
  readonly leg: InboundLeg;
  /** The leg was answered, or is over: its state says which. */
  readonly changed: () => void;
}

/** What every call to a service needs. */
export interface ServicePorts {
  readonly engine: MediaEngine;
  readonly clock: Clock;
  readonly languages: { spokenTo(hearer: Hearer): Language };
}

/** A call that a service has taken. */
export interface TakenCall {
  on(event: Extract<CommonEvent, { readonly kind: 'barred' }>): void;
}

/** A service of the server. */
export interface Service<Request> {
  /** Takes a call over, `leg.listen` included, or refuses it. */
  take(incoming: Incoming, request: Request, ports: ServicePorts): TakenCall | undefined;
  /** The end that the service has, as the leg `id`, in a call that is under way already; `undefined` where it cannot take it now. */
  join(visit: Visit, id: string, request: Request, ports: ServicePorts): ServiceEnd | undefined;
}

/** Describes a service: its dialogue, and its part in one call. */
interface ServiceDefinition<State extends { readonly kind: string }, Event, Effect, Sight, Told, Request> {
  readonly dialogue: Dialogue<State, Event | CommonEvent, Effect | CommonEffect<Told>, Sight>;
  /** Why the call cannot be taken now; `undefined` where it can. */
  refuses?(visit: Visit, request: Request): Refusal | undefined;
  /** A call that is not answered, but refused once the dialogue is over: what is said is early media. */
  announces?(request: Request): Refusal;
  /** In whose place the caller is spoken to, such as the owner of a mailbox. */
  host?(request: Request): Pick<Extension, 'language'>;
  begin(line: Line<Event>, visit: Visit, request: Request): Conversation<Sight, Effect, Told>;
}

/** Makes a service of its definition: each call is a `DialogueCall`. */
export function service<
  State extends { readonly kind: string },
  Event,
  Effect extends { readonly kind: string },
  Sight,
  Told,
  Request,
>(definition: ServiceDefinition<State, Event, Effect, Sight, Told, Request>): Service<Request> {
  const { dialogue } = definition;
  const begin = (
    ports: Omit<DialogueCallPorts, 'language'>,
    { languages }: ServicePorts,
    visit: Visit & Partial<Pick<Incoming, 'leg'>>,
    request: Request,
  ): DialogueCall<State, Event, Effect, Sight, Told> => {
    const { extension, terminal } = visit.caller;
    const asked = visit.leg?.request.headers.get('accept-language') ?? '';
    const host = definition.host?.(request);
    const language: DialogueCallPorts['language'] = (hearer = extension) =>
      languages.spokenTo({ extension: hearer, terminal, asked, host });
    return new DialogueCall({ ...ports, language }, dialogue, (line) =>
      definition.begin(line, visit, request),
    );
  };
  return {
    take(incoming, request, ports) {
      const { engine, clock } = ports;
      const { leg, changed } = incoming;
      const refused = definition.refuses?.(incoming, request);
      if (refused) {
        leg.reject(refused.status, { reason: refused.reason });
        return undefined;
      }
      const refusal = definition.announces?.(request);
      const line = new ServiceLeg({ leg, endpoint: engine.endpoint(), clock, refusal });
      return begin({ line, clock, call: incoming.id, changed }, ports, incoming, request);
    },
    join(visit, id, request, ports) {
      const { engine, clock } = ports;
      if (definition.refuses?.(visit, request)) return undefined;
      const line = new JoinedLine({ id, engine, clock });
      begin({ line, clock, call: visit.id, changed: () => undefined }, ports, visit, request);
      return line.end;
    },
  };
}
