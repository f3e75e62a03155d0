import * as z from 'zod/mini';
import { language } from './languages.ts';
import { party } from './terminal-view.ts';

/** `null` for none, for one that this version does not speak, and where an older server says nothing of it. */
const tongue = z.catch(z.nullable(language), null);

/**
 * The call that a push message is about, and the phone that it is for: the number in the address of its page. What is said of it is in the
 * language of the person for whom it rings, or else of the owner of the phone, of the browser's pages, of the organization, or of the browser.
 */
const about = {
  ...{ call: z.string(), phone: z.string(), from: party },
  language: tongue,
  organizationLanguage: tongue,
};

/**
 * What a push message tells the service worker of a phone whose page is closed or asleep: that a call rings there, or does so no longer. Only
 * that browser can read it (RFC 8291).
 */
export const callNotice = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rings'),
    ...about,
    /** Who the call is for, where that is not the owner of the phone. */
    callee: z.nullable(party),
    /** How long it rings at most (milliseconds): the message that it is over may be lost. No instant, as clocks of browsers are wrong. */
    ringsFor: z.number(),
    /** With these the worker answers the message, without any other credential. */
    organization: z.string(),
    word: z.string(),
  }),
  z.object({
    kind: z.literal('over'),
    ...about,
    /** `missed`: nobody has answered. `elsewhere`: another phone has, or has declined. `moved`: it rings on where its extension is now. */
    why: z.enum(['missed', 'elsewhere', 'moved']),
    /** When it was over (milliseconds since 1970). */
    at: z.number(),
  }),
]);
export type CallNotice = z.infer<typeof callNotice>;
export type RingNotice = Extract<CallNotice, { readonly kind: 'rings' }>;
export type OverNotice = Extract<CallNotice, { readonly kind: 'over' }>;

/** What a phone that has been sent a notice says: it shows the call to a person, or the person has declined it. */
export const noticeAnswer = z.enum(['ringing', 'declined']);
export type NoticeAnswer = z.infer<typeof noticeAnswer>;
