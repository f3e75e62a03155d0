/** Which of our flows: unique in the process's life, never re-used. */
export type FlowId = number & { readonly __flow: never };

/**
 * One connection over which SIP messages come and go (RFC 5626 §2 "flow"; RFC 7118 over WebSocket). Both the
 * WebSocket adapter and the fake implement it, and one contract suite holds them to it.
 */
export interface Flow {
  readonly id: FlowId;
  /** `WS` or `WSS`, as in a Via (RFC 7118 §5.2). */
  readonly transport: 'WS' | 'WSS';
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Host and port at which the peer reached us; `undefined` where it did not say. */
  readonly authority: string | undefined;
  readonly open: boolean;
  /** Sends one message, an octet string. `false` where the flow is gone or its peer reads too slowly; never throws. */
  send(message: string): boolean;
  /** Closes with a WebSocket code (RFC 6455 §7.4) and a reason that a person can read. Twice is harmless. */
  close(code: number, reason: string): void;
}

/** A flow as the owner of its connection has it. */
export interface OwnedFlow extends Flow {
  /** Reads nothing more of its peer for so long: what that sends meanwhile waits, in the end at the peer itself. */
  rest(ms: number): void;
  /** From now on what its peer sends waits for its turn, as what all strangers send does, and as it does at first; or it is handled as it comes. */
  takesTurns(does: boolean): void;
}

/** What the owner of flows is told. */
export interface FlowListener {
  opened(flow: OwnedFlow): void;
  /** One frame, decoded as latin1; keep-alives (RFC 7118 §6) never arrive here. */
  received(flow: OwnedFlow, frame: string): void;
  /** A frame of so many octets that is no whole message, such as a ping or a fragment. It was work, too: for those who count. */
  stirred?(flow: OwnedFlow, octets: number): void;
  closed(flow: OwnedFlow, reason: string): void;
}
