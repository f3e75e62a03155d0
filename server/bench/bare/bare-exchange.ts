import type { Flow, FlowListener, OwnedFlow } from '../../src/sip/transport/flow.ts';

const CHALLENGE =
  'WWW-Authenticate: Digest realm="bench.test", nonce="0123456789abcdef01234567", qop="auth", algorithm=SHA-256\r\n' +
  'WWW-Authenticate: Digest realm="bench.test", nonce="0123456789abcdef01234567", qop="auth", algorithm=MD5\r\n' +
  'Content-Length: 0\r\n\r\n';
const ACCEPTANCE =
  'Contact: <sip:0000001@0000001bench.invalid;transport=ws>;+sip.instance="<urn:uuid:00000000-0000-4000-8000-000000000001>";' +
  'reg-id=1;expires=600\r\nRequire: outbound\r\nContent-Length: 0\r\n\r\n';

/**
 * The least that lets phones register and call: it splits a message into its first line and the rest. A REGISTER gets a fixed answer
 * of realistic size, is challenged when it has no credentials, and is never checked. What a phone sends within a call goes
 * to the other phone unchanged: as many frames, of the same size, as a complete call has.
 */
export class BareExchange implements FlowListener {
  readonly #flows = new Map<string, Flow>();
  readonly #others = new Map<Flow, Flow>();

  /** Nobody is a stranger here. */
  opened(flow: OwnedFlow): void {
    flow.takesTurns(false);
  }

  received(flow: Flow, frame: string): void {
    if (frame.startsWith('REGISTER ')) this.#register(flow, frame);
    else if (frame.startsWith('INVITE ')) this.#invite(flow, frame);
    else this.#others.get(flow)?.send(frame);
  }

  closed(flow: Flow): void {
    this.#others.delete(flow);
  }

  #register(flow: Flow, frame: string): void {
    const via = frame.indexOf('\r\n') + 2;
    const end = frame.indexOf('REGISTER\r\n', via) + 'REGISTER\r\n'.length;
    const copied = frame.slice(via, end);
    if (frame.startsWith('Authorization', end)) {
      this.#flows.set(userIn(frame, '\r\nTo: <sip:'), flow);
      flow.send(`SIP/2.0 200 OK\r\n${copied}${ACCEPTANCE}`);
    } else {
      flow.send(`SIP/2.0 401 Unauthorized\r\n${copied}${CHALLENGE}`);
    }
  }

  #invite(caller: Flow, frame: string): void {
    const callee = this.#flows.get(userIn(frame, 'INVITE sip:'));
    if (callee === undefined) return;
    this.#others.set(caller, callee).set(callee, caller);
    callee.send(frame);
  }
}

/** The user of the address that follows `before`. */
function userIn(frame: string, before: string): string {
  const start = frame.indexOf(before) + before.length;
  return frame.slice(start, frame.indexOf('@', start));
}
