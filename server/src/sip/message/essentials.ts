import { parseCSeq } from './cseq.ts';
import type { CSeq } from './cseq.ts';
import { HEADER } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { MAX_IDENTIFIER, nameAddrEnd, parseNameAddr, readNameAddr } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';
import { CALL_ID_OCTET, consistsOf } from './octets.ts';
import { readVia } from './via.ts';
import type { Via } from './via.ts';
import type { WireHeaders } from './wire-headers.ts';

/** Who can be reached where, or `*` for all bindings at once (RFC 3261 §10.2.2). */
export type Contacts = readonly NameAddr[] | '*';

/** The fields without which there is no message (RFC 3261 §8.1.1), and the contacts: well-formed in every `SipMessage`. */
export interface Essentials {
  /** The topmost. */
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
  readonly contacts: Contacts;
}

const NO_CONTACTS: readonly NameAddr[] = [];

/** What is wrong, as a reason phrase, or the essentials. Max-Forwards may be missing, as RFC 2543 lets it be. */
export function readEssentials(headers: WireHeaders): Essentials | string {
  const viaText = headers.first(HEADER.via);
  const fromText = headers.first(HEADER.from);
  const toText = headers.first(HEADER.to);
  const callId = headers.first(HEADER.callId);
  const cseqText = headers.first(HEADER.cseq);
  if (viaText === undefined) return 'Missing Via';
  if (fromText === undefined) return 'Missing From';
  if (toText === undefined) return 'Missing To';
  if (callId === undefined) return 'Missing Call-ID';
  if (cseqText === undefined) return 'Missing CSeq';

  const via = readVia(viaText);
  if (via === undefined) return 'Malformed Via';
  const from = parseNameAddr(fromText);
  if (from === undefined) return 'Malformed From';
  const to = parseNameAddr(toText);
  if (to === undefined) return 'Malformed To';
  if (
    callId === '' ||
    callId.length > MAX_IDENTIFIER ||
    !consistsOf(CALL_ID_OCTET, callId, 0, callId.length)
  ) {
    return 'Malformed Call-ID';
  }
  const cseq = parseCSeq(cseqText);
  if (cseq === undefined) return 'Malformed CSeq';
  const contacts = readContacts(headers);
  if (contacts === undefined) return 'Malformed Contact';
  return { via, from, to, callId, cseq, contacts };
}

function readContacts(headers: WireHeaders): Contacts | undefined {
  const first = headers.first(HEADER.contact);
  if (first === undefined) return NO_CONTACTS;
  const lines = headers.each(HEADER.contact);
  if (first === '*') return lines.length === 1 ? '*' : undefined;
  const contacts: NameAddr[] = [];
  for (const line of lines) {
    for (let at = 0; at < line.length; at = nameAddrEnd + 1) {
      const contact = readNameAddr(line, at, line.length);
      if (contact === undefined) return undefined;
      contacts.push(contact);
    }
  }
  return contacts;
}

/** The topmost Via. */
export const viaOf = (message: SipMessage): Via => message.essentials.via;
export const fromOf = (message: SipMessage): NameAddr => message.essentials.from;
export const toOf = (message: SipMessage): NameAddr => message.essentials.to;
export const callIdOf = (message: SipMessage): string => message.essentials.callId;
export const cseqOf = (message: SipMessage): CSeq => message.essentials.cseq;
/** Empty where there is no Contact. */
export const contactsOf = (message: SipMessage): Contacts => message.essentials.contacts;
