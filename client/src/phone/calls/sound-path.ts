import { assertNever, type CallView } from '@perch/shared';
import type { MediaState } from './call.ts';

/** How often it is looked whether packets arrive (milliseconds): one comes every 20 ms, and every 400 ms from a phone that sends no silence. */
export const LOOK_MS = 250;
/** After so many looks without a packet it is asked whether the line still stands. */
const ASKED_LOOKS = 2;
/** After so many sound counts as interrupted: browsers take 5 s and more to say so. */
const INTERRUPTED_LOOKS = 4;
/** After so many a browser would have found the path broken: if it has not, nothing is sent, as by a microphone that has ended. */
const QUIET_LOOKS = 40;
/**
 * Where the line stands all the time and the browser, too, finds the path broken, or finds none, after so many this side asks for another session: the
 * caller first.
 */
const PATIENT_LOOKS = { outgoing: 32, incoming: 48 } as const;
/** How long the old path is given to come back together with the line (milliseconds). */
const RECOVERY_MS = 500;
/** How long after the line sound may break because of the same fault (milliseconds). */
const MENDS_MS = 15_000;
/** How long another session is given to bring sound (milliseconds). */
const RENEWAL_MS = 4_000;

/** The way on which the sound of the other side comes. */
export interface SoundPath {
  readonly direction: 'incoming' | 'outgoing';
  /** What the browser says of the connection. */
  readonly media: MediaState;
  /** That have arrived over it. */
  readonly packets: number;
  /** How many looks in a row have found no new ones. */
  readonly silentLooks: number;
  /**
   * The line has come back, perhaps through another network: a path that is broken since, and in this time, is so for the same reason. By this
   * browser's clock.
   */
  readonly mends: { readonly from: number; readonly until: number };
  /** When another session was asked for. */
  readonly renewedAt: number;
}

export type SoundPathEvent =
  /** `expected`: the other side is a person, and nobody is on hold. */
  | { readonly kind: 'looked'; readonly packets: number; readonly expected: boolean; readonly now: number }
  | { readonly kind: 'media'; readonly media: MediaState; readonly now: number }
  /** `atOnce`: as soon as its loss was noticed, so that the network cannot have been away. */
  | { readonly kind: 'line-restored'; readonly atOnce: boolean; readonly now: number };

/** `ask-line`: does anything come through to this page? `renew`: the call needs another session, over another path. */
export type SoundPathEffect = 'ask-line' | 'renew';

const NEVER: SoundPath['mends'] = { from: Infinity, until: -Infinity };

export const soundPath = (direction: SoundPath['direction']): SoundPath => ({
  direction,
  media: 'connecting',
  packets: 0,
  silentLooks: 0,
  mends: NEVER,
  renewedAt: -Infinity,
});

/** Nothing need arrive from those who are on hold, or away. */
export const shouldHear = ({ here, there }: CallView['hold'], otherSide?: CallView['otherSide']): boolean =>
  !here && !there && otherSide !== 'reconnecting';

/** What is to be said of the sound: what the browser says, or, where it believes in a dead path, what is seen. */
export const mediaOf = ({ media, silentLooks }: SoundPath): MediaState =>
  media === 'flowing' && silentLooks >= INTERRUPTED_LOOKS && silentLooks < QUIET_LOOKS
    ? 'interrupted'
    : media;

/**
 * One step in watching the path. Sound that breaks together with the line may need another path, as the old one led through a network that is
 * gone. Sound that breaks alone is the other side's matter first, which may be away and come back.
 */
export function step(
  path: SoundPath,
  event: SoundPathEvent,
): readonly [SoundPath, readonly SoundPathEffect[]] {
  switch (event.kind) {
    case 'looked': {
      const { packets, expected, now } = event;
      // A session that takes the place of another one counts from none.
      const before = packets < path.packets ? 0 : path.packets;
      const arrives = packets > before;
      const silentLooks = arrives || !expected ? 0 : path.silentLooks + 1;
      const next = { ...path, packets, silentLooks, mends: arrives ? NEVER : path.mends };
      return silentLooks === ASKED_LOOKS && path.media === 'flowing'
        ? [next, ['ask-line']]
        : mended(next, now);
    }
    case 'media': {
      const { media, now } = event;
      // A connection that is being made has as much time as any other.
      const silentLooks = media === 'connecting' ? 0 : path.silentLooks;
      return mended({ ...path, media, silentLooks }, now);
    }
    case 'line-restored':
      return mended({ ...path, mends: mendsAfter(event), renewedAt: -Infinity }, event.now);
    default:
      return assertNever(event);
  }
}

/** With a network that was away the old path may come back by itself, which is sooner than another one; and the browser has yet to see it. */
const mendsAfter = ({
  now,
  atOnce,
}: {
  readonly now: number;
  readonly atOnce: boolean;
}): SoundPath['mends'] => ({
  from: atOnce ? now : now + RECOVERY_MS,
  until: now + MENDS_MS,
});

function mended(path: SoundPath, now: number): readonly [SoundPath, readonly SoundPathEffect[]] {
  const { silentLooks, media, mends, renewedAt, direction } = path;
  const isBroken = silentLooks >= ASKED_LOOKS || media === 'interrupted';
  const isLost = media !== 'flowing' && silentLooks >= PATIENT_LOOKS[direction];
  const isDue = (now >= mends.from && now < mends.until) || isLost;
  if (!isBroken || !isDue || now - renewedAt < RENEWAL_MS) return [path, []];
  return [{ ...path, renewedAt: now }, ['renew']];
}
