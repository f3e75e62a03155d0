import { type ExtensionId, type MailboxAccess, type TerminalId, WRONG_PER_EXTENSION } from '@perch/shared';
import type { Clock, Directory } from '../ports.ts';
import { counted, lockedUntil } from '../virtualization/guessing.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { VoicemailJournal, VoicemailPins } from './ports.ts';

interface PinDeskPorts {
  readonly directory: Pick<Directory, 'ownerOf'>;
  readonly pins: VoicemailPins;
  readonly mailboxes: Pick<Mailboxes, 'wrongPins' | 'setWrongPins'>;
  readonly clock: Clock;
  readonly journal: Pick<VoicemailJournal, 'failed'>;
}

/** The wrong PINs of one mailbox, and how many are being verified: any of those may be wrong too. */
interface Bucket {
  wrong: readonly number[];
  underWay: number;
  /** Is it stored as it is? */
  isStored: boolean;
}

/**
 * Where the PINs of mailboxes are checked. Wrong ones fill a bucket for each mailbox, by the rules of secret codes; while
 * it is full, every PIN is wrong.
 */
export class PinDesk {
  readonly #ports: PinDeskPorts;
  /** Those with PINs being verified, and those that could not be stored. */
  readonly #buckets = new Map<ExtensionId, Bucket>();

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
    const bucket = this.#bucketOf(extension);
    // A place is taken before the slow hash: PINs that are tried all at once would slip past a full bucket.
    const hasPlace = hasPlaceLeft(bucket, clock.now());
    bucket.underWay += 1;
    try {
      const isRight = await pins.verify(extension, pin);
      if (isRight && hasPlace) return true;
      if (hasPlace) bucket.wrong = counted(bucket.wrong, clock.now());
      await this.#store(extension, bucket);
      return false;
    } finally {
      bucket.underWay -= 1;
      this.#release(extension, bucket);
    }
  }

  /** The PIN was replaced: earlier wrong ones no longer count. */
  async replaced(extension: ExtensionId): Promise<void> {
    const bucket = this.#bucketOf(extension);
    bucket.wrong = [];
    await this.#store(extension, bucket);
    this.#release(extension, bucket);
  }

  #bucketOf(extension: ExtensionId): Bucket {
    const known = this.#buckets.get(extension);
    if (known) return known;
    const wrong = this.#ports.mailboxes.wrongPins(extension);
    const bucket = { wrong, underWay: 0, isStored: true };
    this.#buckets.set(extension, bucket);
    return bucket;
  }

  #release(extension: ExtensionId, bucket: Bucket): void {
    if (bucket.underWay === 0 && bucket.isStored) this.#buckets.delete(extension);
  }

  /** A bucket that cannot be stored still counts until the process ends. */
  async #store(extension: ExtensionId, bucket: Bucket): Promise<void> {
    const { wrong } = bucket;
    bucket.isStored = false;
    try {
      await this.#ports.mailboxes.setWrongPins(extension, wrong);
      bucket.isStored = wrong === bucket.wrong;
    } catch (error) {
      this.#ports.journal.failed(error);
    }
  }
}

function hasPlaceLeft({ wrong, underWay }: Bucket, now: number): boolean {
  const isLocked = lockedUntil(wrong, WRONG_PER_EXTENSION, now) !== undefined;
  return !isLocked && counted(wrong, now).length + underWay <= WRONG_PER_EXTENSION;
}
