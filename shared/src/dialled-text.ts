/** `tel:` (RFC 3966), `sip:` and `sips:` (RFC 3261 §19.1), and what other pages write, also as `"Ada" <tel:101>`. */
const NUMBER_URI = /^(?:[^<]*<)?\s*(?:tel|sips?|callto|web\+call):\s*(?:\/\/)?([^>]*)/i;
/** `101@example.org`, `101;phone-context=example.org`: what may follow a number. */
const WITH_TAIL = /^([^@;]+)(?:;[^@]*)?(?:@[^@]*)?$/;
/** Invisible: direction marks, joiners, soft hyphens, variation selectors, the box of a keycap emoji. */
const INVISIBLE = /[\p{Cf}\p{DI}\p{M}]/gu;
/** What people write between digits: any space or dash (also the long vowel mark of Japanese, which looks like one), the visual separators of RFC 3966 §5.1.1, slashes and dots. */
const SEPARATORS = /[\p{Z}\p{Pd}\t\u02d7\u2043\u2212\u2796\u30fc.()[\]/·•・]/gu;
const STARS = /[\u2217\u204e\u22c6\u066d\u2731]/g;
const HASHES = /[\u266f\u2317]/g;

/** Around a number that was copied: the end of a spreadsheet's cell, quotation marks. */
const WRAPPING = /^[\s"'“”„«»]+|[\s"'“”„«»]+$/g;
/** What is longer is no number: an escaped digit of another script takes up to twelve characters. */
const LONGEST = 256;

/**
 * The number to dial for a text that was typed, pasted or programmed: digits of any script become `0` to `9`; invisible
 * characters and separators are removed, and so are the scheme, host and parameters of an address. For a text that is not a
 * number, the result is not one either (`isDialled`). Letters are a name, never the keys on which they are printed. What has been
 * read once stays the same: `dialledText(dialledText(text))` is `dialledText(text)`.
 */
export function dialledText(text: string): string {
  let read = text;
  for (let before = ''; read !== before && read.length <= LONGEST && !isDialled(read);) {
    before = read;
    read = unwrapped(read);
  }
  return read;
}

function unwrapped(text: string): string {
  const visible = text.normalize('NFKC').replace(INVISIBLE, '').replace(WRAPPING, '');
  const compact = compactOf(userOf(visible));
  const number = WITH_TAIL.exec(compact)?.[1];
  return number !== undefined && isDialled(number) ? number : compact;
}

/** Digits, `*` and `#`, perhaps behind a `+`: what a telephone can dial. */
export const isDialled = (text: string): boolean => /^\+?[\d*#]+$/.test(text);

/** The telephone key for a character: `1` for `١`, `*` for `＊`; `undefined` for any other. */
export function keyOf(character: string): string | undefined {
  const key = compactOf(character);
  return /^[\d*#]$/.test(key) ? key : undefined;
}

function compactOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(SEPARATORS, '')
    .replace(STARS, '*')
    .replace(HASHES, '#')
    .replace(/\p{Nd}/gu, valueOf);
}

/** The user of an address, unescaped; any other text as it is. */
function userOf(text: string): string {
  const address = NUMBER_URI.exec(text)?.[1];
  if (address === undefined) return text;
  const user = address.replace(/@.*/s, '').replace(/[;?:].*/s, '');
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Unicode has the decimal digits of each script in a row, from zero on; adjacent rows continue in steps of ten. */
function valueOf(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}
