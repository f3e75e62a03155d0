import {
  callId,
  type DepositReason,
  extensionId,
  type ExtensionId,
  extensionNumber,
  type Language,
  organizationId,
  type TerminalId,
  terminalId,
  type Utterance,
  NO_FORWARDS,
} from '@perch/shared';
import { parseMessage } from '../../../sip/message/parse.ts';
import type { SipRequest } from '../../../sip/message/message.ts';
import { FakeFlow } from '../../../sip/transport/support/fake-flow.ts';
import { systemChance } from '../../../world/system-chance.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { FakeUserAgent } from '../../../sip/user-agent/support/fake-user-agent.ts';
import type { InboundLeg } from '../../../sip/user-agent/leg.ts';
import { MemoryDirectory } from '../../directory.ts';
import { FakeCallStore } from '../../support/fake-call-store.ts';
import type { Directory, Extension } from '../../ports.ts';
import type { Binding } from '../../registrar/bindings.ts';
import { ringsAt, speaksAt } from '../../virtualization/resolve.ts';
import { Virtualizations } from '../../virtualization/virtualizations.ts';
import type { Happened } from '../../happenings.ts';
import { HelpCalls } from '../admission/help-calls.ts';
import { FakeHelpCallStore } from '../admission/support/fake-help-call-store.ts';
import { type Calls, createCalls } from '../calls.ts';
import type { DepositRequest } from '../../services/mailbox/deposit/service.ts';
import type { ServiceRequest } from '../../services/registry.ts';
import type { Incoming } from '../../services/service.ts';
import { ServiceEnd } from '../services/service-end.ts';
import { FakePushMessages } from '../pushed/support/fake-push-messages.ts';
import { type Refusal, shownToOthers, type Whereabouts } from '../ports.ts';

const NAMES: Readonly<Record<string, string>> = {
  101: 'Ada',
  102: 'Ben',
  103: 'Chloe',
  104: 'Dev',
  201: 'Front desk',
  112: 'Reception',
};

export const idOf = (number: string): ExtensionId => extensionId(`id-${number}`);
export const terminalAt = (number: string): TerminalId => terminalId(`phone-${number}`);

/** Demo people as in the rules: A to D are 101 to 104, 201 is a station. */
export function demoDirectory(): MemoryDirectory {
  const organization = {
    id: organizationId('o'),
    name: 'Demo',
    domain: 'example.org',
    emergencyNumbers: ['112', '911'],
  };
  return new MemoryDirectory(
    organization,
    Object.entries(NAMES).map(([number, name]) => person(number, name)),
  );
}

const person = (number: string, name: string): Extension => ({
  id: idOf(number),
  organization: organizationId('o'),
  terminal: terminalAt(number),
  number: extensionNumber(number),
  name,
  kind: number.startsWith('2') ? 'station' : 'person',
  group: null,
  place: null,
  callBack: null,
  language: null,
  doNotDisturb: false,
  forwards: NO_FORWARDS,
  plan: null,
  stayLimits: null,
  kiosk: true,
  allowVirtualization: true,
  hasSecretCode: true,
  hasVoicemailPin: false,
  voicemailMail: null,
  suspended: false,
});

/** `{ 102: '101' }` is "102 is on the terminal of 101". */
export const virtualizations = (onBase: Readonly<Record<string, string>>): Virtualizations =>
  Virtualizations.from(
    Object.entries(onBase).map(([virtual, base]) => ({
      virtual: idOf(virtual),
      base: idOf(base),
      since: 0,
      by: 'dialled' as const,
    })),
  );

/** Who is where, as these virtualizations and that directory have it. */
export const whereaboutsIn = (
  directory: Directory,
  virtualizations: () => Virtualizations,
): Omit<Whereabouts, 'emergencyCallOn'> => ({
  terminalOf: (extension) => {
    const owner = ringsAt(virtualizations(), extension);
    return owner && directory.homeOf(owner);
  },
  speaksFor: (terminal) => {
    const owner = directory.ownerOf(terminal);
    return owner && speaksAt(virtualizations(), owner);
  },
  baseOf: (extension) => {
    const away = virtualizations().of(extension);
    return away && { extension: away.base, since: away.since };
  },
  guestOn: (terminal) => {
    const owner = directory.ownerOf(terminal);
    const guest = owner && virtualizations().on(owner);
    return guest && { extension: guest.virtual, since: guest.since };
  },
});

/** A phone at a terminal. */
export interface Phone {
  readonly flow: FakeFlow;
  readonly binding: Binding;
}

let made = 0;

/** An organization without SIP: phones are bindings, calls are fake legs. */
export class CallHouse {
  readonly clock: VirtualClock;
  readonly directory = demoDirectory();
  readonly userAgent: FakeUserAgent;
  readonly store: FakeCallStore;
  readonly helpCallStore: FakeHelpCallStore;
  readonly media: FakeMediaEngine;
  readonly push = new FakePushMessages();
  readonly languages: { organization: Language | null } = { organization: null };
  readonly centers: (readonly [TerminalId, string | undefined])[] = [];
  readonly announced: (readonly [Utterance, Refusal])[] = [];
  readonly changed: TerminalId[] = [];
  readonly busyChanges: ExtensionId[] = [];
  readonly slotChanges: string[] = [];
  readonly errors: unknown[] = [];
  readonly emergencies: TerminalId[] = [];
  /** Callers who were sent to a mailbox: the caller, the callee, the reason. */
  readonly deposits: [string, string, DepositReason][] = [];
  /** The slots that those who called `*68` have been told. */
  readonly toldSlots: string[] = [];
  /** Calls that have begun, each of which is to be recorded. */
  begun = 0;
  /** The ends that mailboxes have in calls that were sent on. */
  readonly joined: ServiceEnd[] = [];
  /** Takes callers who leave a message; `null`: they leave none. */
  atMailbox: ((request: DepositRequest) => void) | null = null;
  /** Do services take calls? Else they refuse them at once. */
  serves = true;
  /** Terminals that called `*97`. */
  readonly visits: TerminalId[] = [];
  readonly calls: Calls;
  #virtualizations = virtualizations({});
  readonly #bindings = new Map<TerminalId, Binding[]>();
  readonly #happened: Happened = (happening) => {
    if (happening.kind === 'calls-changed') this.changed.push(happening.terminal);
    else if (happening.kind === 'busy-changed') this.busyChanges.push(happening.extension);
    else if (happening.kind === 'slot-changed') this.slotChanges.push(happening.slot);
    else if (happening.kind === 'failed') this.errors.push(happening.error);
    // The store has it.
    else if (happening.kind !== 'call-recorded') throw new Error(`call control reports no ${happening.kind}`);
  };

  /** `before`: the house whose server was killed, and is started anew on the same disk. */
  constructor(before?: CallHouse) {
    this.clock = new VirtualClock(before?.clock.now());
    this.store = before?.store.reopened() ?? new FakeCallStore();
    this.helpCallStore = before?.helpCallStore ?? new FakeHelpCallStore();
    this.userAgent = new FakeUserAgent(before?.userAgent.next);
    this.media = new FakeMediaEngine(this.clock);
    this.calls = createCalls({
      clock: this.clock,
      chance: systemChance,
      pushMessages: this.push,
      languages: this.languages,
      newId: () => {
        this.begun += 1;
        return callId(systemChance.id());
      },
      directory: this.directory,
      whereabouts: {
        ...whereaboutsIn(this.directory, () => this.#virtualizations),
        emergencyCallOn: (terminal) => {
          this.emergencies.push(terminal);
          return () => void this.emergencies.splice(this.emergencies.indexOf(terminal), 1);
        },
      },
      phones: { bindings: (terminal) => this.#bindings.get(terminal) ?? [] },
      userAgent: this.userAgent,
      store: this.store,
      helpCalls: new HelpCalls(
        { store: this.helpCallStore, clock: this.clock, happened: this.#happened },
        this.helpCallStore.kept,
      ),
      engine: this.media,
      services: {
        take: (incoming, request) => {
          incoming.leg.listen(incoming.changed);
          if (!this.serves) incoming.leg.reject(403);
          this.#serve(incoming, request);
          return this.atMailbox !== null && request.name === 'deposit' ? { on: () => undefined } : undefined;
        },
        join: ({ caller }, id, { callee, reason, over }) => {
          if (!this.serves) return undefined;
          this.deposits.push([shownToOthers(caller).number, callee.number, reason]);
          const sound = { endpoint: () => this.media.endpoint(), attach: () => () => undefined };
          const from = this.clock.now();
          const left = (): void =>
            over?.({
              number: callee.number,
              name: callee.name,
              from,
              until: this.clock.now(),
              message: null,
            });
          const end = new ServiceEnd(id, { ...sound, left });
          this.joined.push(end);
          return end;
        },
      },
      happened: this.#happened,
    });
  }

  #serve({ caller }: Incoming, request: ServiceRequest): void {
    switch (request.name) {
      case 'center':
        this.centers.push([caller.terminal, request.number]);
        break;
      case 'voicemail':
        this.visits.push(caller.terminal);
        break;
      case 'deposit':
        this.deposits.push([shownToOthers(caller).number, request.callee.number, request.reason]);
        this.atMailbox?.(request);
        break;
      case 'slot':
        // Who asks for a service is in no record.
        this.begun -= 1;
        void request.parked.then((isParked) => this.toldSlots.push(isParked ? request.slot : 'none'));
        break;
      case 'announcement':
        this.announced.push([request.utterance, request.refusal]);
        break;
    }
  }

  /** A new extension has that number. */
  hire(number: string): void {
    this.directory.set(person(number, `Number ${number}`));
  }

  suspend(number: string): void {
    const extension = this.directory.byNumber(number);
    if (extension !== undefined) this.directory.set({ ...extension, suspended: true });
  }

  /** Sets who is on whose terminal; ringing calls follow. */
  move(onBase: Readonly<Record<string, string>>): void {
    this.#virtualizations = virtualizations(onBase);
    this.calls.moved([...this.directory.all()].map(({ id }) => id));
  }

  /** A browser opens at the home terminal of that extension, or comes back with the same key. */
  register(
    number: string,
    key = `phone-${++made}`,
    contact = `sip:${key}@phone.invalid`,
    reseats = false,
  ): Phone {
    const flow = new FakeFlow({
      opened: () => undefined,
      received: () => undefined,
      closed: () => undefined,
    });
    const terminal = terminalAt(number);
    const binding: Binding = { terminal, key, contact, flow, alive: true, awake: true, reseats };
    const others = (this.#bindings.get(terminal) ?? []).filter((other) => other.key !== key);
    this.#bindings.set(terminal, [...others, binding]);
    this.calls.registered(binding);
    return { flow, binding };
  }

  /** The flow of a phone dies; its legs are told nothing here. */
  async loseFlow(phone: Phone): Promise<void> {
    phone.flow.hangUp();
    const { terminal, key } = phone.binding;
    const bindings = this.#bindings.get(terminal) ?? [];
    const dead = bindings.map((binding) => (binding.key === key ? { ...binding, alive: false } : binding));
    this.#bindings.set(terminal, dead);
    this.calls.flowClosed(phone.flow, terminal);
    await this.clock.advance(0);
  }

  /** A phone no longer answers heartbeats, or does so again. */
  sleeps({ binding: { terminal, key } }: Phone, asleep = true): void {
    const bindings = this.#bindings.get(terminal) ?? [];
    const now = bindings.map((each) => (each.key === key ? { ...each, awake: !asleep } : each));
    this.#bindings.set(terminal, now);
    for (const binding of now.filter((each) => each.key === key)) {
      if (asleep) this.calls.asleep(binding);
      else this.calls.registered(binding);
    }
  }

  /** A phone dials. */
  dial(
    phone: Phone,
    dialled: string,
    fields: readonly string[] = [],
    offer: (leg: string) => string = () => 'offer of the caller',
  ): FakeLeg {
    const { flow, binding } = phone;
    const id = `inbound-${++made}`;
    const leg = new FakeLeg({
      id,
      target: { flow, contact: binding.contact },
      sdp: offer(id),
      request: invite(`sip:${dialled.includes('@') ? dialled : `${dialled}@example.org`}`, fields),
    });
    this.calls.invited(leg, binding.terminal);
    return leg;
  }

  /** The leg that was called last. */
  get rung(): FakeLeg {
    const leg = this.userAgent.invited.at(-1);
    if (leg === undefined) throw new Error('no phone was called');
    return leg;
  }

  /** The legs that ring now, by the Contact of their phone. */
  get ringing(): readonly string[] {
    return this.userAgent.invited
      .filter((leg) => leg.state === 'early' && leg.told('end').length === 0)
      .map((leg) => leg.target.contact);
  }

  /** A call between two phones, up to the caller's ACK. */
  async connect(
    caller: Phone,
    dialled: string,
    fields: readonly string[] = [],
  ): Promise<readonly [FakeLeg, FakeLeg]> {
    const leg = this.dial(caller, dialled, fields);
    const callee = this.rung;
    callee.says({ kind: 'progress', status: 180 });
    callee.says({ kind: 'answered', sdp: 'answer of the callee', contact: callee.target.contact });
    await this.clock.advance(0);
    leg.says({ kind: 'acknowledged' });
    return [leg, callee];
  }
}

/** The SDP offers that a leg was told to send, and how it was told to answer the peer's. */
export const offersTo = (leg: FakeLeg): readonly string[] => leg.told('offer').map(({ sdp }) => sdp);
export const answersTo = (leg: FakeLeg): readonly string[] => leg.told('accept-offer').map(({ sdp }) => sdp);

/** An inbound leg's refusal, if it was refused. */
export const refusalOf = (leg: FakeLeg): readonly [status: number, text: string | undefined] | undefined => {
  const [rejected] = leg.told('reject');
  return rejected === undefined ? undefined : [rejected.status, rejected.reason?.text];
};

export const isOver = (leg: Pick<InboundLeg, 'state'>): boolean => leg.state === 'over';

function invite(uri: string, fields: readonly string[]): SipRequest {
  const parsed = parseMessage(
    [
      `INVITE ${uri} SIP/2.0`,
      'Via: SIP/2.0/WS phone.invalid;branch=z9hG4bK1',
      'From: "Somebody else" <sip:999@example.org>;tag=1',
      'To: <sip:888@example.org>',
      'Call-ID: 1',
      'CSeq: 1 INVITE',
      ...fields,
      '\r\n',
    ].join('\r\n'),
  );
  if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('the INVITE does not parse');
  return parsed.message;
}
