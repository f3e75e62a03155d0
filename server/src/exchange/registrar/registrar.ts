import type { ExtensionNumber, TerminalId } from '@perch/shared';
import { copied } from '../../collections/copied.ts';
import { expiresOf, parseSeconds } from '../../sip/message/fields/seconds.ts';
import { callIdOf, contactsOf, cseqOf, toOf } from '../../sip/message/essentials.ts';
import type { HeaderField, SipRequest } from '../../sip/message/message.ts';
import type { NameAddr } from '../../sip/message/fields/name-addr.ts';
import { hasToken } from '../../sip/message/fields/token-list.ts';
import { parseUri } from '../../sip/message/fields/uri.ts';
import type { OutgoingResponse, ServerTransaction } from '../../sip/transaction/transaction-layer.ts';
import type { Flow } from '../../sip/transport/flow.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Happened } from '../happenings.ts';
import type { Clock } from '../ports.ts';
import { type Binding, Bindings, type Entry, type Registration } from './bindings.ts';
import { contactOf, isOfInstance, keyOf, MAX_KEPT, REG_ID } from './contact.ts';
import { Heartbeat } from './heartbeat.ts';

const MIN_EXPIRES_SECONDS = 60;
/** Also the interval of a phone that asks for none. */
const MAX_EXPIRES_SECONDS = 600;
/** How often lapsed bindings are removed (milliseconds). */
const SWEEP_MS = 5_000;

/** Whose REGISTER it is: the flow is authenticated as the home terminal of the extension with that number. */
export interface Account {
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
}

export interface Registrar {
  /** Answers a REGISTER (RFC 3261 §10.3) that came over an authenticated flow. */
  register(transaction: ServerTransaction, account: Account): void;
  /** A flow of that terminal is gone. */
  flowClosed(flow: Flow, terminal: TerminalId): void;
  /** Unregisters the phones of a terminal's flow whose account may no longer be used, without a grace period. */
  barred(flow: Flow, terminal: TerminalId): void;
  /** Every binding of a terminal, including those in their grace period. */
  bindings(terminal: TerminalId): readonly Binding[];
  /** Is there a phone on that terminal that a call can reach now; where an `instance` is given, is that one such a phone? */
  registered(terminal: TerminalId, instance?: string | null): boolean;
  /** Are all phones that are connected to that terminal asleep? `false` where there are none. */
  asleep(terminal: TerminalId): boolean;
  /** How many bindings there are, and how many of them are asleep. */
  readonly counts: { readonly bindings: number; readonly asleep: number };
  close(): void;
}

interface RegistrarOptions {
  readonly clock: Clock;
  readonly userAgent: Pick<UserAgent, 'send'>;
  /** The organization's SIP domain. */
  readonly domain: string;
  /** Put on every To: no REGISTER makes a dialog, so that it need not be unique (RFC 3261 §8.2.6.2). */
  readonly toTag: string;
  /** Told of phones that registered, are unreachable, asleep or awake again, or are gone; not of a refresh. */
  readonly happened: Happened;
}

/** Makes the registrar of one organization (RFC 3261 §10, RFC 5626 §6), its bindings in memory. */
export function createRegistrar({ clock, userAgent, domain, toTag, happened }: RegistrarOptions): Registrar {
  const table = new Bindings();
  /** The Expires field seen last: nearly all phones send the same, and each keeps its text. */
  let usualExpires: string | undefined;
  const heartbeat = new Heartbeat<Entry>({
    clock,
    userAgent,
    phones: () => table.all(),
    fellAsleep: (binding) => happened({ kind: 'phone-asleep', binding }),
    awoke: (binding) => happened({ kind: 'phone-awake', binding }),
  });
  let stopSweeping: (() => void) | undefined;

  const refuse = (
    status: number,
    reason?: string,
    fields: readonly HeaderField[] = [],
  ): OutgoingResponse => ({
    status,
    toTag,
    fields,
    ...(reason !== undefined && { reason }),
  });

  function register(transaction: ServerTransaction, account: Account): void {
    const { request, flow } = transaction;
    const refreshed = refresh(request, flow, account);
    transaction.respond(refreshed ?? answer(request, flow, account));
  }

  /** The hot path: a terminal's only phone repeats its last REGISTER on the same flow. */
  function refresh(
    request: SipRequest,
    flow: Flow,
    { terminal, number }: Account,
  ): OutgoingResponse | undefined {
    const binding = table.onlyOne(terminal);
    if (binding?.flow !== flow || binding.parameters === undefined) return undefined;
    if (!binding.alive || !binding.awake) return undefined;
    const offered = onlyContactOf(request);
    if (offered?.uri !== binding.contact || offered.params.toString() !== binding.parameters)
      return undefined;
    if (request.headers.get('expires') !== binding.expires) return undefined;
    const sequence = cseqOf(request).number;
    if (!table.isNext(binding, callIdOf(request), sequence)) return undefined;
    if (!isAddressOf(number, toOf(request).uri)) return undefined;
    const { seconds, isOutbound } = binding;
    table.refresh(binding, sequence, seconds * 1000, clock.monotonic());
    const contact = ['Contact', contactOf(binding, seconds)] as const;
    return { status: 200, toTag, fields: isOutbound ? [contact, REQUIRE_OUTBOUND] : [contact] };
  }

  function answer(request: SipRequest, flow: Flow, account: Account): OutgoingResponse {
    if (!isAddressOf(account.number, toOf(request).uri)) return refuse(403, 'Not Your Address');
    const contacts = contactsOf(request);
    const result =
      contacts === '*' ? unbindAll(request, account) : bindEach(contacts, request, flow, account);
    return result ?? accept(request, account.terminal);
  }

  /** `Contact: *` is only good for unregistering everything (RFC 3261 §10.2.2). */
  function unbindAll(request: SipRequest, { terminal }: Account): OutgoingResponse | undefined {
    if (expiresOf(request) !== 0) return refuse(400, 'Contact * Needs Expires 0');
    const bound = table.of(terminal);
    if (!bound.every((binding) => isInOrder(binding, request))) return refuse(500, 'CSeq Out Of Order');
    for (const binding of bound) unbind(binding);
    return undefined;
  }

  /** All Contacts or none (RFC 3261 §10.3 step 7). */
  function bindEach(
    contacts: readonly NameAddr[],
    request: SipRequest,
    flow: Flow,
    { terminal }: Account,
  ): OutgoingResponse | undefined {
    const registrations: Registration[] = [];
    let added = 0;
    for (const contact of contacts) {
      const key = keyOf(contact);
      if (key === undefined) return refuse(400, 'Unusable Contact');
      const seconds =
        parseSeconds(contact.params.get('expires')) ?? expiresOf(request) ?? MAX_EXPIRES_SECONDS;
      if (seconds > 0 && seconds < MIN_EXPIRES_SECONDS) {
        return refuse(423, undefined, [['Min-Expires', String(MIN_EXPIRES_SECONDS)]]);
      }
      const known = table.find(terminal, key);
      if (known !== undefined && !isInOrder(known, request)) return refuse(500, 'CSeq Out Of Order');
      if (known === undefined && seconds > 0) added++;
      const expiresMs = Math.min(seconds, MAX_EXPIRES_SECONDS) * 1000;
      const order = { callId: callIdOf(request), sequence: cseqOf(request).number };
      const reseats = contact.params.has(RESEATS);
      const takesHeartbeats = contact.params.has(HEARTBEAT);
      const able = { reseats, takesHeartbeats };
      registrations.push({ terminal, key, contact: contact.uri, flow, expiresMs, ...able, ...order });
    }
    const replaced = added === 0 ? [] : replacedBy(registrations, flow, terminal);
    if (!table.hasRoomFor(terminal, added - replaced.length)) return refuse(403, 'Too Many Phones');
    for (const binding of replaced) unbind(binding);
    for (const registration of registrations) bind(registration);
    return undefined;
  }

  /**
   * A connection is one phone, whatever its Contacts. A new Contact, with or without an instance, replaces the earlier ones of its
   * connection that the request does not repeat, as if they had been unregistered.
   */
  function replacedBy(
    registrations: readonly Registration[],
    flow: Flow,
    terminal: TerminalId,
  ): readonly Binding[] {
    const keys = new Set(registrations.map(({ key }) => key));
    return table.on(flow, terminal).filter(({ key }) => !keys.has(key));
  }

  function bind(registration: Registration): void {
    const { terminal, key, expiresMs } = registration;
    const known = table.find(terminal, key);
    if (expiresMs === 0) {
      if (known !== undefined) unbind(known);
      return;
    }
    const pushedOut = known === undefined ? table.toPushOut(terminal) : undefined;
    if (pushedOut !== undefined) unbind(pushedOut);
    const { flow, contact } = registration;
    const left = known !== undefined && known.contact === contact && known.flow !== flow ? known.flow : null;
    const [bound, binding] = table.bind(registration, clock.monotonic());
    heartbeat.begin(binding, registration.takesHeartbeats);
    stopSweeping ??= clock.after(SWEEP_MS, sweep);
    if (bound !== 'refreshed') happened({ kind: 'phone-registered', binding, left });
  }

  function unbind(binding: Binding): void {
    table.remove(binding);
    happened({ kind: 'phone-gone', binding });
  }

  /** The 200 lists what is bound (RFC 3261 §10.3 step 8), in the form in which JsSIP finds itself: its own parameters, quoted. */
  function accept(request: SipRequest, terminal: TerminalId): OutgoingResponse {
    const now = clock.monotonic();
    const fields: HeaderField[] = [];
    for (const binding of table.of(terminal)) {
      const seconds = table.secondsLeft(binding, now);
      if (seconds > 0) fields.push(['Contact', contactOf(binding, seconds)]);
    }
    const isOutbound =
      fields.some(([, contact]) => contact.includes(REG_ID)) && hasToken(request, 'supported', 'outbound');
    if (isOutbound) fields.push(REQUIRE_OUTBOUND);
    remember(request, terminal, isOutbound, now);
    return { status: 200, toTag, fields };
  }

  function remember(request: SipRequest, terminal: TerminalId, isOutbound: boolean, now: number): void {
    const binding = table.onlyOne(terminal);
    const contact = onlyContactOf(request);
    if (binding === undefined || contact === undefined) return;
    const parameters = contact.params.toString();
    const expires = request.headers.get('expires');
    if (keyOf(contact) !== binding.key || parameters.length + (expires?.length ?? 0) > MAX_KEPT) return;
    const seconds = table.secondsLeft(binding, now);
    if (expires !== usualExpires) usualExpires = expires && copied(expires);
    table.remember(binding, { parameters, expires: usualExpires, seconds, isOutbound });
  }

  function isAddressOf(number: ExtensionNumber, uri: string): boolean {
    if (uri === `sip:${number}@${domain}`) return true;
    const address = parseUri(uri);
    return address?.user === number && address.host === domain.toLowerCase();
  }

  const isInOrder = (binding: Binding, request: SipRequest): boolean =>
    table.isInOrder(binding, callIdOf(request), cseqOf(request).number);

  function sweep(): void {
    for (const binding of table.lapse(clock.monotonic())) happened({ kind: 'phone-gone', binding });
    stopSweeping = table.size > 0 ? clock.after(SWEEP_MS, sweep) : undefined;
  }

  return {
    register,
    flowClosed: (flow, terminal) => {
      for (const binding of table.flowClosed(flow, terminal, clock.monotonic()))
        happened({ kind: 'phone-unreachable', binding });
    },
    barred: (flow, terminal) => {
      for (const binding of table.on(flow, terminal)) unbind(binding);
    },
    bindings: (terminal) => table.of(terminal),
    registered: (terminal, instance = null) =>
      table
        .of(terminal)
        .some(
          (binding) =>
            binding.alive && binding.awake && (instance === null || isOfInstance(binding, instance)),
        ),
    asleep: (terminal) => {
      const connected = table.of(terminal).filter(({ alive }) => alive);
      return connected.length > 0 && connected.every(({ awake }) => !awake);
    },
    get counts() {
      let asleep = 0;
      for (const binding of table.all()) if (!binding.awake) asleep++;
      return { bindings: table.size, asleep };
    },
    close: () => {
      heartbeat.close();
      stopSweeping?.();
    },
  };
}

/** The feature tag (RFC 3840 §9) of a phone that takes a new session in place of one that it has. */
const RESEATS = '+perch.reseat';
/** That of a phone which wants to be asked whether it is awake. */
const HEARTBEAT = '+perch.heartbeat';

/** Both sides speak RFC 5626 (§6). */
const REQUIRE_OUTBOUND: HeaderField = ['Require', 'outbound'];

/** The one Contact of a REGISTER that has one. */
function onlyContactOf(request: SipRequest): NameAddr | undefined {
  const contacts = contactsOf(request);
  return contacts === '*' || contacts.length !== 1 ? undefined : contacts[0];
}
