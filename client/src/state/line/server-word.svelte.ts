import {
  assertNever,
  type CallView,
  type MessageCounts,
  type PageEvent,
  type TerminalView,
} from '@perch/shared';
import { follow, type Visit, visitTo } from '../../phone/calls/takeover.ts';
import type { VoicemailVisits } from '../calls/voicemail-visits.svelte.ts';

/** The message lamp, and its extension; `null` on a locked phone. */
export interface Lamp {
  readonly extension: string | null;
  readonly counts: MessageCounts;
}

/** What the server last said about this terminal: nothing here is the browser's own assumption. */
export class ServerWord {
  view: TerminalView | null = $state.raw(null);
  calls: readonly CallView[] = $state.raw([]);
  registered = $state(false);
  /** Since when the server has held no registration, by this browser's clock; `null` while it holds one. */
  unregisteredSince: number | null = $state(null);
  /** By this browser's clock; `null` until the first word. */
  heardAt: number | null = $state(null);
  /** Add to this browser's time to have the server's (milliseconds). */
  offset = $state(0);
  visit: Visit | null = $state.raw(null);
  /** Another object after each change of the mailbox or of its listener, even where the counts are the same. */
  lamp: Lamp = $state.raw({ extension: null, counts: { new: 0, heard: 0 } });

  readonly #voicemail: VoicemailVisits;

  constructor(voicemail: VoicemailVisits) {
    this.#voicemail = voicemail;
  }

  hear(event: PageEvent): void {
    this.heardAt = Date.now();
    this.offset = event.at - this.heardAt;
    switch (event.kind) {
      case 'terminal':
        this.view = event.view;
        this.#registration(event.view.registered);
        break;
      case 'calls':
        this.calls = event.calls;
        break;
      case 'center':
        this.visit = follow(this.visit, event.event);
        break;
      case 'mailbox':
        this.lamp = { extension: event.extension, counts: event.counts };
        break;
      case 'voicemail':
        this.#voicemail.hear(event.event, event.at);
        break;
      case 'pulse':
        this.#registration(event.registered);
        break;
      default:
        assertNever(event);
    }
  }

  /** This page was frozen: earlier messages do not count until the server is heard again. */
  doubt(): void {
    this.heardAt = null;
  }

  #registration(registered: boolean): void {
    this.registered = registered;
    this.unregisteredSince = registered ? null : (this.unregisteredSince ?? Date.now());
  }

  /** The Center has been called: the dialogue begins with what was dialled. */
  beginVisit(number: string): void {
    this.visit = visitTo(number);
  }

  endVisit(): void {
    this.visit = null;
  }
}
