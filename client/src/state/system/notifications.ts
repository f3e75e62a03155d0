import { type CallNotice, isWithheld, type OverNotice, type Party, type RingNotice } from '@perch/shared';
import { isolated } from '../../phone/words/isolated.ts';
import type { Texts } from '../../words/texts.ts';
import { isRightToLeft } from '../../words/wording.ts';

/** What notifications say. The worker has these texts alone, in each language. */
export const NOTIFICATION_TEXTS = [
  'number_withheld',
  'incoming_call',
  'call_for',
  'answer',
  'decline',
  'call_missed',
  'call_taken_elsewhere',
  'call_rang_out',
] as const satisfies (keyof Texts)[];
export type NotificationTexts = Pick<Texts, (typeof NOTIFICATION_TEXTS)[number]>;

/** What the page itself knows of a call that rings; it has no word, for it can decline the call in the usual way. */
export type Ring = Pick<RingNotice, 'call' | 'phone' | 'from' | 'callee'> & Partial<RingNotice>;

/** What a notification is about: what is done when it is touched, and when it ends by itself (milliseconds since 1970). */
export type NotificationData = { readonly phone: string } & (
  | { readonly kind: 'rings'; readonly ring: Ring; readonly until: number | null }
  | { readonly kind: 'missed' | 'taken' | 'rang-out' }
);

/** `actions`, `renotify`, `timestamp` and `vibrate` are in no library of types yet. */
interface Shown extends NotificationOptions {
  readonly actions?: readonly { readonly action: NotificationAction; readonly title: string }[];
  readonly renotify?: boolean;
  readonly timestamp?: number;
  readonly vibrate?: readonly number[];
  readonly data: NotificationData;
}

export type NotificationAction = 'answer' | 'decline';

const ICONS = { icon: '/icon-192.png', badge: '/icon-badge.png' };
/** On, off, on … (milliseconds), like a ring. */
const RING = [400, 200, 400, 1500, 400, 200, 400, 1500, 400, 200, 400];

/** The name, isolated where its digits would run into the number: a title has no markup. */
function whoIs(who: Party, texts: NotificationTexts): string {
  if (isWithheld(who)) return texts.number_withheld();
  if (who.name === '') return who.number;
  return `${isRightToLeft(who.name) ? isolated(who.name) : who.name} · ${who.number}`;
}

/**
 * One notification a call and phone: what follows takes the place of what was before. A call may go on from one phone of a browser to another
 * one there.
 */
export const tagOf = ({ call, phone }: Pick<CallNotice, 'call' | 'phone'>): string => `call-${phone}-${call}`;

/** A call rings. It stays until something is done about it, or until that instant. */
export function ringing(
  ring: Ring,
  until: number | null,
  texts: NotificationTexts,
): { readonly title: string; readonly options: Shown } {
  const { callee } = ring;
  return {
    title: whoIs(ring.from, texts),
    options: {
      ...ICONS,
      tag: tagOf(ring),
      body: callee === null ? texts.incoming_call() : texts.call_for({ who: whoIs(callee, texts) }),
      renotify: true,
      requireInteraction: true,
      vibrate: RING,
      actions: [
        { action: 'answer', title: texts.answer() },
        { action: 'decline', title: texts.decline() },
      ],
      data: { kind: 'rings', phone: ring.phone, ring, until },
    },
  };
}

/** It rings no longer. Quietly: people who have heard it ring need not be told twice. */
export function over(
  notice: Pick<OverNotice, 'call' | 'phone' | 'from' | 'why' | 'at'>,
  texts: NotificationTexts,
): { readonly title: string; readonly options: Shown } {
  return quietly(notice, notice.at, notice.why === 'missed' ? 'missed' : 'taken', texts);
}

/** The time is up for which a call may have rung, and what became of it was not heard. */
export const rangOut = (
  ring: Ring,
  at: number,
  texts: NotificationTexts,
): { readonly title: string; readonly options: Shown } => quietly(ring, at, 'rang-out', texts);

const SAID = { missed: 'call_missed', taken: 'call_taken_elsewhere', 'rang-out': 'call_rang_out' } as const;

const quietly = (
  about: Pick<CallNotice, 'call' | 'phone' | 'from'>,
  timestamp: number,
  kind: keyof typeof SAID,
  texts: NotificationTexts,
): { readonly title: string; readonly options: Shown } => ({
  title: whoIs(about.from, texts),
  options: {
    ...ICONS,
    tag: tagOf(about),
    body: texts[SAID[kind]](),
    silent: true,
    timestamp,
    data: { kind, phone: about.phone },
  },
});
