import { homeTerminalOf, ownerOf, type ExtensionId, type TerminalId } from '@perch/shared';
import type { Virtualizations } from './virtualizations.ts';

/*
 * One hop: nothing is ever resolved through a second virtualization, so chains (A on B, B on C), swaps and longer
 * cycles are legal and cannot loop.
 */

/** The terminal where calls to this extension ring; none where it is home and a guest has its terminal. */
export function terminalOf(virtualizations: Virtualizations, extension: ExtensionId): TerminalId | undefined {
  const away = virtualizations.of(extension);
  if (away) return homeTerminalOf(away.base);
  return virtualizations.on(extension) ? undefined : homeTerminalOf(extension);
}

/** The extension whose calls this terminal makes and takes; none where its owner is away and there is no guest. */
export function speaksFor(virtualizations: Virtualizations, terminal: TerminalId): ExtensionId | undefined {
  const owner = ownerOf(terminal);
  const guest = virtualizations.on(owner);
  if (guest) return guest.virtual;
  return virtualizations.of(owner) ? undefined : owner;
}
