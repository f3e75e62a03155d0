import { dialledText, isDialled, meaningOf, type Service } from '@perch/shared';

/** Where a dialled number leads, before it is known whether such an extension exists. */
export type Target =
  | { readonly kind: 'extension'; readonly number: string }
  | { readonly kind: 'emergency'; readonly number: string }
  | { readonly kind: 'service'; readonly service: Service }
  /** `no-such-code`: it begins like a feature code, but is not one. */
  | { readonly kind: 'none'; readonly reason: 'no-such-code' | 'no-such-number' };

/** Octets; longer than anything that can be dialled: an escaped digit of another script takes up to twelve. */
const LONGEST_USER_PART = 192;

/**
 * The target of the user part of a Request-URI, or of a `tel:` URI's number, as received: `101`, `*30101`, `%2A30101`, `*30 101#`, and in
 * UTF-8 what a phone copied from a contact list. `own` is the number of the extension that dials.
 */
export function targetOf(userPart: string, emergencyNumbers: readonly string[], own?: string): Target {
  const meaning = meaningOf(digitsIn(userPart), emergencyNumbers, own);
  if (meaning.kind !== 'number') return meaning;
  const { number } = meaning;
  if (/^\d{2,8}$/.test(number)) return { kind: 'extension', number };
  return { kind: 'none', reason: /^[*#][\d*#]*$/.test(number) ? 'no-such-code' : 'no-such-number' };
}

/** What was dialled with that user part: escapes undone (RFC 3261 §19.1.2), digits in ASCII, without separators; empty where it is too long. */
export function digitsIn(userPart: string): string {
  if (userPart.length > LONGEST_USER_PART) return '';
  // As nearly every phone sends it.
  if (isDialled(userPart)) return userPart;
  const octets = userPart.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return dialledText(Buffer.from(octets, 'latin1').toString('utf8'));
}
