import { untrack } from 'svelte';
import { routeTo } from '../media/sound.ts';
import { playWhileSilent } from './calls/audio/awaited-tone.ts';
import { earSign } from './calls/audio/ear-sign.ts';
import { tellLanguages } from '../words/language.svelte.ts';
import type { TabLeader } from './page/tab-leader.svelte.ts';
import { type Errand, errands } from './errands.svelte.ts';
import type { Phone } from './phone.svelte.ts';

/** The page at which a phone is, for what it does by itself. */
export interface PhonePage {
  /** Plays the other side of the call. */
  readonly audio: () => HTMLAudioElement | undefined;
  readonly isHidden: () => boolean;
  readonly leader: Pick<TabLeader, 'tell' | 'isSeeking'>;
}

/**
 * Has a phone do what it does by itself, until the returned function is called. None of it is part of what the page draws: where
 * a part of the page cannot be drawn, or one of these fails, all others go on.
 */
export function runErrands(phone: Phone, page: PhonePage): () => void {
  return errands(phone.faults, (errand) => {
    sound(phone, page, errand);
    errand(() => page.leader.tell());
    errand(() => phone.calls.dropStaleRings());
    errand(() => languages(phone));
    errand(() => phone.connection.check());
    errand(() => phone.recording.look());
    errand(() => phone.takeUp.look());
    errand(() => phone.forgotten.look());

    // A server that was away may have been started again meanwhile.
    const isOnLine = $derived(phone.connection.isRegistered && phone.word.heardAt !== null);
    errand(() => {
      if (!isOnLine) return undefined;
      return untrack(() => {
        phone.reports.forget();
        return phone.reports.watch();
      });
    });
    const minutesAhead = $derived(Math.round(phone.word.offset / 60_000));
    const lookAgain = (_minutes: number): void => untrack(() => void phone.reports.look());
    errand(() => {
      if (isOnLine) lookAgain(minutesAhead);
    });

    // Those calls of the previous page that do not go on.
    const isKnown = $derived(phone.word.session !== null && phone.word.callsKnown);
    errand(() => {
      if (isKnown) untrack(() => phone.page.tell());
    });

    // A list that is not on the screen costs nothing.
    for (const topic of [phone.everyone, phone.parked.all]) {
      errand(() => {
        if (!topic.isShown || (page.isHidden() && !page.leader.isSeeking)) return undefined;
        return untrack(() => phone.connection.follow(topic));
      });
    }

    // A recording is paused, and a greeting is no longer being recorded, as soon as a call rings or is made.
    errand(() => {
      if (phone.calls.focused !== null) untrack(() => phone.mailbox.giveWay());
    });

    // A ringing call, the Center and an emergency call are above everything that is open over the page.
    errand(() => {
      if (phone.layers.covered) untrack(() => phone.layers.giveWay());
    });

    // Another person is here, or none: forgets what belonged to the previous one.
    const session = $derived(phone.word.session);
    const begin = (_session: string | null): void => untrack(() => phone.forgetSession());
    errand(() => begin(session));
    // The count of missed calls is for everyone who looks at the page, and at its tab.
    const hasPerson = $derived(phone.speaker !== null);
    const follow = (_session: string | null): (() => void) =>
      untrack(() => phone.connection.follow(phone.own.topic));
    errand(() => (hasPerson ? follow(session) : undefined));
  });
}

/** The page speaks the language of the person who is here, and its own again once they are gone. */
function languages({ word: { view } }: Phone): void {
  if (view === null) return;
  const { language: person, ownerLanguage: page, organization, kind, owner } = view;
  tellLanguages({ person, page, organization: organization.language }, `/${kind}/${owner.number}`);
}

/** What is heard: the ring, the tones, and the other side of the call. */
function sound(phone: Phone, page: PhonePage, errand: Errand): void {
  errand(() => (phone.calls.ringing === null ? undefined : untrack(() => phone.sound.ring())));
  const isWaiting = $derived(phone.calls.waiting.length > 0);
  errand(() => (isWaiting ? untrack(() => phone.sound.tone('waiting')) : undefined));
  const sign = $derived(earSign(phone.calls));
  const listened = $derived(phone.calls.talking?.audio);
  errand(() => {
    const [audio, tone] = [listened, sign];
    if (audio === undefined || tone === null) return undefined;
    return untrack(() =>
      playWhileSilent(
        () => audio.level?.read() ?? 0,
        () => phone.sound.tone(tone),
      ),
    );
  });
  errand(() => {
    const audio = page.audio();
    if (audio === undefined) return;
    const { focused } = phone.calls;
    // Someone on hold is not listened to, whatever their phone still sends.
    const remote = focused === null || focused.hold.here ? null : focused.audio.remote;
    phone.sound.hear(remote, audio);
  });
  // Again whenever a device has come or gone: a headset that is back is used again.
  errand(() => {
    const [audio] = [page.audio(), phone.sound.devices];
    if (audio !== undefined) void routeTo(audio, phone.settings.values.speaker);
  });
}
