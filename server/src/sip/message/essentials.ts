import { readCSeq } from './fields/cseq.ts';
import type { CSeq } from './fields/cseq.ts';
import { HEADER } from './header-names.ts';
import type { Contacts, Essentials, SipMessage } from './message.ts';
import { MAX_IDENTIFIER, nameAddrEnd, readNameAddr } from './fields/name-addr.ts';
import type { NameAddr } from './fields/name-addr.ts';
import { CALL_ID_OCTET, consistsOf, STAR } from './octets.ts';
import { readVia } from './fields/via.ts';
import type { Via } from './fields/via.ts';
import type { WireHeaders } from './wire-headers.ts';

const NO_CONTACTS: readonly NameAddr[] = [];

/**
 * What is wrong, as a reason phrase, or the essentials of a frame with these headers and octets. Max-Forwards may be
 * missing, as RFC 2543 lets it be. Hot path.
 */
export function readEssentials(headers: WireHeaders, octets: Uint8Array): Essentials | string {
  const via = headers.read(HEADER.via, octets, readVia);
  if (via === undefined) return fault(headers, 'Via');
  const from = headers.read(HEADER.from, octets, readOneNameAddr);
  if (from === undefined) return fault(headers, 'From');
  const to = headers.read(HEADER.to, octets, readOneNameAddr);
  if (to === undefined) return fault(headers, 'To');
  const callId = headers.read(HEADER.callId, octets, readCallId);
  if (callId === undefined) return fault(headers, 'Call-ID');
  const cseq = headers.read(HEADER.cseq, octets, readCSeq);
  if (cseq === undefined) return fault(headers, 'CSeq');
  const contacts = readContacts(headers, octets);
  if (contacts === undefined) return fault(headers, 'Contact');
  return { via, from, to, callId, cseq, contacts };
}

const fault = (headers: WireHeaders, name: string): string =>
  `${headers.count(name.toLowerCase()) === 0 ? 'Missing' : 'Malformed'} ${name}`;

function readOneNameAddr(text: string, octets: Uint8Array, start: number, end: number): NameAddr | undefined {
  const nameAddr = readNameAddr(text, octets, start, end);
  return nameAddrEnd === end ? nameAddr : undefined;
}

function readCallId(text: string, octets: Uint8Array, start: number, end: number): string | undefined {
  const fits = end > start && end - start <= MAX_IDENTIFIER;
  return fits && consistsOf(CALL_ID_OCTET, octets, start, end) ? text.slice(start, end) : undefined;
}

function readContacts(headers: WireHeaders, octets: Uint8Array): Contacts | undefined {
  const count = headers.count('contact');
  if (count === 0) return NO_CONTACTS;
  if (count === 1) return headers.read(HEADER.contact, octets, readContactLine);
  const lines = headers.readEach(HEADER.contact, octets, readContactLine);
  const contacts: NameAddr[] = [];
  for (const line of lines) {
    if (line === undefined || line === '*') return undefined;
    contacts.push(...line);
  }
  return contacts;
}

function readContactLine(text: string, octets: Uint8Array, start: number, end: number): Contacts | undefined {
  if (end === start + 1 && octets[start] === STAR) return '*';
  if (start === end) return NO_CONTACTS;
  const first = readNameAddr(text, octets, start, end);
  if (first === undefined) return undefined;
  // Made with its only element: an empty list would get room for seventeen.
  const contacts = [first];
  for (let at = nameAddrEnd + 1; at < end; at = nameAddrEnd + 1) {
    const contact = readNameAddr(text, octets, at, end);
    if (contact === undefined) return undefined;
    contacts.push(contact);
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
