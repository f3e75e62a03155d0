import type { ExtensionId, MailboxView, RecordingId, TerminalId } from '@perch/shared';
import type {
  GreetingBegun,
  MailboxRefusal,
  MailboxVisitor,
  MessagesFrom,
} from '../exchange/contract/mailboxes.ts';
import type { MailboxControl } from '../management/ports.ts';
import type { OrganizationPort } from './port.ts';

type Changed = Promise<'done' | MailboxRefusal>;

/** The mailboxes of an organization in the words of management: commands of its port. */
export class PortMailboxes implements MailboxControl {
  readonly #port: OrganizationPort;

  constructor(port: OrganizationPort) {
    this.#port = port;
  }

  view(at: MailboxVisitor): Promise<MailboxView | 'locked'> {
    return this.#port.ask({ kind: 'view-mailbox', at });
  }

  unlock(at: MailboxVisitor, pin: string): Promise<'open' | 'wrong-pin' | 'locked'> {
    return this.#port.ask({ kind: 'unlock-mailbox', at, pin });
  }

  recording(at: MailboxVisitor, message: RecordingId): Promise<Uint8Array | MailboxRefusal> {
    return this.#port.ask({ kind: 'fetch-recording', at, message });
  }

  markHeard(at: MailboxVisitor, message: RecordingId, heard: boolean): Changed {
    return this.#port.ask({ kind: 'mark-message', at, message, heard });
  }

  delete(at: MailboxVisitor, message: RecordingId): Changed {
    return this.#port.ask({ kind: 'delete-message', at, message });
  }

  restore(at: MailboxVisitor, message: RecordingId): Changed {
    return this.#port.ask({ kind: 'restore-message', at, message });
  }

  greeting(at: MailboxVisitor): Promise<Uint8Array | MailboxRefusal> {
    return this.#port.ask({ kind: 'fetch-greeting', at });
  }

  beginGreeting(at: MailboxVisitor): Promise<GreetingBegun | MailboxRefusal> {
    return this.#port.ask({ kind: 'begin-greeting', at });
  }

  replaceGreeting(at: MailboxVisitor, { stay }: GreetingBegun, packets: readonly Uint8Array[]): Changed {
    return this.#port.ask({ kind: 'replace-greeting', at, stay, packets });
  }

  removeGreeting(at: MailboxVisitor): Changed {
    return this.#port.ask({ kind: 'remove-greeting', at });
  }

  forgetFrom(messages: MessagesFrom): Promise<'done'> {
    return this.#port.ask({ kind: 'forget-messages-from', ...messages });
  }

  ownerAt(terminal: TerminalId): Promise<ExtensionId | null> {
    return this.#port.ask({ kind: 'mailbox-owner', terminal });
  }
}
