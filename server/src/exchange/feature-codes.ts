import { dialledText } from '@perch/shared';

/** What dialled digits mean, before it is known whether such an extension exists. */
export type Dialled =
  /** `*30`: the Virtualization Center; with the number to move here, or without one, to return. */
  | { readonly kind: 'center'; readonly number: string | undefined }
  /** `*97`: the mailbox of the extension that speaks through the terminal. */
  | { readonly kind: 'voicemail' }
  | { readonly kind: 'emergency'; readonly number: string }
  | { readonly kind: 'extension'; readonly number: string }
  /** Begins like a feature code, but is not one. */
  | { readonly kind: 'unknown-code' }
  | { readonly kind: 'unknown' };

const VIRTUALIZATION_CENTER = '*30';
const VOICEMAIL = '*97';
/** Octets; longer than anything that can be dialled: an escaped digit of another script takes up to twelve. */
const LONGEST_USER_PART = 192;

/**
 * The meaning of the user part of a Request-URI, as received: `101`, `*30101`, `%2A30101`, `*30 101#`,
 * and in UTF-8 what a phone copied from a contact list.
 * Emergency numbers come first: no extension may hide one.
 */
export function meaningOf(userPart: string, emergencyNumbers: readonly string[]): Dialled {
  const dialled = digitsOf(userPart);
  if (emergencyNumbers.includes(dialled)) return { kind: 'emergency', number: dialled };
  if (dialled === VIRTUALIZATION_CENTER) return { kind: 'center', number: undefined };
  if (dialled === VOICEMAIL) return { kind: 'voicemail' };
  if (/^\*30\d+$/.test(dialled))
    return { kind: 'center', number: dialled.slice(VIRTUALIZATION_CENTER.length) };
  if (/^\d{2,8}$/.test(dialled)) return { kind: 'extension', number: dialled };
  return { kind: /^[*#][\d*#]*$/.test(dialled) ? 'unknown-code' : 'unknown' };
}

/** Escapes undone (RFC 3261 §19.1.2), digits in ASCII, without separators and a closing `#`; empty where that fails. */
function digitsOf(userPart: string): string {
  if (userPart.length > LONGEST_USER_PART) return '';
  const octets = userPart.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return dialledText(Buffer.from(octets, 'latin1').toString('utf8')).replace(/#$/, '');
}
