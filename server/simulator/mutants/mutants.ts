import type { BrokenLine } from '../../altered/broken-lines.ts';

/** One line of the product, broken. */
export interface Mutant extends BrokenLine {
  readonly name: string;
  /** What notices it. */
  readonly rule: string;
}

const CALL = 'src/exchange/call/';
const VIRTUALIZATION = 'src/exchange/virtualization/';
const SIP = 'src/sip/';

/** Faults of the kinds that the simulator is there to notice. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a move is confirmed before it is durable',
    file: 'src/exchange/virtualization-ledger.ts',
    text: "if (effect.kind === 'store') await this.#store.commit(effect.stored);",
    replacement:
      "if (effect.kind === 'store') void this.#store.commit(effect.stored).catch(() => undefined);",
    rule: 'a confirmed move is on the disk',
  },
  {
    name: 'ringing calls do not follow a move',
    file: 'src/exchange/reactions.ts',
    text: '({ calls }, { extensions, terminals }) => calls.moved(extensions, terminals),',
    replacement: '',
    rule: 'no terminal rings for an extension that is elsewhere',
  },
  {
    name: 'an extension that moves on stays where it was',
    file: `${VIRTUALIZATION}policy.ts`,
    text: "...endingOf(virtualizations.of(virtual), 'moved-on'),",
    replacement: '',
    rule: 'an extension is virtual at most once',
  },
  {
    name: 'an extension whose terminal has a guest rings there',
    file: `${VIRTUALIZATION}resolve.ts`,
    text: 'return virtualizations.on(extension) ? undefined : extension;',
    replacement: 'return extension;',
    rule: 'no terminal rings for an extension that is elsewhere',
  },
  {
    name: 'calls are of the owner of a terminal, also while a guest is there',
    file: `${VIRTUALIZATION}resolve.ts`,
    text: 'if (guest) return guest.virtual;',
    replacement: 'if (guest) return owner;',
    rule: 'a call is of the extension that speaks at its terminal',
  },
  {
    name: 'the caller is answered before the call is stored',
    file: `${CALL}call.ts`,
    text: 'stored.then(() => saved && this.handle(saved)).catch(failed);',
    replacement: 'if (saved) queueMicrotask(() => this.handle(saved)); stored.catch(failed);',
    rule: 'an answered call is on the disk',
  },
  {
    name: 'calls that nobody answers have no record',
    file: `${CALL}records/call-records.ts`,
    text: 'if (visiting === undefined || visiting.visit !== undefined) write();',
    replacement: 'if (visiting === undefined) write();',
    rule: 'every call has one record',
  },
  {
    name: 'time on hold is counted twice',
    file: `${CALL}records/talking-legs.ts`,
    text: 'holdMs: leg.holdMs + (isHolder ? ms : 0),',
    replacement: 'holdMs: leg.holdMs + (isHolder ? 2 * ms : 0),',
    rule: 'the times of a record add up',
  },
  {
    name: 'the account of a call follows the wall clock',
    file: 'src/world/even-time.ts',
    text: 'return () => Math.round(zero + clock.monotonic());',
    replacement: 'return () => Math.round(clock.now() + 0 * zero);',
    rule: 'the times of a record add up',
  },
  {
    name: 'bindings never lapse',
    file: 'src/exchange/registrar/bindings.ts',
    text: 'for (const entry of lapsed) this.remove(entry);',
    replacement: '',
    rule: 'no binding is left',
  },
  {
    name: 'heartbeats go on without a phone',
    file: 'src/exchange/registrar/heartbeat.ts',
    text: 'let isNeeded = false;',
    replacement: 'let isNeeded = true;',
    rule: 'no timer is left',
  },
  {
    name: 'flows that close stay in the table',
    file: 'src/edge/attached-flows.ts',
    text: 'this.#flows.delete(flow.id);',
    replacement: '',
    rule: 'no flow is left',
  },
  {
    name: 'a BYE that has been answered stays owed',
    file: `${SIP}user-agent/farewells.ts`,
    text: 'if (this.#booked.delete(farewell.tag)) this.#book.paid(farewell);',
    replacement: 'this.#booked.delete(farewell.tag);',
    rule: 'nothing is owed for ever',
  },
  {
    name: 'a cancelled INVITE has no final answer',
    file: `${SIP}user-agent/machines/leg-life.ts`,
    text: "return over({ kind: 'cancelled', ...because(event) }, { kind: 'refuse', status: 487 });",
    replacement: "return over({ kind: 'cancelled', ...because(event) });",
    rule: 'every INVITE ends in one final answer',
  },
  {
    name: 'a phone that rings is not cancelled when its caller gives up',
    file: `${SIP}user-agent/called-leg.ts`,
    text: 'this.#transaction?.cancel(reasonField(effect.reason));',
    replacement: '',
    rule: 'nothing rings for ever',
  },
  {
    name: 'messages reach the first organization that there is',
    file: 'src/cluster/local.ts',
    text: 'return this.#running.get(organization)?.port;',
    replacement: 'return [...this.#running.values()][0]?.port ?? this.#running.get(organization)?.port;',
    rule: 'nothing crosses organizations',
  },
  {
    name: 'a call that was restored does not go on with the phone that is back',
    file: `${CALL}seats/recovery.ts`,
    text: 'if (wasAwaited || leg.target.flow !== flow) leg.rebind({ flow, contact });',
    replacement: '',
    rule: 'both sides hear each other, and are told of the end',
  },
  {
    name: 'an endpoint of sound outlives its part in a call',
    file: `${CALL}services/hosts.ts`,
    text: 'endpoint.close();',
    replacement: '',
    rule: 'the server closes an endpoint that no phone hears',
  },
  {
    name: 'what the disk has refused is not tried again',
    file: `${CALL}seats/owed-byes.ts`,
    text: 'for (const tag of tags) this.#pay(tag);',
    replacement: 'void tags;',
    rule: 'nothing is owed for ever',
  },
  {
    name: 'a call waits for ever for a phone that has lost its line',
    file: `${CALL}seats/recovery.ts`,
    text: "seat.call?.handle({ kind: 'peer-gone', leg: seat.leg.id, why: 'lost' });",
    replacement: '',
    rule: 'every call ends, and has a record',
  },
  {
    name: 'a restart does not look for calls that were under way',
    file: 'src/exchange/open-rooms.ts',
    text: 'calls.restore(await ports.calls.load(), await ports.calls.loadOwed());',
    replacement: 'calls.restore([], await ports.calls.loadOwed());',
    rule: 'stored calls end, and have a record',
  },
  {
    name: 'pages are not told of a move',
    file: 'src/exchange/reactions.ts',
    text: 'for (const terminal of terminals) pages.terminalChanged(terminal);',
    replacement: 'void [terminals, pages];',
    rule: 'pages show who is where as it is stored',
  },
  {
    name: 'who is called is shown itself as the caller',
    file: `${CALL}ringing/ringer.ts`,
    text: 'from: isNamed ? this.#identityOf(from) :',
    replacement: 'from: isNamed ? this.#identityOf(to) :',
    rule: 'a call is shown as one of the extension that speaks at its terminal',
  },
];
