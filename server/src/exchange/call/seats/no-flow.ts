import type { Flow, FlowId } from '../../../sip/transport/flow.ts';

/** Where there is no phone: the server's own end of a call. */
export const NO_FLOW: Flow = {
  id: 0 as FlowId,
  transport: 'WS',
  remoteAddress: '',
  remotePort: 0,
  authority: undefined,
  open: false,
  send: () => false,
  close: () => undefined,
};
