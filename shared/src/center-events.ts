import * as z from 'zod/mini';
import { consequence } from './terminal-view.ts';

/** The sentences that the server can speak. The texts are in `prompt-texts.ts`; the sounds are made from them. */
export const promptId = z.enum([
  'enter-code',
  'hear-yourself',
  'wrong-code-two-left',
  'wrong-code-one-left',
  'goodbye-wrong-code',
  'no-digits',
  'goodbye-silence',
  'now-on-this-phone',
  'already-on-this-phone',
  'desk-is-yours',
  'returned-home',
  'left-this-phone',
  'nothing-to-return',
  'not-allowed-here',
  'wait-for-emergency-call',
  'try-again-later',
  'do-not-disturb-on',
  'do-not-disturb-off',
  'no-do-not-disturb-here',
  'all-calls-go-to',
  'forward-off',
  'forward-to-whom',
  'no-forward-there',
  'no-forward-here',
  'not-available',
  'no-such-number',
  'no-such-code',
  'phone-locked',
  'busy',
  'leave-message',
  'beep',
  'message-saved',
  'message-at-limit',
  'nothing-recorded',
  'mailbox-full',
  'no-recording-now',
  'enter-pin',
  'wrong-pin-two-left',
  'wrong-pin-one-left',
  'goodbye-wrong-pin',
  'goodbye-no-pin',
  'no-pin',
  'you-have',
  'new-message',
  'new-messages',
  'heard-message',
  'heard-messages',
  'and',
  'no-messages',
  'new-message-from',
  'heard-message-from',
  'withheld-number',
  'message-menu',
  'message-menu-without-caller',
  'message-deleted',
  'no-more-messages',
  'empty-menu',
  'calling-back',
  'could-not-call-back',
  'record-greeting',
  'greeting-menu',
  'greeting-saved',
  'greeting-too-short',
  'no-longer-here',
  'call-is-parked',
  'goodbye',
]);
export type PromptId = z.infer<typeof promptId>;

/**
 * One thing to speak: fixed prompts, digits and whole numbers (0 to 999) in the order they are heard, as one utterance:
 * `[{ digits: '101' }, { prompt: 'now-on-this-phone' }]` is "1 0 1 – is now on this phone", `{ number: 12 }` is "twelve".
 */
export const utterance = z.array(
  z.union([
    z.object({ prompt: promptId }),
    z.object({ digits: z.string() }),
    z.object({ number: z.int().check(z.gte(0), z.lte(999)) }),
  ]),
);
export type Utterance = z.infer<typeof utterance>;

/** How a visit to the Virtualization Center ended. */
export const centerOutcome = z.enum([
  'accepted',
  'already-here',
  'claimed',
  'returned',
  'nothing-to-return',
  'not-allowed',
  'refused',
  'failed',
  'dropped',
]);
export type CenterOutcome = z.infer<typeof centerOutcome>;

/** The Center's dialogue as the page follows it; each prompt is shown while it is spoken. */
export const centerEvent = z.discriminatedUnion('kind', [
  /** `number` is the extension that was dialled; none to return. */
  z.object({ kind: z.literal('opened'), number: z.optional(z.string()) }),
  z.object({ kind: z.literal('prompt'), utterance, text: z.string() }),
  /** A digit of the code was counted, or the entry cleared: how many digits it has now. Never the digit itself. */
  z.object({ kind: z.literal('digit'), entered: z.int() }),
  z.object({ kind: z.literal('tries-left'), tries: z.int() }),
  z.object({ kind: z.literal('outcome'), outcome: centerOutcome, consequences: z.array(consequence) }),
  z.object({ kind: z.literal('closed') }),
]);
export type CenterEvent = z.infer<typeof centerEvent>;
