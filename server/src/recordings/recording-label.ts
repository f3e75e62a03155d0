import { depositReason, extensionId, recordingId } from '@perch/shared';
import { z } from 'zod';
import type { RecordingLabel } from '../exchange/voicemail/ports.ts';
import { titleOf } from './title.ts';

/** The comment that is for us; the others are for other players. */
const OURS = 'PERCH=';
/** The most of a caller's name and number, so that every label fits into its page (UTF-16 code units). */
const LONGEST_TEXT = 500;

const id = z.string().min(1);
const text = z.string().max(LONGEST_TEXT);
const storedLabel = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    id: id.transform(recordingId),
    extension: id.transform(extensionId),
    from: z.object({ number: text, name: text }),
    at: z.number().int(),
    reason: depositReason,
  }),
  z.object({
    kind: z.literal('greeting'),
    id: id.transform(recordingId),
    extension: id.transform(extensionId),
  }),
]);

/** A label as the comments of its file (RFC 7845 §5.2). */
export function commentsFor(label: RecordingLabel): readonly string[] {
  if (label.kind === 'greeting') return ['TITLE=Greeting', OURS + JSON.stringify(label)];
  const { number, name } = label.from;
  const from = { number: number.slice(0, LONGEST_TEXT), name: name.slice(0, LONGEST_TEXT) };
  return [
    `TITLE=${titleOf(from)}`,
    `DATE=${new Date(label.at).toISOString()}`,
    OURS + JSON.stringify({ ...label, from }),
  ];
}

/** The label among a file's comments; `undefined` where there is none that can be understood. */
export function labelAmong(comments: readonly string[]): RecordingLabel | undefined {
  const ours = comments.find((comment) => comment.startsWith(OURS));
  if (ours === undefined) return undefined;
  try {
    return storedLabel.safeParse(JSON.parse(ours.slice(OURS.length))).data;
  } catch {
    return undefined;
  }
}
