import {
  extensionId,
  extensionNumber,
  type ExtensionId,
  NO_FORWARDS,
  type PhoneDeed,
  type TerminalId,
  terminalId,
} from '@perch/shared';
import { Turns } from '../../collections/turns.ts';
import type { Chance } from '../../world/chance.ts';
import type { BookAnswer, BookCommand } from '../contract/commands.ts';
import type { Happened } from '../happenings.ts';
import type { Book } from './book.ts';
import type { StoredExtension } from './ports.ts';
import { type Change, type Consequence, decide, withoutWaysTo } from './rules.ts';

const DONE: BookAnswer = { kind: 'done' };

/** Where people are: sends them home as a change demands. */
interface Whereabouts {
  virtualizationDisallowed(
    extension: ExtensionId,
    presentGuest: 'return' | 'stay',
    who: string,
  ): Promise<unknown>;
  extensionSuspended(extension: ExtensionId, who: string): Promise<unknown>;
  extensionRemoved(extension: ExtensionId, who: string): Promise<unknown>;
  secretCodeReplaced(extension: ExtensionId, who: string): Promise<unknown>;
}

interface ChangePorts {
  readonly book: Book;
  readonly where: Whereabouts;
  /** The name of the guest on a terminal. */
  readonly view: { guestNameOn(terminal: TerminalId): string | undefined };
  readonly mailboxes: {
    pinReplaced(extension: ExtensionId): Promise<void>;
    /** The extension is deleted, and its messages with it. */
    forget(extension: ExtensionId): Promise<void>;
  };
  readonly chance: Chance;
  readonly happened: Happened;
}

/**
 * Every way to change the book. Changes are made one at a time: each is decided from what is stored when its turn has come, is durable,
 * then in force, and its consequences (a guest returns, a mailbox is locked) belong to the same turn.
 */
export class BookChanges {
  readonly #ports: ChangePorts;
  readonly #turns = new Turns();

  constructor(ports: ChangePorts) {
    this.#ports = ports;
  }

  carryOut(command: BookCommand): Promise<BookAnswer> {
    return this.#turns.take(() =>
      command.kind === 'create-extension' ? this.#create(command) : this.#act(command),
    );
  }

  /** Resolves when everything asked so far has been answered. */
  close(): Promise<void> {
    return this.#turns.settled();
  }

  async #create({
    extension,
    digest,
  }: Extract<BookCommand, { readonly kind: 'create-extension' }>): Promise<BookAnswer> {
    const { book, chance, happened } = this.#ports;
    const { number, name, kind, allowVirtualization } = extension;
    const {
      group = null,
      place = null,
      callBack = null,
      voicemailMail = null,
      suspended = false,
    } = extension;
    if (book.byNumber(number)) return { kind: 'number-taken' };
    const created: StoredExtension = {
      id: extensionId(chance.id()),
      terminal: terminalId(chance.id()),
      organization: book.directory.organization.id,
      number: extensionNumber(number),
      name,
      kind,
      group,
      place,
      callBack,
      language: null,
      doNotDisturb: false,
      forwards: NO_FORWARDS,
      plan: null,
      allowVirtualization,
      suspended,
      stayLimits: null,
      kiosk: true,
      hasSecretCode: false,
      secretCodeHash: null,
      hasVoicemailPin: false,
      voicemailPinHash: null,
      voicemailMail,
      digest,
    };
    await book.insert(created);
    happened({ kind: 'extension-changed', extension: created.id });
    return DONE;
  }

  async #act(command: Exclude<BookCommand, { readonly kind: 'create-extension' }>): Promise<BookAnswer> {
    const before = this.#ports.book.byNumber(command.number);
    if (!before) return { kind: 'not-found' };
    return command.kind === 'delete-extension'
      ? this.#delete(before, command.who)
      : this.#change(command, before);
  }

  async #delete(extension: StoredExtension, who: string): Promise<BookAnswer> {
    const { book, where, mailboxes, happened } = this.#ports;
    const { number } = extension;
    const changed = book.leadingTo(number).filter(({ id }) => id !== extension.id);
    await book.delete(
      extension.id,
      changed.map((each) => withoutWaysTo(number, each)),
    );
    for (const { id } of changed) happened({ kind: 'extension-changed', extension: id });
    // The extension is gone: what follows from that is done also where one part of it fails.
    try {
      await where.extensionRemoved(extension.id, who);
    } finally {
      happened({ kind: 'extension-changed', extension: extension.id });
      await mailboxes.forget(extension.id);
    }
    return DONE;
  }

  async #change(change: Change, before: StoredExtension): Promise<BookAnswer> {
    const { book, view, happened } = this.#ports;
    const decision = decide(change, before, view.guestNameOn(before.terminal));
    if (decision.kind === 'guest-present') return decision;
    const { after, consequences } = decision;
    await book.update(after, DIALLED[change.kind]);
    happened({ kind: 'extension-changed', extension: after.id });
    for (const consequence of consequences) await this.#follow(after.id, consequence);
    return DONE;
  }

  async #follow(extension: ExtensionId, consequence: Consequence): Promise<void> {
    const { where, mailboxes } = this.#ports;
    switch (consequence.kind) {
      case 'virtualization-disallowed':
        await where.virtualizationDisallowed(extension, consequence.presentGuest, consequence.who);
        return;
      case 'suspended':
        await where.extensionSuspended(extension, consequence.who);
        return;
      case 'secret-code-replaced':
        await where.secretCodeReplaced(extension, consequence.who);
        return;
      case 'voicemail-pin-replaced':
        await mailboxes.pinReplaced(extension);
    }
  }
}

/** What is noted of a change that was made by a feature code, which no operation of the API notes. */
const DIALLED: Readonly<Partial<Record<Change['kind'], PhoneDeed>>> = {
  'dial-do-not-disturb': 'dialDoNotDisturb',
  'dial-forward': 'dialForward',
};
