import { LOWER_TOKEN } from './octets.ts';

/** A number for every header field that the stack reads or lists; 0 is any other. */
export type HeaderId = number;

/** The fields that every message is parsed for come first, beginning with those that may occur only once. */
export const HEADER = {
  other: 0,
  from: 1,
  to: 2,
  callId: 3,
  cseq: 4,
  maxForwards: 5,
  contentLength: 6,
  via: 7,
  contact: 8,
} as const;

/** Those whose first line is found without a search. */
export type FirstHeader = Exclude<(typeof HEADER)[keyof typeof HEADER], 0>;
export const LAST_FIRST: HeaderId = HEADER.contact;

/** How many of the above may occur only once (RFC 3261 §20, RFC 4475 §3.3.8, §3.3.9). */
export const LAST_SINGLE: HeaderId = HEADER.contentLength;

/** In the order of their ids: `name`, `name/compact form`, and `,` at the end where the value is a list (RFC 3261 §7.3.1). */
const NAMES =
  'from/f to/t call-id/i cseq max-forwards content-length/l via/v, contact/m, ' +
  'accept, accept-contact/a, accept-encoding, accept-language, alert-info, allow, allow-events/u, authorization ' +
  'call-info, content-disposition content-encoding/e, content-language, content-type/c date diversion, error-info, ' +
  'event/o expires flow-timer history-info, identity/y info-package in-reply-to, min-expires min-se organization ' +
  'p-asserted-identity, p-preferred-identity, path, priority privacy proxy-authenticate proxy-authorization ' +
  'proxy-require, reason, record-route, recv-info, refer-sub refer-to/r referred-by/b reject-contact/j, replaces ' +
  'reply-to request-disposition/d, require, retry-after route, server service-route, session-expires/x sip-etag ' +
  'sip-if-match subject/s subscription-state supported/k, target-dialog timestamp unsupported, user-agent warning, ' +
  'www-authenticate';

const ids = new Map<string, HeaderId>();
const lists = new Set<HeaderId>();

/** An open hash table from spelling to id, several times larger than is needed so that probes are short. */
const SLOTS = 512;
const slots = new Array<Uint8Array>(SLOTS).fill(new Uint8Array(0));
const slotIds = new Uint8Array(SLOTS);

/** One step of the hash over a name's lower-case characters. */
export const hashStep = (hash: number, lowerCase: number): number => ((hash << 5) - hash + lowerCase) | 0;

function enter(spelling: string, id: HeaderId): void {
  const octets = Uint8Array.from(spelling, (character) => character.charCodeAt(0));
  let slot = octets.reduce(hashStep, 0) & (SLOTS - 1);
  while (slotIds[slot] !== HEADER.other) slot = (slot + 1) & (SLOTS - 1);
  slots[slot] = octets;
  slotIds[slot] = id;
}

NAMES.split(' ').forEach((entry, index) => {
  const id = index + 1;
  const [name = '', compact] = entry.replace(',', '').split('/');
  ids.set(name, id);
  if (entry.endsWith(',')) lists.add(id);
  enter(name, id);
  if (compact !== undefined) enter(compact, id);
});

/** The id of a name as the code asks for it: lower case, long form. */
export const headerId = (name: string): HeaderId => ids.get(name) ?? HEADER.other;

/** Is its value a comma-separated list? False for unknown fields. */
export const isList = (id: HeaderId): boolean => lists.has(id);

/** The id of the name between `start` and `end` in any case, long or compact, given its `hash`. */
export function spelledHeaderId(octets: Uint8Array, start: number, end: number, hash: number): HeaderId {
  for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
    const spelling = slots[slot];
    if (spelling === undefined || spelling.length === 0) return HEADER.other;
    if (spelling.length === end - start && stands(spelling, octets, start)) return slotIds[slot] ?? 0;
  }
}

function stands(spelling: Uint8Array, octets: Uint8Array, start: number): boolean {
  for (let at = 0; at < spelling.length; at++) {
    if (LOWER_TOKEN[octets[start + at] ?? 0] !== spelling[at]) return false;
  }
  return true;
}
