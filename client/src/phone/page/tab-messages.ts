import { colleague } from '@perch/shared';
import * as z from 'zod/mini';

/** What may be done in another tab; it is done by the leading one. */
export const tabAction = z.enum([
  'answer',
  'hang-up',
  'to-voicemail',
  'mute',
  'hold',
  'resume',
  'swap',
  'join',
  'complete',
  'park',
  'take-back',
]);
export type TabAction = z.infer<typeof tabAction>;

/** A call of the leading tab, as the other tabs show it. */
export const mirroredCall = z.object({
  /** Within the leading tab. */
  local: z.int(),
  state: z.enum(['ringing', 'calling', 'talking']),
  /** The other side, as the leading tab names it. */
  who: z.string(),
  muted: z.boolean(),
  /** This side has no microphone in it. */
  voiceless: z.boolean(),
  held: z.boolean(),
  /** What can be done with it, in the order in which it is offered. */
  can: z.array(tabAction),
  /** Can it be sent on to somebody? */
  movable: z.boolean(),
  /** How it is being sent on, in words. */
  sent: z.nullable(z.string()),
});
export type MirroredCall = z.infer<typeof mirroredCall>;

/** What the leading tab says of the phone; `who` is the person that it is for. */
export const mirrored = z.object({
  who: z.nullable(z.string()),
  health: z.enum(['starting', 'ready', 'unregistered', 'offline']),
  calls: z.array(mirroredCall),
  /** The first of those who are called what is being typed in another tab. */
  found: z.array(colleague),
});
export type Mirrored = z.infer<typeof mirrored>;

/** What is written in another tab is as it was typed: the leading one knows what may be dialled. */
const typed = z.string().check(z.maxLength(64));

/** What the tabs of one terminal in one browser say to each other. A tab of another version may say what this one does not understand. */
export const tabMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('told'), phone: mirrored }),
  /** A tab has just come, or was asleep. */
  z.object({ kind: z.literal('ask') }),
  z.object({ kind: z.literal('act'), action: tabAction, call: z.int() }),
  z.object({ kind: z.literal('press'), call: z.int(), key: z.string().check(z.regex(/^[\d*#]$/)) }),
  /** Who is called that? Empty where nobody is looked for any longer. */
  z.object({ kind: z.literal('seek'), text: typed }),
  z.object({ kind: z.literal('dial'), text: typed }),
  /** `ask`: speaks to that person first. */
  z.object({ kind: z.literal('transfer'), call: z.int(), text: typed, ask: z.boolean() }),
]);
export type TabMessage = z.infer<typeof tabMessage>;
