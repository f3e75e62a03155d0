import type { TerminalId } from '@perch/shared';
import type { Flow, FlowId } from '../../sip/transport/flow.ts';

let made = 0;

/** Stands for the flow of a phone that has not come back since a restart: nothing can be sent over it until another takes its place. */
export class AbsentFlow implements Flow {
  /** Below those of flows that are attached. */
  readonly id = -++made as FlowId;
  readonly transport = 'WS';
  readonly remoteAddress = '';
  readonly remotePort = 0;
  readonly authority = undefined;
  readonly open = false;
  readonly terminal: TerminalId;
  /** The key of the phone's binding. */
  readonly binding: string;

  constructor(terminal: TerminalId, binding: string) {
    this.terminal = terminal;
    this.binding = binding;
  }

  send(): boolean {
    return false;
  }

  close(): void {
    // It is.
  }
}
