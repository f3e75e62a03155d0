import type { HeaderField } from '../message.ts';
import { quoteText } from './quoting.ts';

/** The warn-agent: a pseudonym, so that the server's addresses are not disclosed (RFC 3261 §20.43). */
const AGENT = 'perch';

/**
 * Why a session description was not accepted, for the phone's administrator (RFC 3261 §20.43): `code` is 304 for
 * media that is not available, 305 for formats, 306 for attributes, 399 for anything else.
 */
export function warningField(code: number, text: string): HeaderField {
  return ['Warning', `${code} ${AGENT} ${quoteText(text)}`];
}
