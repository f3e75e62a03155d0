import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Exchange } from './exchange.ts';
import type { AdministratorListener, OpenPage, PageListener } from './pages.ts';
import type { Told, ToldToWait } from './virtualization-desk.ts';

/** The result of a request; `waiting`: it is carried out once the emergency call on that terminal has ended. */
export type Outcome = 'done' | 'nothing-to-do' | 'waiting';

/** The exchange as management uses it: in terms of management, and with the administrator's name for the record. */
export class ExchangeControl {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get mailboxes() {
    return this.#exchange.mailboxes;
  }

  view(terminal: TerminalId) {
    return this.#exchange.view(terminal);
  }

  openPage(terminal: TerminalId, listener: PageListener): OpenPage {
    return this.#exchange.openPage(terminal, listener);
  }

  openAdministratorPage(listener: AdministratorListener): OpenPage {
    return this.#exchange.openAdministratorPage(listener);
  }

  async returnToBase(extension: ExtensionId, who: string): Promise<Outcome> {
    return outcomeOf(await this.#exchange.desk.returnToBase(extension, 'administrator', who));
  }

  async undo(terminal: TerminalId): Promise<Outcome> {
    return outcomeOf(await this.#exchange.desk.undo(terminal));
  }

  async returnFromTerminal(terminal: TerminalId): Promise<Outcome> {
    return outcomeOf(await this.#exchange.desk.returnHome(terminal, 'web'));
  }

  extensionChanged(extension: ExtensionId): void {
    this.#exchange.extensionChanged(extension);
  }

  async extensionSuspended(extension: ExtensionId, who: string): Promise<void> {
    await this.#exchange.desk.extensionSuspended(extension, who);
  }

  async extensionRemoved(extension: ExtensionId, who: string): Promise<void> {
    await this.#exchange.desk.extensionRemoved(extension, who);
    await this.#exchange.extensionRemoved(extension);
  }

  async virtualizationDisallowed(
    extension: ExtensionId,
    presentGuest: 'return' | 'stay',
    who: string,
  ): Promise<void> {
    await this.#exchange.desk.virtualizationDisallowed(extension, presentGuest, who);
  }

  async secretCodeReplaced(extension: ExtensionId, who: string): Promise<void> {
    await this.#exchange.desk.secretCodeReplaced(extension, who);
  }
}

function outcomeOf({ answer }: Told | ToldToWait): Outcome {
  switch (answer.kind) {
    case 'waiting':
      return 'waiting';
    case 'not-virtual':
    case 'nothing-to-return':
    case 'nothing-to-undo':
      return 'nothing-to-do';
    default:
      return 'done';
  }
}
