import type { VoicemailMessage } from '@perch/shared';
import type { Message } from './ports.ts';

/** A message as its owner's pages show it. */
export function messageView({ id, from, at, durationMs, reason, heard }: Message): VoicemailMessage {
  return { id, from, at, durationMs, reason, heard };
}
