import * as z from 'zod/mini';

/** Joiners that some scripts and emoji need, where they join something. */
const JOINED =
  /(?<=\p{L}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)[\u200c\u200d](?=\p{L}|\p{Extended_Pictographic})/gu;
/** The selector that chooses the look of the emoji before it. */
const STYLED = /(?<=\p{Extended_Pictographic})\ufe0f/gu;
/**
 * Characters that are invisible or change how the text around them looks: controls, formatting such as bidirectional
 * overrides, lone surrogates, line separators, fillers, private and unassigned characters.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
/** More marks on one letter than any script writes. */
const PILE = /\p{M}{5}/u;
/** Only characters that could be dialled. */
const NUMBER_ONLY = /^[\p{N}\p{P}\p{S}\p{Z}]*$/u;
const PICTURE = /\p{Extended_Pictographic}/u;

/** The name in its usual form: composed (Unicode NFC), with single spaces, and none around it. */
const tidied = (name: string): string =>
  name
    .normalize('NFC')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim();

/** Does a tidied name contain invisible characters? */
const hasUnseen = (name: string): boolean => UNSEEN.test(name.replaceAll(JOINED, '').replaceAll(STYLED, ''));

/** Could this name be mistaken for a number? */
const looksLikeNumber = (name: string): boolean => NUMBER_ONLY.test(name) && !PICTURE.test(name);

/** What an organization is called. It is never shown in place of a number, so 4711 or 1&1 is allowed. */
export const organizationName = z.string().check(
  z.overwrite(tidied),
  z.minLength(1, 'Give a name.'),
  z.maxLength(64, 'A name has at most 64 characters.'),
  z.refine((name) => !hasUnseen(name), 'A name has no invisible characters. Type it instead of pasting it.'),
  z.refine((name) => !PILE.test(name), 'A name has at most four accents on one letter.'),
);

/** The name of a person or station, wherever one is entered. */
export const displayName = organizationName.check(
  z.refine((name) => name === '' || !looksLikeNumber(name), 'A name has at least one letter.'),
);
