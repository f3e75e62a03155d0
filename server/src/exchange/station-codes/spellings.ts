import type { Chance } from '../../world/chance.ts';

/** One code in two spellings: for a camera, and for a keyboard. */
export interface Spellings {
  /** 128 bits in base64url. */
  readonly link: string;
  /** Eight letters. */
  readonly typed: string;
}

/** Twenty letters that are not taken for each other and make no words (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const TYPED_LENGTH = 8;

export const drawn = (chance: Pick<Chance, 'bytes'>): Spellings => ({
  link: chance.bytes(16).toString('base64url'),
  typed: lettersOf(chance.bytes(8).readBigUInt64BE()),
});

/** What somebody has scanned or typed, in either spelling: small letters, spaces and hyphens do not matter. */
export const spellingsOf = (text: string): Spellings => ({
  link: text.trim(),
  typed: text.replace(/[\s\p{Dash}]/gu, '').toUpperCase(),
});

/** 64 random bits make any of the eight letters as likely as the others, but for one part in 700 million. */
function lettersOf(bits: bigint): string {
  let rest = bits;
  let letters = '';
  while (letters.length < TYPED_LENGTH) {
    letters += LETTERS[Number(rest % BigInt(LETTERS.length))] ?? '';
    rest /= BigInt(LETTERS.length);
  }
  return letters;
}
