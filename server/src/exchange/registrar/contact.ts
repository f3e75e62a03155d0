import type { NameAddr } from '../../sip/message/fields/name-addr.ts';
import { parseSeconds } from '../../sip/message/fields/seconds.ts';
import { parseUri } from '../../sip/message/fields/uri.ts';
import type { Binding } from './bindings.ts';

/** Contact URIs and instances become keys that we keep (octets). */
export const MAX_KEPT = 512;

export const REG_ID = ';reg-id=';

/**
 * The key by which a phone is recognized: instance and reg-id as in our Contact (RFC 5626 §6), else the Contact URI, as
 * SIP.js sends it. `undefined` where neither can be kept or echoed.
 */
export function keyOf({ uri, params }: NameAddr): string | undefined {
  if (uri.length > MAX_KEPT || parseUri(uri) === undefined) return undefined;
  const instance = params.get('+sip.instance');
  if (instance === undefined) return uri;
  const regId = params.get('reg-id');
  if (instance.length > MAX_KEPT || !isPlain(instance)) return undefined;
  const flowNumber = parseSeconds(regId);
  if (regId !== undefined && flowNumber === undefined) return undefined;
  return `+sip.instance="${instance}"${flowNumber === undefined ? '' : `${REG_ID}${flowNumber}`}`;
}

/** The key of a phone of ours with this instance: JsSIP has one flow, and numbers it 1. */
export const keyOfInstance = (instance: string): string => `+sip.instance="<${instance}>"${REG_ID}1`;

/** Is that binding a flow of the phone with this instance, such as `urn:uuid:…`? It may have several (RFC 5626 §4.2). */
export const isOfInstance = ({ key }: Binding, instance: string): boolean =>
  key.startsWith(`+sip.instance="<${instance}>"`);

export function contactOf({ contact, key }: Binding, seconds: number): string {
  return key === contact ? `<${contact}>;expires=${seconds}` : `<${contact}>;${key};expires=${seconds}`;
}

/** Visible ASCII that may stand between quotes as it is. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x21 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return text !== '';
}
