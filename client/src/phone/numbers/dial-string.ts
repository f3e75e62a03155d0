import { dialledText, isDialled } from '@perch/shared';

/** The Virtualization Center: alone to return, followed by an extension to take over. */
export const CENTER = '*30';
/** The mailbox of the extension that speaks through this terminal. */
export const VOICEMAIL = '*97';

/** What the dial field contains. Emergency numbers come first: nothing may hide one. */
export type Dialled =
  | { readonly kind: 'empty' }
  | { readonly kind: 'center'; readonly number: string }
  | { readonly kind: 'voicemail' }
  | { readonly kind: 'emergency'; readonly number: string }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'name'; readonly text: string };

export function read(text: string, emergencyNumbers: readonly string[]): Dialled {
  const compact = dialledText(text);
  if (compact === '') return { kind: 'empty' };
  const dialled = compact.replace(/(?<=.)#$/, '');
  if (emergencyNumbers.includes(dialled)) return { kind: 'emergency', number: dialled };
  if (!isDialled(compact)) return { kind: 'name', text: text.replace(/\p{Cf}/gu, '').trim() };
  if (/^\*30\d*$/.test(dialled)) return { kind: 'center', number: dialled.slice(CENTER.length) };
  if (dialled === VOICEMAIL) return { kind: 'voicemail' };
  return { kind: 'number', number: dialled };
}

/**
 * The user part to call, or `undefined` where this cannot be dialled. A locked phone can call only the Center and emergency numbers.
 * An extension that calls its `own` number means its mailbox.
 */
export function userPartOf(dialled: Dialled, locked: boolean, own?: string): string | undefined {
  switch (dialled.kind) {
    case 'center':
      return CENTER + dialled.number;
    case 'emergency':
      return dialled.number;
    case 'voicemail':
      return locked ? undefined : VOICEMAIL;
    case 'number':
      if (locked) return undefined;
      return dialled.number === own ? VOICEMAIL : dialled.number;
    case 'name':
    case 'empty':
      return undefined;
  }
}
