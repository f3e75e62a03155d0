import type {
  AdministratorEvent,
  ExtensionId,
  PageEvent,
  TerminalId,
  TerminalView,
  TopicEvent,
} from '@perch/shared';
import type { Outcome } from '../exchange/contract/commands.ts';
import type { ExchangeControl, MailboxControl } from '../management/ports.ts';
import type { Following, OrganizationPort } from './port.ts';

/** What management still asks an exchange in the same process, and is answered at once. */
interface Nearby {
  view(terminal: TerminalId): TerminalView | undefined;
  readonly mailboxes: MailboxControl;
}

/** An organization in the words of management: commands and feeds of its port. */
export class OrganizationControl implements ExchangeControl {
  readonly #port: OrganizationPort;
  readonly #nearby: Nearby;

  constructor(port: OrganizationPort, nearby: Nearby) {
    this.#port = port;
    this.#nearby = nearby;
  }

  get mailboxes(): MailboxControl {
    return this.#nearby.mailboxes;
  }

  view(terminal: TerminalId): TerminalView | undefined {
    return this.#nearby.view(terminal);
  }

  openPage(terminal: TerminalId, listener: (event: PageEvent | TopicEvent) => void): Following {
    return this.#port.follow({ kind: 'page', terminal }, listener);
  }

  openAdministratorPage(listener: (event: AdministratorEvent | TopicEvent) => void): Following {
    return this.#port.follow({ kind: 'administrator-page' }, listener);
  }

  returnToBase(extension: ExtensionId, who: string): Promise<Outcome> {
    return this.#port.ask({ kind: 'return-to-base', extension, who });
  }

  undo(terminal: TerminalId): Promise<Outcome> {
    return this.#port.ask({ kind: 'undo', terminal });
  }

  returnFromTerminal(terminal: TerminalId): Promise<Outcome> {
    return this.#port.ask({ kind: 'return-from-terminal', terminal });
  }

  extensionChanged(extension: ExtensionId): void {
    void this.#port.ask({ kind: 'extension-changed', extension });
  }

  async extensionSuspended(extension: ExtensionId, who: string): Promise<void> {
    await this.#port.ask({ kind: 'extension-suspended', extension, who });
  }

  async extensionRemoved(extension: ExtensionId, who: string): Promise<void> {
    await this.#port.ask({ kind: 'extension-removed', extension, who });
  }

  async virtualizationDisallowed(
    extension: ExtensionId,
    presentGuest: 'return' | 'stay',
    who: string,
  ): Promise<void> {
    await this.#port.ask({ kind: 'virtualization-disallowed', extension, presentGuest, who });
  }

  async secretCodeReplaced(extension: ExtensionId, who: string): Promise<void> {
    await this.#port.ask({ kind: 'secret-code-replaced', extension, who });
  }
}
