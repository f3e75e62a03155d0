import { extensionNumber } from '@perch/shared';
import { FakeMediaEngine } from '../../media/support/fake-media.ts';
import { FakeFlow } from '../../sip/transport/support/fake-flow.ts';
import type { Flow, FlowId } from '../../sip/transport/flow.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { parsed } from '../../sip/user-agent/support/test-line.ts';
import { systemChance } from '../../world/system-chance.ts';
import { FakeBookStore } from '../book/support/fake-book-store.ts';
import type { VerifySecret } from '../book/ports.ts';
import { demoDirectory, terminalAt } from '../call/support/call-house.ts';
import { Exchange } from '../exchange.ts';
import { LadderShelf } from '../ladder/ladder-shelf.ts';
import { FakePushMessages } from '../call/pushed/support/fake-push-messages.ts';
import { FakeStayTermStore } from '../limits/support/fake-stay-term-store.ts';
import { FakeHelpCallStore } from '../call/admission/support/fake-help-call-store.ts';
import { FakeOwnStore } from '../own/support/fake-own-store.ts';
import { FakeCallStore } from './fake-call-store.ts';
import { FakeVirtualizationStore } from './fake-virtualization-store.ts';
import { FakeMailboxStore } from '../voicemail/support/fake-mailbox-store.ts';
import { FakeRecordings } from '../voicemail/support/fake-recordings.ts';

/** A whole exchange, with phones that send what the test writes, and the errors that it reports as ours. */
export async function openExchange(
  store = new FakeVirtualizationStore(),
  verifySecret: VerifySecret = async () => false,
) {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const exchange = await Exchange.open({
    organization: demoDirectory().organization,
    book: demoBook(),
    verifySecret,
    clock,
    chance: systemChance,
    virtualizations: store,
    stayTerms: new FakeStayTermStore(),
    own: new FakeOwnStore(),
    helpCalls: new FakeHelpCallStore(),
    calls: new FakeCallStore(),
    voicemail: {
      store: new FakeMailboxStore(),
      recordings: FakeRecordings.empty(),
      limits: { messages: 100, totalMs: 3_600_000, retentionMs: null },
      canMail: false,
      journal: {
        deposited: () => undefined,
        visited: () => undefined,
        removed: () => undefined,
        failed: (error) => failures.push(error),
      },
    },
    pushMessages: new FakePushMessages(),
    noAnswerMs: 25_000,
    media: new FakeMediaEngine(clock),
    journal: { failed: (error) => failures.push(error) },
    ladderBoard: new LadderShelf().board(),
  });
  const flows = new Map<FlowId, Flow>();
  exchange.door.carriedOutBy((order) => {
    const flow = flows.get(order.flow);
    if (order.kind === 'send') flow?.send(order.message);
    else flow?.close(order.code, order.reason);
  });
  const phone = (number: string) => {
    const flow = new FakeFlow({
      opened: (opened) => {
        flows.set(opened.id, opened);
        const { id, transport, remoteAddress, remotePort, authority } = opened;
        exchange.door.tell({
          kind: 'attach',
          flow: id,
          facts: { transport, remoteAddress, remotePort, authority },
          account: { terminal: terminalAt(number), number: extensionNumber(number) },
        });
      },
      received: (own, frame) => {
        exchange.door.tell({ kind: 'message', flow: own.id, message: parsed(frame) });
      },
      closed: (closed) => {
        exchange.door.tell({ kind: 'closed', flow: closed.id });
      },
    });
    return { flow, heard: () => flow.sent.splice(0).map(parsed) };
  };
  return { exchange, clock, failures, phone };
}

/** The demo people, as their book keeps them. */
function demoBook(): FakeBookStore {
  const directory = demoDirectory();
  const organization = directory.organization.id;
  const secrets = { organization, secretCodeHash: 'a hash', voicemailPinHash: null, digest: null };
  return new FakeBookStore(Array.from(directory.all(), (extension) => ({ ...extension, ...secrets })));
}
