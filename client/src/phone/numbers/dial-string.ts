import {
  dialledText,
  digitsFor,
  isDialled,
  type Meaning,
  meaningOf,
  type Service,
  worksLocked,
} from '@perch/shared';

/** What the dial field contains. */
export type Dialled = { readonly kind: 'empty' } | Meaning | { readonly kind: 'name'; readonly text: string };

export function read(text: string, emergencyNumbers: readonly string[]): Dialled {
  const compact = dialledText(text);
  if (compact === '') return { kind: 'empty' };
  if (!isDialled(compact)) return { kind: 'name', text: text.replace(/\p{Cf}/gu, '').trim() };
  return meaningOf(compact, emergencyNumbers);
}

/**
 * The user part to call, or `undefined` where this cannot be dialled. A locked phone can call only the Center and emergency numbers.
 * An extension that calls its `own` number means its mailbox.
 */
export function userPartOf(dialled: Dialled, locked: boolean, own?: string): string | undefined {
  switch (dialled.kind) {
    case 'emergency':
      return dialled.number;
    case 'service':
      return locked && !worksLocked(dialled.service) ? undefined : digitsFor(dialled.service);
    case 'number': {
      if (locked) return undefined;
      const meaning = meaningOf(dialled.number, [], own);
      return meaning.kind === 'service' ? digitsFor(meaning.service) : meaning.number;
    }
    case 'name':
    case 'empty':
      return undefined;
  }
}

/** Does it call that service? */
export const calls = (dialled: Dialled, name: Service['name']): boolean =>
  dialled.kind === 'service' && dialled.service.name === name;
