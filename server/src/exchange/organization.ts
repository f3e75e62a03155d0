import type {
  Answer,
  BookAnswer,
  BookCommand,
  Command,
  CommandKind,
  Outcome,
  Sent,
} from './contract/commands.ts';
import type { FeedKind, Subject, Told } from './contract/feeds.ts';
import type { FlowEvent } from './contract/flows.ts';
import type { Exchange } from './exchange.ts';
import type { OpenPage } from './pages/pages.ts';
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

const changeBook = ({ rooms }: Exchange, command: BookCommand): Promise<BookAnswer> =>
  rooms.changes.carryOut(command);

const ANSWERS: Answers = {
  'view-terminal': async (exchange, { terminal }) => exchange.view(terminal) ?? null,
  'view-extension': async (exchange, { extension }) => exchange.viewExtension(extension) ?? null,
  count: async ({ counts }) => counts,
  'view-mailbox': async ({ mailboxes }, { at }) => mailboxes.view(at),
  'unlock-mailbox': ({ mailboxes }, { at, pin }) => mailboxes.unlock(at, pin),
  'fetch-recording': ({ mailboxes }, { at, message }) => mailboxes.recording(at, message),
  'mark-message': ({ mailboxes }, { at, message, heard }) => mailboxes.markHeard(at, message, heard),
  'delete-message': ({ mailboxes }, { at, message }) => mailboxes.delete(at, message),
  'restore-message': ({ mailboxes }, { at, message }) => mailboxes.restore(at, message),
  'fetch-greeting': ({ mailboxes }, { at }) => mailboxes.greeting(at),
  'begin-greeting': ({ mailboxes }, { at }) => mailboxes.beginGreeting(at),
  'replace-greeting': ({ mailboxes }, { at, stay, packets }) => mailboxes.replaceGreeting(at, stay, packets),
  'remove-greeting': ({ mailboxes }, { at }) => mailboxes.removeGreeting(at),
  'forget-messages-from': async ({ mailboxes }, messages) => {
    await mailboxes.forgetFrom(messages);
    return 'done';
  },
  'mailbox-owner': async ({ mailboxes }, { terminal }) => mailboxes.ownerAt(terminal) ?? null,
  'lift-lock': async ({ desk }, { extension, who }) => {
    await desk.liftLock(extension, who);
    return 'done';
  },
  'return-to-base': async ({ desk }, { extension, who }) =>
    outcomeOf(await desk.returnToBase(extension, 'administrator', who)),
  send: async ({ desk }, { extension, base, who }) => sentOf(await desk.send(extension, base, who)),
  'set-language': async ({ rooms }, { language }) => {
    rooms.languages.follow(language);
    return 'done';
  },
  'set-stay-rules': async ({ rooms }, { limits, timeZone }) => {
    rooms.stays.follow({ limits, timeZone });
    return 'done';
  },
  'keep-voicemail': async ({ mailboxes }, { days }) => {
    mailboxes.keepFor(days);
    return 'done';
  },
  'set-kiosk-mode': async ({ rooms }, { on }) => {
    rooms.kiosk.set(on);
    return 'done';
  },
  'set-pin-locks': async ({ rooms }, { locks }) => {
    rooms.kiosk.setPinLocks(locks);
    return 'done';
  },
  'extend-stay': ({ rooms }, { terminal }) => rooms.stays.extend(terminal),
  undo: async ({ desk }, { terminal }) => outcomeOf(await desk.undo(terminal)),
  'return-from-terminal': async ({ desk }, { terminal }) => outcomeOf(await desk.returnHome(terminal, 'web')),
  'issue-station-code': async ({ rooms }, { terminal }) => rooms.stationCodes.issue(terminal),
  'withdraw-station-code': async ({ rooms }, { terminal }) => {
    rooms.stationCodes.withdraw(terminal);
    return 'done';
  },
  'look-up-station': async ({ rooms }, { phone, code }) => rooms.stationCodes.lookUp(phone, code),
  'sign-in-at-station': ({ rooms }, { phone, code }) => rooms.stationCodes.signIn(phone, code),
  'is-in-call': async ({ calls }, { extension, number, until }) => calls.name(extension, number, until),
  confer: async ({ calls }, { terminal, calls: ids }) => calls.confer(terminal, ids),
  'take-back': async ({ calls }, { terminal, call }) => calls.takeBack(terminal, call),
  'answer-push': async ({ calls }, { word, says }) => (calls.pushAnswered(word, says) ? 'done' : 'over'),
  'person-at': async (exchange, { terminal }) => {
    const person = exchange.personAt(terminal);
    return person === undefined ? null : { extension: person.id, number: person.number };
  },
  'see-missed': async (exchange, { terminal, of, until }) => {
    const person = exchange.personAt(terminal);
    if (person?.number !== of) return 'not-here';
    await exchange.rooms.own.see(person.id, until);
    return 'done';
  },
  favour: async (exchange, { terminal, of, number, favourite }) => {
    const person = exchange.personAt(terminal);
    if (person?.number !== of) return 'not-here';
    return exchange.rooms.own.setFavourite(person.id, number, favourite);
  },
  'view-ladder': async ({ rooms }, { ladder, reader }) => rooms.ladderDesk.ladder(ladder, reader),
  'list-ladders': async ({ rooms }, { reader, number }) => rooms.ladderDesk.list(reader, number),
  'report-check': async ({ rooms }, { terminal, result }) => {
    rooms.checks.checked(terminal, result);
    return 'done';
  },
  'report-fault': async ({ rooms }, { terminal, fault }) => {
    rooms.faults.note(terminal, fault);
    return 'done';
  },
  'report-page': async ({ rooms }, { terminal, report, browser }) => {
    rooms.conditions.reported(terminal, report, browser);
    return 'done';
  },
  'create-extension': changeBook,
  'change-extension': changeBook,
  'delete-extension': changeBook,
  'set-secret-code': changeBook,
  'set-voicemail-pin': changeBook,
  'dial-do-not-disturb': changeBook,
  'dial-forward': changeBook,
  'set-sip-password': changeBook,
};

const FOLLOWS: Follows = {
  flows: ({ door }, _, hear) => ({ request: () => undefined, close: door.carriedOutBy(hear) }),
  extensions: ({ book }, _, hear) => ({ request: () => undefined, close: book.follow(hear) }),
  page: (exchange, { terminal, instance }, hear) => exchange.openPage(terminal, instance, hear),
  'management-page': (exchange, { rights }, hear) => exchange.openManagementPage(rights, hear),
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

function sentOf({ answer }: ToldAtDesk | ToldToWait): Sent {
  switch (answer.kind) {
    case 'waiting':
    case 'not-allowed':
    case 'occupied':
      return answer.kind;
    default:
      return 'done';
  }
}
