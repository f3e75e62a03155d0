import { encodeUtf8 } from '../utf8.ts';

/** What stands in a quoted string as another octet, or not at all: few names have any. */
// eslint-disable-next-line no-control-regex -- they are among it
const SPECIAL = /[\u0000-\u001f\u007f-\uffff"\\]/;

/** A text as a quoted string in octets (RFC 3261 §25.1): a display name, a Reason's text, a realm. Control characters are left out. */
export function quoteText(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  // eslint-disable-next-line no-control-regex -- they are what must go
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, '');
  return `"${encodeUtf8(clean).replace(/[\\"]/g, '\\$&')}"`;
}
