import type { ExtensionNumber, TerminalId } from '@perch/shared';
import type { SipMessage } from '../../sip/message/message.ts';
import { parseMessage } from '../../sip/message/parse.ts';
import type { Flow, FlowId } from '../../sip/transport/flow.ts';

/** Whose flow it is: the terminal as which it was authenticated, and the number of its owner. */
export interface FlowAccount {
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
}

/** What a flow is known by besides its id. None of it changes. */
export type FlowFacts = Pick<Flow, 'transport' | 'remoteAddress' | 'remotePort' | 'authority'>;

/**
 * What the edge tells an organization about its flows, each flow's events in order. A message is its frame, an octet string; within one
 * process the parsed message stands for it, so that it is parsed once.
 */
export type FlowEvent<Message = SipMessage> =
  /** A flow was authenticated; its messages follow. */
  | {
      readonly kind: 'attach';
      readonly flow: FlowId;
      readonly facts: FlowFacts;
      readonly account: FlowAccount;
    }
  | { readonly kind: 'message'; readonly flow: FlowId; readonly message: Message }
  /** The edge has refused an INVITE itself: `answer` is what it has sent, an octet string. For the ladder only. */
  | {
      readonly kind: 'refused';
      readonly flow: FlowId;
      readonly message: Message;
      readonly answer: string;
    }
  /** The flow is gone. */
  | { readonly kind: 'closed'; readonly flow: FlowId }
  /** The account of the flow may no longer be used: it is to be closed with 4403 and `reason` once it carries no call. */
  | { readonly kind: 'barred'; readonly flow: FlowId; readonly reason: string };

/** What an organization has the edge do with one of its flows. */
export type FlowOrder =
  /** One message, an octet string. */
  | { readonly kind: 'send'; readonly flow: FlowId; readonly message: string }
  /** With a WebSocket code (RFC 6455 §7.4) and a reason that a person can read. */
  | { readonly kind: 'close'; readonly flow: FlowId; readonly code: number; readonly reason: string };

/** As a value that can leave the process. */
export const withFrame = (event: FlowEvent): FlowEvent<string> =>
  'message' in event ? { ...event, message: event.message.frame } : event;

/** @throws where the frame is no SIP message: the edge passes on none of these. */
export function withMessage(event: FlowEvent<string>): FlowEvent {
  if (!('message' in event)) return event;
  const parsed = parseMessage(event.message);
  if (!parsed.ok) throw new Error(`a flow brought what is no SIP message: ${parsed.reason}`);
  return { ...event, message: parsed.message };
}
