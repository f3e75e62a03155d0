import type { Catalogue, Text } from './catalogue.ts';

/**
 * The pseudo-language for layouts from right to left, as CLDR and Android have it: English whose words are written backwards, so that a page
 * can be tried in it by people who read neither Arabic nor Hebrew. For development and tests; nobody is offered it.
 */
export const MIRRORED = 'ar-XB';

const [RIGHT_TO_LEFT_MARK, OVERRIDE, END] = ['\u200F', '\u202E', '\u202C'];
/** What is put into a text, and the words around it. */
const PARTS = /\{\w+\}|[^\s{}]+/g;

const mirroredWording = (wording: string): string =>
  wording.replaceAll(PARTS, (part) =>
    part.startsWith('{') ? part : RIGHT_TO_LEFT_MARK + OVERRIDE + part + END + RIGHT_TO_LEFT_MARK,
  );

/** A text in the pseudo-language: what is put into it stays as it is. */
export function mirrored(text: Text): Text {
  if (typeof text === 'string') return mirroredWording(text);
  return Object.fromEntries(
    Object.entries(text).map(([name, forms]) => [
      name,
      Object.fromEntries(Object.entries(forms).map(([form, wording]) => [form, mirroredWording(wording)])),
    ]),
  );
}

export const mirroredCatalogue = (catalogue: Catalogue): Catalogue =>
  Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, mirrored(text)]));
