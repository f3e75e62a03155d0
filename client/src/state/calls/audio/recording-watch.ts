import type { Health } from '../../../phone/line/health.ts';
import { goneSince } from '../../../phone/line/health.ts';
import { m } from '../../../words/messages.svelte.ts';
import { durationOf } from '../../../ui/moments.ts';
import type { ActiveCall } from '../active-call.svelte.ts';
import type { Calls } from '../calls.svelte.ts';
import type { LeftMessages } from '../endings/left-messages.ts';
import type { Clock } from '../../page/clock.svelte.ts';
import type { Notices } from '../../page/notices.svelte.ts';
import { nameOf } from '../../sentences.ts';
import type { ServerWord } from '../../line/server-word.svelte.ts';

export interface RecordingWatchParts {
  readonly calls: Pick<Calls, 'all'>;
  readonly left: Pick<LeftMessages, 'takeCut'>;
  readonly notices: Pick<Notices, 'show'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly word: Pick<ServerWord, 'offset'>;
  readonly health: () => Health;
}

/** Watches over messages that are being left: their recording does not go on while the line is down, or the sound. */
export class RecordingWatch {
  readonly #parts: RecordingWatchParts;

  constructor(parts: RecordingWatchParts) {
    this.#parts = parts;
  }

  /** Call it each second. */
  look(): void {
    const { calls, clock, word } = this.#parts;
    const { now } = clock;
    const { offset } = word;
    const health = this.#parts.health();
    for (const call of calls.all) {
      const failsSince =
        health.kind === 'offline' ? goneSince(health.lastHeard, now) : isInterrupted(call) ? now : null;
      call.dialogue.watch(failsSince === null ? null : failsSince + offset, now + offset);
    }
    if (health.kind !== 'offline') this.#tellOfCutMessages();
  }

  #tellOfCutMessages(): void {
    const { left, notices } = this.#parts;
    for (const { mailbox, ms } of left.takeCut())
      notices.show(m.mailbox_call_saved_until({ who: nameOf(mailbox), time: durationOf(ms) }), 'good');
  }
}

const isInterrupted = ({ state }: ActiveCall): boolean =>
  state.kind === 'talking' && state.media === 'interrupted';
