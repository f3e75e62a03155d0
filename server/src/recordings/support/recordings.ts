import { extensionId, recordingId } from '@perch/shared';
import type { RecordingLabel } from '../../exchange/voicemail/ports.ts';
import { OggOpusPages } from '../../media/ogg/ogg-opus-writer.ts';

/** For tests: 20 ms of a tone that is loud enough to be sent; no decoder will be asked. */
const PACKET = Uint8Array.of(0xf8, ...new Uint8Array(60).fill(7));
export const PACKET_MS = 20;

/** The pages of a sound, without the last one where it was not ended. */
export function pagesOf(ms: number, isEnded: boolean): readonly Uint8Array[] {
  const pages = new OggOpusPages();
  const full = Array.from({ length: ms / PACKET_MS }, () => pages.append(PACKET));
  return [...full, isEnded ? pages.end() : undefined].filter((page) => page !== undefined);
}

export const messageLabel = (id: string): Extract<RecordingLabel, { readonly kind: 'message' }> => ({
  kind: 'message',
  id: recordingId(id),
  extension: extensionId('ada'),
  from: { number: '102', name: 'Ben' },
  at: 1_700_000_000_000,
  reason: 'no-answer',
});
