import * as z from 'zod/mini';

/** A call of the leading tab, as the other tabs show it. */
export const mirroredCall = z.object({
  /** Within the leading tab. */
  local: z.int(),
  state: z.enum(['ringing', 'calling', 'talking']),
  /** The other side, as the leading tab names it. */
  who: z.string(),
  muted: z.boolean(),
  held: z.boolean(),
});
export type MirroredCall = z.infer<typeof mirroredCall>;

/** What the leading tab says of the phone; `who` is the person that it is for. */
export const mirrored = z.object({
  who: z.nullable(z.string()),
  health: z.enum(['starting', 'ready', 'unregistered', 'offline']),
  calls: z.array(mirroredCall),
});
export type Mirrored = z.infer<typeof mirrored>;

/** What may be done in another tab; it is done by the leading one. */
export const tabAction = z.enum(['answer', 'hang-up', 'mute', 'hold']);
export type TabAction = z.infer<typeof tabAction>;

/** What the tabs of one terminal in one browser say to each other. A tab of another version may say what this one does not understand. */
export const tabMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('told'), phone: mirrored }),
  /** A tab has just come, or was asleep. */
  z.object({ kind: z.literal('ask') }),
  z.object({ kind: z.literal('act'), action: tabAction, call: z.int() }),
]);
export type TabMessage = z.infer<typeof tabMessage>;
