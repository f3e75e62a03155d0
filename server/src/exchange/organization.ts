import type { Answer, Command, CommandKind, Outcome } from './contract/commands.ts';
import type { FeedKind, Subject, Told } from './contract/feeds.ts';
import type { FlowEvent } from './contract/flows.ts';
import type { Exchange } from './exchange.ts';
import type { OpenPage } from './pages.ts';
import type { Told as ToldAtDesk, ToldToWait } from './virtualization-desk.ts';

type Answers = {
  readonly [K in CommandKind]: (exchange: Exchange, command: Command<K>) => Promise<Answer<K>>;
};
type Follows = {
  readonly [K in FeedKind]: (
    exchange: Exchange,
    subject: Subject<K>,
    hear: (told: Told<K>) => void,
  ) => OpenPage;
};

const ANSWERS: Answers = {
  'return-to-base': async ({ desk }, { extension, who }) =>
    outcomeOf(await desk.returnToBase(extension, 'administrator', who)),
  undo: async ({ desk }, { terminal }) => outcomeOf(await desk.undo(terminal)),
  'return-from-terminal': async ({ desk }, { terminal }) => outcomeOf(await desk.returnHome(terminal, 'web')),
  'extension-changed': async (exchange, { extension }) => {
    exchange.extensionChanged(extension);
    return null;
  },
  'extension-suspended': async ({ desk }, { extension, who }) => {
    await desk.extensionSuspended(extension, who);
    return null;
  },
  'extension-removed': async (exchange, { extension, who }) => {
    await exchange.desk.extensionRemoved(extension, who);
    await exchange.extensionRemoved(extension);
    return null;
  },
  'virtualization-disallowed': async ({ desk }, { extension, presentGuest, who }) => {
    await desk.virtualizationDisallowed(extension, presentGuest, who);
    return null;
  },
  'secret-code-replaced': async ({ desk }, { extension, who }) => {
    await desk.secretCodeReplaced(extension, who);
    return null;
  },
};

const FOLLOWS: Follows = {
  flows: ({ door }, _, hear) => ({ request: () => undefined, close: door.carriedOutBy(hear) }),
  page: (exchange, { terminal }, hear) => exchange.openPage(terminal, hear),
  'administrator-page': (exchange, _, hear) => exchange.openAdministratorPage(hear),
};

/** An exchange at the border of its organization: takes and gives the values of `contract/`, and nothing else. */
export class Organization {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  tell(event: FlowEvent): void {
    this.#exchange.door.tell(event);
  }

  ask<K extends CommandKind>(command: Command<K>): Promise<Answer<K>> {
    return ANSWERS[command.kind](this.#exchange, command);
  }

  follow<K extends FeedKind>(subject: Subject<K>, hear: (told: Told<K>) => void): OpenPage {
    return FOLLOWS[subject.kind](this.#exchange, subject, hear);
  }
}

function outcomeOf({ answer }: ToldAtDesk | ToldToWait): Outcome {
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
