import type { CenterEvent, Party, Service, VoicemailEvent } from '@perch/shared';
import * as center from '../../phone/calls/center-dialogue.ts';
import * as mailbox from '../../phone/calls/mailbox-dialogue.ts';

/** How long line and sound have to work until an interrupted recording is known to go on (milliseconds). */
const HEALED_MS = 5_000;
/** A shorter message is not kept (milliseconds). */
const SHORTEST_MS = 2_000;

/** What the server says in a call that it answers itself. */
export type DialogueEvent =
  | { readonly kind: 'center'; readonly event: CenterEvent }
  | { readonly kind: 'voicemail'; readonly event: VoicemailEvent; readonly at: number };

/** A message whose recording ended with the line: the server keeps what it had until then. */
export interface CutMessage {
  readonly mailbox: Party;
  readonly ms: number;
}

/** The dialogue with the server in one call: with the Virtualization Center, or with a mailbox. */
export class CallDialogue {
  center: center.CenterDialogue | null = $state.raw(null);
  /** A caller leaves a message, or an extension listens to its own (`*97`). */
  mailbox: mailbox.MailboxDialogue | null = $state.raw(null);
  /** Since when the voice may not have been recorded, by the server's clock. */
  #cutAt: number | null = $state(null);
  #healedAt: number | null = null;

  /** `service`: what was called, where it is a service. A dialogue with the Center begins before its first word. */
  constructor(service: Service | undefined) {
    if (service?.name === 'center') this.center = center.dialogueAbout(service.number ?? '');
  }

  hear(said: DialogueEvent): void {
    if (said.kind === 'center') this.center = center.follow(this.center, said.event);
    else this.mailbox = mailbox.follow(this.mailbox, said.event, said.at);
  }

  /** Since when speech has not been recorded, by the server's clock; `null` while it is. */
  get cutAt(): number | null {
    return this.#cutAt;
  }

  /**
   * To be called each second, with the instant since when the line or the sound of the call has failed (`null` while they
   * work) and the current time, both by the server's clock.
   */
  watch(failsSince: number | null, now: number): void {
    if (this.mailbox?.moment.kind !== 'recording') this.#cutAt = null;
    else if (failsSince !== null) {
      this.#cutAt ??= failsSince;
      this.#healedAt = null;
    } else if (this.#cutAt !== null) {
      this.#healedAt ??= now;
      if (now - this.#healedAt >= HEALED_MS) this.#cutAt = null;
    }
  }

  /** The message that is cut off if the call is over now. */
  get cutOff(): CutMessage | null {
    if (this.mailbox === null || this.#cutAt === null) return null;
    const { moment, mailbox: of } = this.mailbox;
    if (moment.kind !== 'recording' || moment.what !== 'message') return null;
    const ms = this.#cutAt - moment.since;
    return ms < SHORTEST_MS ? null : { mailbox: of, ms };
  }

  /** Another person is here, or none: they must not see the content of the mailbox, even while the call goes on. */
  forget(): void {
    if (this.mailbox?.service === 'retrieval') this.mailbox = null;
  }
}
