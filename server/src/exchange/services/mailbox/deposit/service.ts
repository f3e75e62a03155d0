import type { DepositReason, MailboxVisit } from '@perch/shared';
import { journalOfCall } from '../../../failure-of-call.ts';
import type { Happened } from '../../../happenings.ts';
import { type Refusal, shownToOthers } from '../../../call/ports.ts';
import type { Extension } from '../../../ports.ts';
import { service, type Service } from '../../service.ts';
import { Deposit, type DepositPorts } from './deposit.ts';
import { dialogue } from './dialogue.ts';
import { Greetings } from './greetings.ts';

/** The caller leaves `callee` a message. */
export interface DepositRequest {
  readonly name: 'deposit';
  readonly callee: Extension;
  readonly reason: DepositReason;
  /** The visit is over, and what was left is durable. */
  readonly over?: (visit: MailboxVisit) => void;
}

/** Messages that may be left at once in an organization: as many as disk and process can bear, but no flood. */
const MOST_DEPOSITS = 500;

const FLOOD: Refusal = {
  status: 503,
  reason: { protocol: 'SIP', cause: 503, text: 'Too many messages are being left' },
};

export interface DepositServicePorts extends Omit<DepositPorts, 'greetings'> {
  readonly happened: Happened;
}

/** Where callers leave messages: calls that the server answers in place of the callee. */
export function depositService(ports: DepositServicePorts): Service<DepositRequest> {
  const parts = { ...ports, greetings: new Greetings(ports.mailboxes) };
  let underWay = 0;
  return service({
    dialogue,
    refuses: () => (underWay >= MOST_DEPOSITS ? FLOOD : undefined),
    host: ({ callee }) => callee,
    begin(line, { id, caller }, { callee, reason, over }) {
      underWay += 1;
      const from = ports.clock.now();
      const { number, name } = callee;
      return new Deposit({ ...parts, journal: journalOfCall(ports.journal, id) }, line, {
        ...{ callee, reason, from: shownToOthers(caller) },
        tell: (event) => {
          ports.happened({ kind: 'voicemail-event', terminal: caller.terminal, call: id, event });
        },
        closed: (message) => {
          underWay -= 1;
          over?.({ number, name, from, until: ports.clock.now(), message });
        },
      });
    },
  });
}
