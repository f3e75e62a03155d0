import {
  assertNever,
  CALL_ID_HEADER,
  type CallId,
  type ExtensionId,
  type Service,
  type TerminalId,
} from '@perch/shared';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Extension } from '../ports.ts';
import { depositReasonOf, type Failure, refusalFor, utteranceFor } from './outcome.ts';
import { type Party, shownToOthers, type Voice } from './ports.ts';

/** The callee that a caller did not reach. */
export interface TurnedAwayFrom {
  /** The call that has failed, and in which a message may be left. */
  readonly call: CallId;
  readonly number: string;
  /** The extension whose mailbox takes a message; `undefined` for an emergency call. */
  readonly mailbox: Extension | undefined;
}

/** One call of a terminal with the server. */
interface ServerCall {
  readonly leg: InboundLeg;
  /** The mailbox in which it may leave a message. */
  readonly mailbox: ExtensionId | null;
}

/** The calls in which only the server speaks: handed to its voices, and counted by terminal. */
export class ServerCalls {
  readonly #voice: Voice;
  readonly #newId: () => CallId;
  readonly #calls = new Map<TerminalId, readonly ServerCall[]>();

  constructor(voice: Voice, newId: () => CallId) {
    this.#voice = voice;
    this.#newId = newId;
  }

  /** How many of them a terminal has; those that have ended are removed by counting. */
  count(terminal: TerminalId): number {
    return this.#underWay(terminal).length;
  }

  /** How many of a terminal's calls may leave that extension a message. */
  deposits(terminal: TerminalId, extension: ExtensionId): number {
    return this.#underWay(terminal).filter(({ mailbox }) => mailbox === extension).length;
  }

  /** Hands the call to the service that was dialled. */
  serve(leg: InboundLeg, terminal: TerminalId, service: Service): void {
    const call = this.#newId();
    this.#add(leg, call, terminal);
    switch (service.name) {
      case 'center':
        this.#voice.center(leg, call, terminal, service.number);
        break;
      case 'voicemail':
        this.#voice.voicemail(leg, call, terminal);
        break;
      default:
        assertNever(service);
    }
  }

  /** Lets a caller who was not answered leave a message; else says why there will be no call, and refuses it. */
  turnAway(
    leg: InboundLeg,
    caller: Party,
    failure: Failure,
    { call, number, mailbox }: TurnedAwayFrom,
  ): void {
    const reason = depositReasonOf(failure);
    const utterance = utteranceFor(failure, number);
    if (mailbox !== undefined && reason !== undefined) {
      this.#add(leg, call, caller.terminal, mailbox.id);
      this.#voice.mailbox(leg, call, caller.terminal, shownToOthers(caller), mailbox, reason);
    } else if (utterance !== undefined) {
      this.#add(leg, call, caller.terminal);
      this.#voice.announce(leg, utterance, refusalFor(failure));
    } else {
      this.refuse(leg, failure);
    }
  }

  /** Without an announcement: the phone plays its own tone. */
  refuse(leg: InboundLeg, failure: Failure): void {
    const { status, reason } = refusalFor(failure);
    leg.reject(status, { reason });
  }

  #add(leg: InboundLeg, call: CallId, terminal: TerminalId, mailbox: ExtensionId | null = null): void {
    leg.label([CALL_ID_HEADER, call]);
    this.#calls.set(terminal, [...this.#underWay(terminal), { leg, mailbox }]);
  }

  #underWay(terminal: TerminalId): readonly ServerCall[] {
    const calls = this.#calls.get(terminal)?.filter(({ leg }) => leg.state !== 'over') ?? [];
    if (calls.length === 0) this.#calls.delete(terminal);
    else this.#calls.set(terminal, calls);
    return calls;
  }
}
