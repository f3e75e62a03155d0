import type { ExtensionId, TerminalId } from '@perch/shared';
import { extensionLockedUntil, terminalLockedUntil } from './guessing.ts';
import type { EndedBy, Ending } from './record.ts';
import type { State } from './state.ts';
import type { Virtualizations } from './virtualizations.ts';
import type { Virtualization } from './virtualization.ts';

/** A terminal, and the extension whose home it is. */
export interface Home {
  readonly terminal: TerminalId;
  readonly owner: ExtensionId;
}

/** `*30<number>`, as dialled on a terminal. */
export interface MoveRequest extends Home {
  /** Does the terminal's owner allow virtualization? */
  readonly allowed: boolean;
  /** The extension with that number in this organization. */
  readonly target: ExtensionId | undefined;
}

/** What `*30<number>` leads to before any code: the rules' table, row by row. */
export function beforeTheCode(
  virtualizations: Virtualizations,
  { owner, allowed, target }: MoveRequest,
):
  | { readonly kind: 'already-here'; readonly extension: ExtensionId }
  | { readonly kind: 'claim'; readonly extension: ExtensionId; readonly endings: readonly Ending[] }
  | { readonly kind: 'not-allowed' | 'ask-for-code' } {
  const guest = virtualizations.on(owner)?.virtual;
  if (guest !== undefined && guest === target) return { kind: 'already-here', extension: guest };
  if (target === owner) {
    const endings = endingsByClaim(virtualizations, owner);
    return endings.length > 0
      ? { kind: 'claim', extension: owner, endings }
      : { kind: 'already-here', extension: owner };
  }
  // An extension that is locked out is asked for the code like any other, so that the caller learns nothing.
  return { kind: allowed ? 'ask-for-code' : 'not-allowed' };
}

/** What a code leads to. To the caller, everything but `accepted` is the same. */
export function afterTheCode(
  { guesses }: State,
  { terminal, target }: MoveRequest,
  correct: boolean,
  now: number,
):
  | { readonly kind: 'accepted'; readonly extension: ExtensionId }
  | { readonly kind: 'locked-out' | 'no-such-extension' | 'wrong-code' } {
  if (terminalLockedUntil(guesses, terminal, now) !== undefined) return { kind: 'locked-out' };
  if (target === undefined) return { kind: 'no-such-extension' };
  if (extensionLockedUntil(guesses, target, now) !== undefined) return { kind: 'locked-out' };
  return correct ? { kind: 'accepted', extension: target } : { kind: 'wrong-code' };
}

/** What a move onto a base's terminal ends: the extension's stay elsewhere, and that of the guest who was here. */
export function endingsByMove(
  virtualizations: Virtualizations,
  virtual: ExtensionId,
  base: ExtensionId,
): readonly Ending[] {
  return [
    ...endingOf(virtualizations.of(virtual), 'moved-on'),
    ...endingOf(virtualizations.on(base), 'replaced'),
  ];
}

/** What an owner ends by claiming their own terminal: the guest's stay, and their own elsewhere. */
function endingsByClaim(virtualizations: Virtualizations, owner: ExtensionId): readonly Ending[] {
  return [
    ...endingOf(virtualizations.on(owner), 'claimed'),
    ...endingOf(virtualizations.of(owner), 'returned'),
  ];
}

/** What `*30` alone ends: the guest's stay, else the owner's own elsewhere, else nothing. */
export function endingByReturn(virtualizations: Virtualizations, owner: ExtensionId): Ending | undefined {
  return endingOf(virtualizations.on(owner) ?? virtualizations.of(owner), 'returned')[0];
}

/** What the suspension or deletion of an extension ends: its stay elsewhere, and its guest's. */
export function endingsByDeparture(
  virtualizations: Virtualizations,
  extension: ExtensionId,
  endedBy: EndedBy,
): readonly Ending[] {
  return [
    ...endingOf(virtualizations.of(extension), endedBy),
    ...endingOf(virtualizations.on(extension), endedBy),
  ];
}

/** Empty where there is no such virtualization. */
export function endingOf(virtualization: Virtualization | undefined, endedBy: EndedBy): readonly Ending[] {
  return virtualization ? [{ virtualization, endedBy }] : [];
}
