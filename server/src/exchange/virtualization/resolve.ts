import type { ExtensionId } from '@perch/shared';
import type { Virtualizations } from './virtualizations.ts';

/*
 * One hop: nothing is ever resolved through a second virtualization, so chains (A on B, B on C), swaps and longer
 * cycles are legal and cannot loop.
 */

/** The owner of the terminal where calls to this extension ring; none where it is home and a guest has its terminal. */
export function ringsAt(virtualizations: Virtualizations, extension: ExtensionId): ExtensionId | undefined {
  const away = virtualizations.of(extension);
  if (away) return away.base;
  return virtualizations.on(extension) ? undefined : extension;
}

/** The extension whose calls this owner's terminal makes and takes; none where the owner is away and there is no guest. */
export function speaksAt(virtualizations: Virtualizations, owner: ExtensionId): ExtensionId | undefined {
  const guest = virtualizations.on(owner);
  if (guest) return guest.virtual;
  return virtualizations.of(owner) ? undefined : owner;
}
