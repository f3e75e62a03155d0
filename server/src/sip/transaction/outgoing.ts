import { parseNameAddr } from '../message/fields/name-addr.ts';
import type { HeaderField, SipResponse } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { OutgoingRequest } from './transaction-layer.ts';

/** The lines that the layer puts before the user's fields. */
export const leadOf = (flow: Flow, host: string, branch: string): string =>
  `Via: SIP/2.0/${flow.transport} ${host};branch=${branch}\r\nMax-Forwards: 70\r\n`;

/**
 * The ACK to a refusal of an INVITE (RFC 3261 §17.1.1.3). Its To is the INVITE's with the tag of the refusal, as the refusal's has to be: whatever else
 * the peer wrote there goes nowhere.
 */
export function acknowledgementOf(invite: OutgoingRequest, refusal: SipResponse): OutgoingRequest {
  const { tag } = refusal.essentials.to;
  const fields = takenOver(invite, 'ACK').map(([name, value]): HeaderField => {
    const lacksTag = name.toLowerCase() === 'to' && parseNameAddr(value)?.tag === undefined;
    return lacksTag && tag !== undefined ? [name, `${value};tag=${tag}`] : [name, value];
  });
  return { method: 'ACK', uri: invite.uri, fields };
}

/** The CANCEL of an INVITE (RFC 3261 §9.1) with further fields. */
export const cancellationOf = (
  invite: OutgoingRequest,
  further: readonly HeaderField[],
): OutgoingRequest => ({
  method: 'CANCEL',
  uri: invite.uri,
  fields: [...takenOver(invite, 'CANCEL'), ...further],
});

/** What ACK and CANCEL share with their INVITE. */
function takenOver(invite: OutgoingRequest, method: string): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const field of invite.fields) {
    switch (field[0].toLowerCase()) {
      case 'from':
      case 'to':
      case 'call-id':
      case 'route':
        fields.push(field);
        break;
      case 'cseq':
        fields.push(['CSeq', `${String(Number.parseInt(field[1], 10))} ${method}`]);
    }
  }
  return fields;
}
