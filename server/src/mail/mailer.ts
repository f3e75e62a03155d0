import type { Clock } from '../exchange/ports.ts';
import { backOff } from './back-off.ts';
import { letterAbout } from './letter.ts';
import type { MailJournal, OpenAttachment, Outbox, OutgoingMail } from './ports.ts';
import type { Deliver } from './smtp.ts';

/** How often the outbox is looked at when nobody says that there is something new (milliseconds). */
const LOOK_AGAIN_MS = 15_000;
/** How long a mail server that cannot be reached, or a disk that is full, is left alone (milliseconds). */
const REST_MS = 60_000;
/** Mail that could not be sent for so long never is (milliseconds). */
const GIVE_UP_MS = 3 * 24 * 60 * 60_000;

export interface MailerPorts {
  readonly outbox: Outbox;
  readonly open: OpenAttachment;
  readonly deliver: Deliver;
  readonly publicUrl: URL;
  readonly clock: Clock;
  readonly journal: MailJournal;
  /** From 0 to 1. */
  readonly chance: () => number;
}

/**
 * Sends what is in the outbox, one mail at a time. At least once: dying between the server's yes and the outbox, a mail is
 * sent again, under the same Message-ID.
 */
export class Mailer {
  readonly #ports: MailerPorts;
  readonly #stop = new AbortController();
  /** Sent, but the outbox could not be told: these are never sent again by this process. */
  readonly #sent = new Set<string>();
  #cancelTimer: () => void = () => undefined;
  #resting = false;
  #working: Promise<void> | undefined;

  /** Begins at once. */
  constructor(ports: MailerPorts) {
    this.#ports = ports;
    this.#look();
  }

  /** There may be something new. A server that is left alone stays so. */
  wake(): void {
    if (!this.#resting) this.#look();
  }

  /** Breaks off what is under way: it stays in the outbox. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer();
    await this.#working;
  }

  #look(): void {
    this.#cancelTimer();
    this.#resting = false;
    this.#working ??= this.#workOff().then((pause) => {
      this.#working = undefined;
      if (this.#stop.signal.aborted) return;
      this.#resting = pause === REST_MS;
      this.#cancelTimer = this.#ports.clock.after(pause, () => this.#look());
    });
  }

  /** @returns how long to wait until the next time. */
  async #workOff(): Promise<number> {
    const { outbox, clock, journal } = this.#ports;
    try {
      const expired = outbox.forgetOlderThan(clock.now() - GIVE_UP_MS);
      if (expired > 0) journal.expired(expired);
      while (!this.#stop.signal.aborted) {
        const mail = outbox.due(clock.now());
        if (!mail) return LOOK_AGAIN_MS;
        if ((await this.#send(mail)) === 'unreachable') return REST_MS;
      }
    } catch (error) {
      journal.failed(error);
    }
    return REST_MS;
  }

  async #send(mail: OutgoingMail): Promise<'done' | 'unreachable'> {
    const { outbox, open, deliver, publicUrl, clock, journal, chance } = this.#ports;
    const recording = this.#sent.has(mail.message) ? undefined : await open(mail);
    if (!recording) {
      outbox.forget(mail.message);
      this.#sent.delete(mail.message);
      return 'done';
    }
    const letter = letterAbout(mail, publicUrl);
    const delivery = await deliver({ to: mail.to, id: mail.message, letter, recording }, this.#stop.signal);
    if (this.#stop.signal.aborted && delivery.kind !== 'accepted') return 'done';
    switch (delivery.kind) {
      case 'accepted':
        this.#sent.add(mail.message);
        journal.sent(mail);
        outbox.forget(mail.message);
        this.#sent.delete(mail.message);
        return 'done';
      case 'refused':
        journal.refused(mail, delivery.error);
        outbox.forget(mail.message);
        return 'done';
      case 'put-off':
      case 'unreachable': {
        const until = clock.now() + backOff(mail.attempts + 1, chance());
        journal.postponed(mail, delivery.error, until);
        outbox.postpone(mail.message, Math.round(until));
        return delivery.kind === 'unreachable' ? 'unreachable' : 'done';
      }
    }
  }
}
