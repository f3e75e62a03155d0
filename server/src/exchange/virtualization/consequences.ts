import type { ExtensionId } from '@perch/shared';
import { touchedBy, type Virtualizations } from './virtualizations.ts';
import { type Change } from './virtualization.ts';

/** What a change did to one extension; pages are told it with names instead of ids. */
export type Consequence =
  | { readonly kind: 'moved'; readonly extension: ExtensionId; readonly base: ExtensionId }
  | { readonly kind: 'returned-home'; readonly extension: ExtensionId }
  | { readonly kind: 'homeless'; readonly extension: ExtensionId; readonly guest: ExtensionId }
  | { readonly kind: 'to-voicemail'; readonly extension: ExtensionId }
  | { readonly kind: 'desk-free'; readonly extension: ExtensionId };

/** One for each extension that a change affects: first those that moved, then those that left, then the owners of the terminals. */
export function consequencesOf(
  before: Virtualizations,
  after: Virtualizations,
  change: Change,
): readonly Consequence[] {
  const extensions = [
    ...change.begun.map((one) => one.virtual),
    ...change.ended.map((one) => one.virtual),
    ...touchedBy(change),
  ];
  return [...new Set(extensions)].flatMap((extension) => consequenceFor(extension, before, after) ?? []);
}

function consequenceFor(
  extension: ExtensionId,
  before: Virtualizations,
  after: Virtualizations,
): Consequence | undefined {
  const was = before.of(extension);
  const is = after.of(extension);
  if (is) return is === was ? undefined : { kind: 'moved', extension, base: is.base };
  const guest = after.on(extension);
  if (was)
    return guest
      ? { kind: 'homeless', extension, guest: guest.virtual }
      : { kind: 'returned-home', extension };
  if (guest) return before.on(extension) ? undefined : { kind: 'to-voicemail', extension };
  return before.on(extension) ? { kind: 'desk-free', extension } : undefined;
}
