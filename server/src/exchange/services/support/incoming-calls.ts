import { callId, extensionId, extensionNumber, type TerminalId } from '@perch/shared';
import { FakeFlow } from '../../../sip/transport/support/fake-flow.ts';
import { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import type { Incoming } from '../service.ts';

export const AUDIO = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
export const VIDEO = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n';

let made = 0;

/** A call to a service: its leg, how often it was told to be over, and what the service is given. */
export interface TestCall {
  readonly leg: FakeLeg;
  readonly incoming: Incoming;
  readonly ends: () => number;
}

/** The extension `number` calls a service from that terminal. */
export function incomingFrom(terminal: TerminalId, number: string, name: string, sdp = AUDIO): TestCall {
  made += 1;
  const flow = new FakeFlow({ opened: () => undefined, received: () => undefined, closed: () => undefined });
  const target = { flow, contact: `sip:${number}@phone.invalid` };
  const leg = new FakeLeg({ id: `incoming-${String(made)}`, target, sdp });
  let ends = 0;
  const changed = () => {
    if (leg.state === 'over') ends += 1;
  };
  const caller = { extension: extensionId(`id-${number}`), terminal, number: extensionNumber(number), name };
  const incoming: Incoming = { id: callId(`call-${String(made)}`), leg, caller, changed };
  return { leg, incoming, ends: () => ends };
}
