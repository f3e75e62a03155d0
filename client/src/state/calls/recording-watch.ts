import type { Health } from '../../phone/line/health.ts';
import { goneSince } from '../../phone/line/health.ts';
import { m } from '../../paraglide/messages.js';
import { durationOf } from '../../ui/moments.ts';
import type { CallDesk } from './call-desk.svelte.ts';
import type { Clock } from '../page/clock.svelte.ts';
import type { Notices } from '../page/notices.svelte.ts';
import { nameOf } from '../sentences.ts';
import type { ServerWord } from '../line/server-word.svelte.ts';
import type { VoicemailVisits } from './voicemail-visits.svelte.ts';

export interface RecordingWatchParts {
  readonly desk: Pick<CallDesk, 'talking'>;
  readonly voicemail: VoicemailVisits;
  readonly notices: Pick<Notices, 'show'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly word: Pick<ServerWord, 'offset'>;
  readonly health: () => Health;
}

/** Watches over a message that is being left: its recording does not go on while the line is down, or the sound. */
export class RecordingWatch {
  readonly #parts: RecordingWatchParts;

  constructor(parts: RecordingWatchParts) {
    this.#parts = parts;
  }

  /** Call it each second. */
  look(): void {
    const { desk, voicemail, clock, word } = this.#parts;
    const { now } = clock;
    const { offset } = word;
    const health = this.#parts.health();
    const state = desk.talking?.state;
    const isInterrupted = state?.kind === 'talking' && state.media === 'interrupted';
    const failsSince =
      health.kind === 'offline' ? goneSince(health.lastHeard, now) : isInterrupted ? now : null;
    voicemail.watch(failsSince === null ? null : failsSince + offset, now + offset);
    if (health.kind !== 'offline') this.#tellOfCutMessage();
  }

  #tellOfCutMessage(): void {
    const { voicemail, notices } = this.#parts;
    const cut = voicemail.takeCut();
    if (cut === null) return;
    const time = durationOf(cut.ms);
    notices.show(m.mailbox_call_saved_until({ who: nameOf(cut.mailbox), time }), 'good');
  }
}
