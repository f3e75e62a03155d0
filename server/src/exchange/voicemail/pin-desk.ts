import { type ExtensionId, type MailboxAccess, type TerminalId, WRONG_PER_EXTENSION } from '@perch/shared';
import {
  NO_PIN_GUESSES,
  type PinGuesses,
  withWrongPin,
  wrongPinsLeft,
} from '../../network/machines/pin-guesses.ts';
import type { Clock, Directory } from '../ports.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { VoicemailJournal, VoicemailPins } from './ports.ts';

interface PinDeskPorts {
  readonly directory: Pick<Directory, 'ownerOf'>;
  readonly pins: VoicemailPins;
  readonly mailboxes: Pick<Mailboxes, 'pinGuesses' | 'setPinGuesses'>;
  readonly clock: Clock;
  readonly journal: Pick<VoicemailJournal, 'failed'>;
}

/** The wrong PINs of one mailbox, and how many are being verified: any of those may be wrong too. */
interface Counter {
  guesses: PinGuesses;
  underWay: number;
  /** Is it stored as it is? */
  isStored: boolean;
}

/**
 * Where the PINs of mailboxes are checked. Wrong ones are counted for each mailbox, by the rules of the stations' PIN; while it is locked, every PIN is wrong.
 */
export class PinDesk {
  readonly #ports: PinDeskPorts;
  /** Those with PINs being verified, and those that could not be stored. */
  readonly #counters = new Map<ExtensionId, Counter>();

  constructor(ports: PinDeskPorts) {
    this.#ports = ports;
  }

  /** An extension that speaks at a terminal needs a PIN to listen there, except the owner at home. */
  accessOf(speaker: ExtensionId, terminal: TerminalId): MailboxAccess {
    if (speaker === this.#ports.directory.ownerOf(terminal)) return 'open';
    return this.has(speaker) ? 'pin-needed' : 'no-pin';
  }

  has(extension: ExtensionId): boolean {
    return this.#ports.pins.has(extension);
  }

  /**
   * Is this the PIN, and is the mailbox not locked? The same answer after the same work in every case, a failing disk
   * included; a wrong PIN is counted durably before that. Rejects where a PIN cannot be checked at all.
   */
  async verify(extension: ExtensionId, pin: string): Promise<boolean> {
    const { pins, clock } = this.#ports;
    const counter = this.#counterOf(extension);
    // A place is taken before the slow hash: PINs that are tried all at once would slip past a lock.
    const hasPlace = wrongPinsLeft(counter.guesses, WRONG_PER_EXTENSION, clock.now()) > counter.underWay;
    counter.underWay += 1;
    try {
      const isRight = await pins.verify(extension, pin);
      // The PIN may have been replaced while this one was verified.
      const isCurrent = hasPlace && this.#counters.get(extension) === counter;
      if (isRight && isCurrent) return true;
      if (isCurrent)
        counter.guesses = withWrongPin(counter.guesses, WRONG_PER_EXTENSION, { at: clock.now() });
      await this.#store(extension);
      return false;
    } finally {
      counter.underWay -= 1;
      this.#release(extension);
    }
  }

  /** The PIN was replaced: earlier wrong ones no longer count, nor do those that are being verified. */
  async replaced(extension: ExtensionId): Promise<void> {
    this.#counters.set(extension, { guesses: NO_PIN_GUESSES, underWay: 0, isStored: false });
    await this.#store(extension);
    this.#release(extension);
  }

  #counterOf(extension: ExtensionId): Counter {
    const known = this.#counters.get(extension);
    if (known) return known;
    const guesses = this.#ports.mailboxes.pinGuesses(extension);
    const counter = { guesses, underWay: 0, isStored: true };
    this.#counters.set(extension, counter);
    return counter;
  }

  #release(extension: ExtensionId): void {
    const counter = this.#counters.get(extension);
    if (counter?.underWay === 0 && counter.isStored) this.#counters.delete(extension);
  }

  /** What cannot be stored still counts until the process ends. */
  async #store(extension: ExtensionId): Promise<void> {
    const counter = this.#counterOf(extension);
    const { guesses } = counter;
    counter.isStored = false;
    try {
      await this.#ports.mailboxes.setPinGuesses(extension, guesses);
      counter.isStored = guesses === counter.guesses;
    } catch (error) {
      this.#ports.journal.failed(error);
    }
  }
}
