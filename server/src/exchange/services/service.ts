import type { CallId } from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Party, Refusal } from '../call/ports.ts';
import type { Clock } from '../ports.ts';
import { type Conversation, DialogueCall, type Line } from './dialogue-call.ts';
import type { CommonEffect, CommonEvent, Dialogue } from './dialogue.ts';

/** A call that reaches a service. */
export interface Incoming {
  readonly id: CallId;
  readonly leg: InboundLeg;
  readonly caller: Party;
  /** The leg was answered, or is over: its state says which. */
  readonly changed: () => void;
}

/** What every call to a service needs. */
export interface ServicePorts {
  readonly engine: MediaEngine;
  readonly clock: Clock;
}

/** A call that a service has taken. */
export interface TakenCall {
  on(event: Extract<CommonEvent, { readonly kind: 'barred' }>): void;
}

/** A service of the server: takes a call over, `leg.listen` included, or refuses it. */
export interface Service<Request> {
  take(incoming: Incoming, request: Request, ports: ServicePorts): TakenCall | undefined;
}

/** Describes a service: its dialogue, and its part in one call. */
interface ServiceDefinition<State extends { readonly kind: string }, Event, Effect, Sight, Told, Request> {
  readonly dialogue: Dialogue<State, Event | CommonEvent, Effect | CommonEffect<Told>, Sight>;
  /** Why the call cannot be taken now; `undefined` where it can. */
  refuses?(incoming: Incoming, request: Request): Refusal | undefined;
  /** A call that is not answered, but refused once the dialogue is over: what is said is early media. */
  announces?(request: Request): Refusal;
  begin(line: Line<Event>, incoming: Incoming, request: Request): Conversation<Sight, Effect, Told>;
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
  return {
    take(incoming, request, { engine, clock }) {
      const { leg, changed } = incoming;
      const refused = definition.refuses?.(incoming, request);
      if (refused) {
        leg.reject(refused.status, { reason: refused.reason });
        return undefined;
      }
      const refusal = definition.announces?.(request);
      return new DialogueCall<State, Event, Effect, Sight, Told>(
        { leg, endpoint: engine.endpoint(), clock, refusal, changed },
        dialogue,
        (line) => definition.begin(line, incoming, request),
      );
    },
  };
}
