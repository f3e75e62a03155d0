import * as z from 'zod/mini';

/** Joiners that some scripts and emoji need, where they join something. */
const JOINED =
  /(?<=\p{L}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)[\u200c\u200d](?=\p{L}|\p{Extended_Pictographic})/gu;
/** What chooses the look of an emoji, behind one. */
const STYLED = /(?<=\p{Extended_Pictographic})\ufe0f/gu;
/**
 * What is not seen, or changes how the text around it is seen: controls, formatting such as bidirectional overrides, lone
 * surrogates, line separators, fillers, private characters and those that are none.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
/** More marks on one letter than any script writes. */
const PILE = /\p{M}{5}/u;
/** Nothing but what could be dialled. */
const NUMBER_ONLY = /^[\p{N}\p{P}\p{S}\p{Z}]*$/u;
const PICTURE = /\p{Extended_Pictographic}/u;

/** The same name as everybody else writes it: composed (Unicode NFC), with single spaces, and none around it. */
const tidied = (name: string): string =>
  name
    .normalize('NFC')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim();

/** Has a tidied name anything in it that nobody can see? */
const hasUnseen = (name: string): boolean => UNSEEN.test(name.replaceAll(JOINED, '').replaceAll(STYLED, ''));

/** Would it be taken for a number where it stands for a name? */
const looksLikeNumber = (name: string): boolean => NUMBER_ONLY.test(name) && !PICTURE.test(name);

/** What an organization is called. Its name never stands for a number, so that 4711 or 1&1 may be one. */
export const organizationName = z.string().check(
  z.overwrite(tidied),
  z.minLength(1, 'Give a name.'),
  z.maxLength(64, 'A name has at most 64 characters.'),
  z.refine((name) => !hasUnseen(name), 'A name has no invisible characters. Type it instead of pasting it.'),
  z.refine((name) => !PILE.test(name), 'A name has at most four accents on one letter.'),
);

/** What people and desks are called, wherever a name comes in. */
export const displayName = organizationName.check(
  z.refine((name) => name === '' || !looksLikeNumber(name), 'A name has at least one letter.'),
);
