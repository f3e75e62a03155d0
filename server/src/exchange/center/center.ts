import type { CenterEvent, TerminalId } from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Clock, Directory } from '../ports.ts';
import type { VirtualizationDesk } from '../virtualization-desk.ts';
import { CenterCall } from './center-call.ts';
import { Counter } from './counter.ts';

/** Visits that one terminal may have at once: one from each of its browsers, but no flood. */
const MOST_VISITS = 4;

interface CenterPorts {
  readonly desk: VirtualizationDesk;
  readonly directory: Directory;
  readonly engine: MediaEngine;
  readonly clock: Clock;
}

/** The Virtualization Center at `*30`: a call that the server itself answers, talks through and ends. */
export class VirtualizationCenter {
  readonly #ports: CenterPorts;
  readonly #visits = new Map<TerminalId, number>();

  constructor(ports: CenterPorts) {
    this.#ports = ports;
  }

  /**
   * Takes the call over, `leg.listen` included. `number` are the digits after `*30`, none to return; `tell` hears the
   * dialogue as the page is to show it. An offer without sound for us is refused with 488.
   */
  receive(
    leg: InboundLeg,
    terminal: TerminalId,
    number: string | undefined,
    tell: (event: CenterEvent) => void,
  ): void {
    const visits = this.#visits.get(terminal) ?? 0;
    if (visits >= MOST_VISITS) {
      leg.reject(486, { reason: { protocol: 'SIP', cause: 486, text: 'Too many visits at once' } });
      return;
    }
    this.#visits.set(terminal, visits + 1);
    const { desk, directory, engine, clock } = this.#ports;
    const counter = new Counter(desk, directory, terminal, number);
    const call = new CenterCall({ leg, endpoint: engine.endpoint(), clock, counter, tell });
    void call.over.then(() => {
      const left = (this.#visits.get(terminal) ?? 0) - 1;
      if (left > 0) this.#visits.set(terminal, left);
      else this.#visits.delete(terminal);
    });
  }
}
