import type { CenterEvent, TerminalId } from '@perch/shared';
import type { MediaEngine } from '../../../media/endpoint.ts';
import type { Flow } from '../../../sip/transport/flow.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import type { Clock, Directory } from '../../ports.ts';
import type { VirtualizationDesk } from '../../virtualization-desk.ts';
import { Visits } from '../../visits.ts';
import { CenterCall } from './center-call.ts';
import { Counter } from './counter.ts';

interface CenterPorts {
  readonly desk: VirtualizationDesk;
  readonly directory: Directory;
  readonly engine: MediaEngine;
  readonly clock: Clock;
}

/** The Virtualization Center at `*30`: a call that the server itself answers, talks through and ends. */
export class VirtualizationCenter {
  readonly #ports: CenterPorts;
  readonly #visits = new Visits<CenterCall>();

  constructor(ports: CenterPorts) {
    this.#ports = ports;
  }

  /**
   * Takes the call over, `leg.listen` included. `number` are the digits after `*30`, none to return; `tell` is told
   * the dialogue as the page is to show it. An offer without sound for us is refused with 488.
   */
  receive(
    leg: InboundLeg,
    terminal: TerminalId,
    number: string | undefined,
    tell: (event: CenterEvent) => void,
  ): void {
    if (this.#visits.turnsAway(leg, terminal)) return;
    const { desk, directory, engine, clock } = this.#ports;
    const counter = new Counter(desk, directory, terminal, number);
    this.#visits.add(terminal, new CenterCall({ leg, endpoint: engine.endpoint(), clock, counter, tell }));
  }

  /** The account of that terminal's flow may no longer be used: visits over it end, and move nothing. */
  flowBarred(flow: Flow, terminal: TerminalId): void {
    this.#visits.flowBarred(flow, terminal);
  }
}
