import { assertNever } from '@perch/shared';
import type { Clock } from '../exchange/ports.ts';
import { backOff } from '../world/back-off.ts';
import { letterAbout } from './letter.ts';
import type { MailJournal, OpenAttachment, Outbox, OutgoingMail } from './ports.ts';
import type { Deliver, Delivery } from './smtp.ts';

/** How often the outbox is looked at when it is not told of new mail (milliseconds). */
const LOOK_AGAIN_MS = 15_000;
/**
 * How long a mail server that cannot be reached, or a disk that is full, is left alone (milliseconds): twice as long each
 * time, as a server that is tried too often with a wrong password locks us out.
 */
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;
/** Mail that could not be sent for this long is given up (milliseconds). */
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
 * Sends what is in the outbox, one mail at a time. At least once: after a crash between the server's acceptance and the outbox, a mail is
 * sent again, under the same Message-ID.
 */
export class Mailer {
  readonly #ports: MailerPorts;
  readonly #stop = new AbortController();
  /** Sent, but the outbox could not be told: these are never sent again by this process. */
  readonly #sent = new Set<string>();
  #cancelTimer: () => void = () => undefined;
  /** How often the server was left alone since anything went well. */
  #rests = 0;
  #working: Promise<void> | undefined;

  /** Starts at once. */
  constructor(ports: MailerPorts) {
    this.#ports = ports;
    this.#look();
  }

  /** There may be new mail. A server that is left alone is not tried sooner. */
  wake(): void {
    if (this.#rests === 0) this.#look();
  }

  /** Aborts the mail under way, which stays in the outbox. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer();
    await this.#working;
  }

  #look(): void {
    if (this.#stop.signal.aborted) return;
    this.#cancelTimer();
    this.#working ??= this.#workOff().then((then) => {
      this.#working = undefined;
      if (this.#stop.signal.aborted) return;
      this.#rests = then === 'rest' ? this.#rests + 1 : 0;
      const rest = Math.min(FIRST_REST_MS * 2 ** (this.#rests - 1), LONGEST_REST_MS);
      this.#cancelTimer = this.#ports.clock.after(then === 'rest' ? rest : LOOK_AGAIN_MS, () => this.#look());
    });
  }

  async #workOff(): Promise<'look-again' | 'rest'> {
    const { outbox, clock, journal } = this.#ports;
    try {
      const expired = await outbox.forgetOlderThan(clock.now() - GIVE_UP_MS);
      if (expired > 0) journal.expired(expired);
      while (!this.#stop.signal.aborted) {
        const mail = await outbox.due(clock.now());
        if (!mail) return 'look-again';
        if (await this.#send(mail)) return 'rest';
      }
    } catch (error) {
      journal.failed(error);
    }
    return 'rest';
  }

  /** @returns whether the server is to be left alone for a while. */
  async #send(mail: OutgoingMail): Promise<boolean> {
    const { outbox, clock, journal, chance } = this.#ports;
    const { message } = mail;
    const outcome = await this.#attempt(mail);
    switch (outcome.kind) {
      case 'accepted':
        this.#rests = 0;
        this.#sent.add(message);
        journal.sent(mail);
        break;
      case 'refused':
        journal.refused(mail, outcome.error);
        break;
      case 'gone':
        break;
      case 'put-off':
      case 'unreachable': {
        if (this.#stop.signal.aborted) return false;
        const until = clock.now() + backOff(mail.attempts + 1, chance());
        await outbox.postpone(message, until);
        journal.postponed(mail, outcome.error, until);
        return outcome.kind === 'unreachable';
      }
      default:
        assertNever(outcome);
    }
    await outbox.forget(message);
    this.#sent.delete(message);
    return false;
  }

  async #attempt(mail: OutgoingMail): Promise<Delivery | { readonly kind: 'gone' }> {
    const { open, deliver, publicUrl } = this.#ports;
    if (this.#sent.has(mail.message)) return { kind: 'gone' };
    try {
      const content = await open(mail);
      if (!content) return { kind: 'gone' };
      const { fileName, ...letter } = letterAbout(mail, publicUrl);
      const recording = { fileName, content };
      return await deliver({ to: mail.to, id: mail.message, letter, recording }, this.#stop.signal);
    } catch (error) {
      // One file that cannot be read holds up its own mail, not the others.
      return { kind: 'put-off', error: error as Error };
    }
  }
}
