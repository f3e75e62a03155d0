import type { HeaderField, SipRequest } from '../message/message.ts';
import { parseNameAddr } from '../message/fields/name-addr.ts';
import { parseUri, type SipUri } from '../message/fields/uri.ts';
import type { Flow } from '../transport/flow.ts';

/**
 * Our Contact, one for each flow: the address at which its peer reaches us. Browsers send everything over the flow that they have;
 * a client that routes by the dialog (RFC 3261 §12.2.1.1) connects to what this names, for its ACK and BYE too.
 */
export class OwnContacts {
  readonly #domain: string;
  /** For peers that send a Route. */
  readonly #routed = new WeakMap<Flow, HeaderField>();

  /** The last one that was made: nearly all phones reach us at the same address. */
  #made:
    | { readonly address: string; readonly transport: Flow['transport']; readonly field: HeaderField }
    | undefined;

  constructor(domain: string) {
    this.#domain = domain;
  }

  of(flow: Flow): HeaderField {
    return this.#routed.get(flow) ?? this.#usual(flow);
  }

  #usual({ authority, transport }: Flow): HeaderField {
    const address = authority ?? this.#domain;
    if (this.#made?.address === address && this.#made.transport === transport) return this.#made.field;
    const field = contact('sip', address, transport === 'WSS' ? 'wss' : 'ws');
    this.#made = { address, transport, field };
    return field;
  }

  /**
   * A client with an outbound proxy names it in the Route of requests outside of dialogs (RFC 3261 §8.1.2), and means us by it.
   * Behind a bridge from TCP, that is the bridge's address, which nothing else tells us.
   */
  heard({ headers }: SipRequest, flow: Flow): void {
    const [route] = headers.all('route');
    if (route === undefined) return;
    const uri = parseUri(parseNameAddr(route)?.uri ?? '');
    if (uri === undefined) return;
    const { scheme, host, port, params } = uri;
    this.#routed.set(
      flow,
      contact(scheme, port === undefined ? host : `${host}:${port}`, params.get('transport')),
    );
  }
}

function contact(scheme: SipUri['scheme'], address: string, transport: string | undefined): HeaderField {
  const isKnown = transport !== undefined && /^[a-z]{1,8}$/i.test(transport);
  return ['Contact', `<${scheme}:perch@${address}${isKnown ? `;transport=${transport}` : ''}>`];
}
