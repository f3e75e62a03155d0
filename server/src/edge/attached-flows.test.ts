import { extensionNumber, organizationId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeOrganization } from '../cluster/support/fake-organization.ts';
import { FakeFlow } from '../sip/transport/support/fake-flow.ts';
import { AttachedFlows } from './attached-flows.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import type { Attached, Port, Spending } from './attached.ts';

function build() {
  const organization = new FakeOrganization();
  const clock = new VirtualClock();
  const flows = new AttachedFlows(clock);
  /** A flow of that terminal, attached until its socket is gone. */
  function attach(number = '101', port: Port = organization) {
    const flow = new FakeFlow({
      opened: () => undefined,
      received: () => undefined,
      closed(gone) {
        const session = flows.of(gone);
        if (session) flows.detach(session);
      },
    });
    flow.authority = 'phone.example.org:8443';
    const account = {
      organization: organizationId('acme'),
      domain: 'example.org',
      terminal: terminalId(`phone-${number}`),
      number: extensionNumber(number),
    };
    const session: Attached = {
      kind: 'attached',
      account,
      organization: port,
      flow,
      nonces: undefined,
      spending: flows.spendingOf(terminalId(`phone-${number}`)),
      token: undefined,
      digest: undefined,
      barred: false,
    };
    flows.attach(session);
    return flow;
  }
  const spendingOf = (number: string) => flows.spendingOf(terminalId(`phone-${number}`));
  /** The phone has sent so much that it has to wait for so long (milliseconds); returns what its flows have spent then. */
  const hasSpent = (number: string, { requests = 0, responses = 0 }: Partial<Spending>): Spending => {
    const now = clock.monotonic();
    return { ...Object.assign(spendingOf(number), { requests: now + requests, responses: now + responses }) };
  };
  return { organization, clock, flows, attach, spendingOf, hasSpent };
}

test('an organization is told of a flow all that it may know of it, and when it is gone', async () => {
  const { organization, flows, attach } = build();
  const flow = attach();
  expect(organization.told).toEqual([
    {
      kind: 'attach',
      flow: flow.id,
      facts: {
        transport: 'WS',
        remoteAddress: '192.0.2.1',
        remotePort: 5060,
        authority: 'phone.example.org:8443',
      },
      account: { terminal: terminalId('phone-101'), number: '101' },
    },
  ]);
  expect(flows.size).toBe(1);
  flow.hangUp();
  await Promise.resolve();
  expect(organization.told.slice(1)).toEqual([{ kind: 'closed', flow: flow.id }]);
  expect([flows.size, flows.ofTerminal(terminalId('phone-101'))]).toEqual([0, []]);
});

test('an organization has messages sent over its own flows, and has them closed; no other organization does', async () => {
  const { organization, attach } = build();
  const other = new FakeOrganization();
  const [ada, zoe] = [attach('101'), attach('103', other)];
  other.order({ kind: 'send', flow: ada.id, message: 'from a stranger' });
  other.order({ kind: 'close', flow: ada.id, code: 4403, reason: 'from a stranger' });
  organization.order({ kind: 'send', flow: ada.id, message: 'hello' });
  expect([ada.sent, zoe.sent, ada.open]).toEqual([['hello'], [], true]);
  organization.order({ kind: 'close', flow: ada.id, code: 4403, reason: 'suspended' });
  expect([ada.closedWith, zoe.open]).toEqual([{ code: 4403, reason: 'suspended' }, true]);
  await Promise.resolve();
  organization.order({ kind: 'send', flow: ada.id, message: 'too late' });
  expect(ada.sent).toEqual(['hello']);
});

test('an organization is followed once, however many flows it has, until it is closed', () => {
  const { organization, flows, attach } = build();
  const [flow] = [attach(), attach()];
  expect(organization.followed).toEqual([{ kind: 'flows' }]);
  flows.close();
  organization.order({ kind: 'send', flow: flow.id, message: 'too late' });
  expect([organization.followed, flow.sent]).toEqual([[], []]);
});

test('a terminal is full with 64 flows, until one of them is gone', async () => {
  const { flows, attach } = build();
  const terminal = terminalId('phone-101');
  const [first] = Array.from({ length: 63 }, () => attach());
  expect(flows.isFull(terminal)).toBe(false);
  attach();
  expect([flows.isFull(terminal), flows.isFull(terminalId('phone-102'))]).toEqual([true, false]);
  first?.hangUp();
  await Promise.resolve();
  expect(flows.isFull(terminal)).toBe(false);
});

const NOTHING = { requests: 0, responses: 0, preferred: 0 };

test('what a phone has spent binds it when it is back, as long as it has to wait for it', async () => {
  const { clock, attach, hasSpent, spendingOf } = build();
  const [one, other] = [attach('101'), attach('102')];
  const [first, second] = [hasSpent('101', { requests: 1_000 }), hasSpent('102', { responses: 1_000 })];
  for (const flow of [one, other]) flow.hangUp();
  await clock.advance(999);
  expect([spendingOf('101'), spendingOf('102')]).toEqual([first, second]);
  await clock.advance(1);
  attach('103').hangUp();
  await Promise.resolve();
  expect([spendingOf('101'), spendingOf('102')]).toEqual([NOTHING, NOTHING]);
});

test('what binds nobody is not kept', async () => {
  const { attach, hasSpent, spendingOf } = build();
  const flow = attach();
  hasSpent('101', { requests: 0, responses: -10 });
  flow.hangUp();
  await Promise.resolve();
  expect(spendingOf('101')).toEqual(NOTHING);
});

test('a phone that goes on over another connection does not keep the server from forgetting others', async () => {
  const { clock, attach, hasSpent, spendingOf } = build();
  const [first] = [attach('101'), attach('101')];
  hasSpent('101', { requests: 60_000 });
  first.hangUp();
  await Promise.resolve();
  const other = attach('102');
  hasSpent('102', { requests: 1_000 });
  other.hangUp();
  await clock.advance(1_000);
  attach('103').hangUp();
  await Promise.resolve();
  expect(spendingOf('102')).toEqual(NOTHING);
});
