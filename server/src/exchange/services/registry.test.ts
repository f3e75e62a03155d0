import { extensionId, recordingId, terminalId, type Utterance } from '@perch/shared';
import fc from 'fast-check';
import { FakeMediaEngine } from '../../media/support/fake-media.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import type { Refusal } from '../call/ports.ts';
import type { Happened } from '../happenings.ts';
import { terminal, TestHouse } from '../support/test-desk.ts';
import { id, openVisitorsHouse } from '../voicemail/support/visitors.ts';
import { dialogue as announcement } from './announcement/dialogue.ts';
import { announcementService } from './announcement/service.ts';
import { dialogue as center } from './center/dialogue.ts';
import { centerService } from './center/service.ts';
import type { OwnEvent as CenterEvent, Verdict } from './center/visit.ts';
import { dialogue as echo } from './echo/dialogue.ts';
import { doNotDisturbService } from './do-not-disturb/service.ts';
import { forwardService } from './forward/service.ts';
import { echoService } from './echo/service.ts';
import { dialogueContract } from './support/dialogue.contract.ts';
import { dialogue as deposit } from './mailbox/deposit/dialogue.ts';
import { depositService } from './mailbox/deposit/service.ts';
import type { OwnEvent as DepositEvent } from './mailbox/deposit/visit.ts';
import { dialogue as retrieval } from './mailbox/retrieval/dialogue.ts';
import { retrievalService } from './mailbox/retrieval/service.ts';
import type { MailboxSight, OwnEvent as RetrievalEvent } from './mailbox/retrieval/visit.ts';
import type { ServiceRequest } from './registry.ts';
import { dialogue as outcome, type OwnEvent as OutcomeEvent } from './outcome/dialogue.ts';
import { slotService } from './slot/service.ts';
import { serviceContract } from './support/service.contract.ts';
import { incomingFrom } from './support/incoming-calls.ts';

const ada = { number: '101', name: 'Ada' };
const greeting = { id: recordingId('greeting'), durationMs: 4_000, at: 0 };

const verdicts: readonly Verdict[] = [
  ...(['code-needed', 'wrong-code', 'waiting', 'nothing-to-return', 'not-allowed', 'failed'] as const).map(
    (kind) => ({ kind }),
  ),
  { kind: 'accepted', number: '101', consequences: [] },
  { kind: 'returned', number: '101', to: 'own-phone', consequences: [] },
];
const centerEvents = fc
  .constantFrom(...verdicts)
  .map((verdict): CenterEvent => ({ kind: 'verdict', verdict }));

const depositEvents = fc.constantFrom<DepositEvent>(
  ...(['own', 'default'] as const).map((kind) => ({ kind: 'opened' as const, greeting: kind })),
  ...(['mailbox-full', 'disk-full', 'failed'] as const).map((obstacle) => ({
    kind: 'refused' as const,
    obstacle,
  })),
  { kind: 'begun' },
  ...(['silence', 'longest'] as const).map((end) => ({ kind: 'recorded' as const, end })),
  ...(['kept', 'too-short', 'failed'] as const).map((settlement) => ({
    kind: 'settled' as const,
    settlement,
  })),
);

const retrievalEvents = fc.constantFrom<RetrievalEvent>(
  ...[true, false].map((right) => ({ kind: 'verdict' as const, right })),
  ...(['unplayable', 'done', 'failed', 'record-ended', 'standing-changed', 'unrecordable'] as const).map(
    (kind) => ({
      kind,
    }),
  ),
  ...[greeting, undefined].map((recorded) => ({ kind: 'recorded' as const, greeting: recorded })),
  ...(['accepted', 'refused', 'no-such-number'] as const).map((answer) => ({
    kind: 'phone-asked' as const,
    answer,
  })),
);
const messages = ['a', 'b', 'c'].map((name) => ({
  ...{ id: recordingId(name), extension: extensionId('id-101'), from: { number: '102', name: 'Ben' }, at: 0 },
  ...{ durationMs: 4_000, reason: 'no-answer' as const, heard: false, deletedAt: null },
}));
const mailboxes: fc.Arbitrary<MailboxSight> = fc.record({
  owner: fc.constant(ada),
  access: fc.constantFrom('open', 'pin-needed', 'no-pin'),
  standing: fc.oneof(
    { weight: 20, arbitrary: fc.constant('open' as const) },
    { weight: 1, arbitrary: fc.constantFrom('left' as const, 'shut' as const) },
  ),
  messages: fc.subarray(messages),
});

/** Notes the kinds of what pages are told. */
const toldTo =
  (told: string[]): Happened =>
  (happening) => {
    if (happening.kind === 'center-event' || happening.kind === 'voicemail-event')
      told.push(happening.event.kind);
  };

function outcomeContract(name: ServiceRequest['name']): void {
  const utterance: Utterance = [{ prompt: 'try-again-later' }];
  const events = [fc.constant<OutcomeEvent>({ kind: 'settled', utterance })];
  dialogueContract(name, { dialogue: outcome, events, sights: fc.constant(undefined) });
}

const switching = (name: 'do-not-disturb' | 'do-not-disturb-off'): void => {
  outcomeContract(name);
  serviceContract(name, async () => {
    const { clock, directory } = new TestHouse();
    const ports = { directory, setDoNotDisturb: async () => true };
    return {
      service: doNotDisturbService(ports),
      request: { name },
      ...{ clock, told: [], engine: new FakeMediaEngine(clock) },
      call: () => incomingFrom(terminal('101'), '101', 'Ada'),
    };
  });
};

const forwarding = (name: 'forward' | 'forward-off'): void => {
  outcomeContract(name);
  serviceContract(name, async () => {
    const { clock, directory } = new TestHouse();
    return {
      service: forwardService({ directory, setForward: async () => true }),
      request: name === 'forward' ? { name, number: '103' } : { name },
      ...{ clock, told: [], engine: new FakeMediaEngine(clock) },
      call: () => incomingFrom(terminal('101'), '101', 'Ada'),
    };
  });
};

/** Each service keeps to both contracts: one that is added to the registry has to be added here. */
const CONTRACTS: { readonly [Name in ServiceRequest['name']]: (name: Name) => void } = {
  center: (name) => {
    dialogueContract(name, {
      dialogue: center,
      events: [centerEvents],
      sights: fc.constantFrom('101', undefined),
    });
    serviceContract(name, async () => {
      const house = new TestHouse();
      const { clock, directory } = house;
      const told: string[] = [];
      return {
        service: centerService({
          ...{ desk: await house.desk(), directory },
          happened: toldTo(told),
        }),
        request: { name, number: '101' },
        ...{ clock, told, engine: new FakeMediaEngine(clock) },
        call: () => incomingFrom(terminal('201'), '201', 'Front desk'),
      };
    });
  },
  voicemail: (name) => {
    dialogueContract(name, { dialogue: retrieval, events: [retrievalEvents], sights: mailboxes });
    serviceContract(name, async () => {
      const house = await openVisitorsHouse();
      await house.leave('101', '102', 2_000);
      const told: string[] = [];
      return {
        service: retrievalService({
          ...{ ...house, pins: house.pinDesk, journal: house.ports.journal },
          happened: toldTo(told),
        }),
        request: { name },
        ...{ clock: house.clock, told, engine: new FakeMediaEngine(house.clock) },
        call: () => incomingFrom(terminal('101'), '101', 'Ada'),
      };
    });
  },
  deposit: (name) => {
    dialogueContract(name, { dialogue: deposit, events: [depositEvents], sights: fc.constant(ada) });
    serviceContract(name, async () => {
      const house = await openVisitorsHouse();
      const callee = house.directory.byId(id('101'));
      if (!callee) throw new Error('there is no callee');
      const told: string[] = [];
      return {
        service: depositService({
          ...{ ...house, pins: house.pinDesk, journal: house.ports.journal },
          happened: toldTo(told),
        }),
        request: { name, callee, reason: 'no-answer' },
        ...{ clock: house.clock, told, engine: new FakeMediaEngine(house.clock) },
        call: () => incomingFrom(terminal('102'), '102', 'Ben'),
      };
    });
  },
  echo: (name) => {
    dialogueContract(name, { dialogue: echo, events: [], sights: fc.constant(undefined) });
    serviceContract(name, async () => {
      const clock = new VirtualClock();
      return {
        service: echoService(),
        request: { name },
        ...{ clock, told: [], engine: new FakeMediaEngine(clock) },
        call: () => incomingFrom(terminalId('terminal-101'), '101', 'Ada'),
      };
    });
  },
  'do-not-disturb': switching,
  'do-not-disturb-off': switching,
  forward: forwarding,
  'forward-off': forwarding,
  slot: (name) => {
    outcomeContract(name);
    serviceContract(name, async () => {
      const clock = new VirtualClock();
      return {
        service: slotService(),
        request: { name, slot: '7', parked: Promise.resolve(true) },
        ...{ clock, told: [], engine: new FakeMediaEngine(clock) },
        call: () => incomingFrom(terminalId('terminal-101'), '101', 'Ada'),
      };
    });
  },
  announcement: (name) => {
    dialogueContract(name, {
      dialogue: announcement,
      events: [],
      sights: fc.constant<Utterance>([{ prompt: 'no-such-number' }]),
    });
    serviceContract(name, async () => {
      const clock = new VirtualClock();
      const refusal: Refusal = { status: 404, reason: { protocol: 'Q.850', cause: 1 } };
      const utterance: Utterance = [{ prompt: 'no-such-number' }];
      return {
        service: announcementService(),
        request: { name, utterance, refusal },
        ...{ clock, told: [], engine: new FakeMediaEngine(clock) },
        call: () => incomingFrom(terminalId('terminal-101'), '101', 'Ada'),
      };
    });
  },
};

for (const [name, keepsToBoth] of Object.entries(CONTRACTS)) keepsToBoth(name as never);
