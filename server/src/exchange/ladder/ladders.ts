import type { CallId, ExtensionId, TerminalId } from '@perch/shared';
import { copied } from '../../collections/copied.ts';
import { LatestKeys } from '../../collections/latest-keys.ts';
import { isWithin, paidUntil, type Rate, weightOf } from '../../collections/message-budget.ts';
import { withholdsIdentity } from '../../sip/message/fields/privacy.ts';
import type { SipMessage, SipRequest } from '../../sip/message/message.ts';
import type { Clock, Directory } from '../ports.ts';
import { LeftOut, type LeftOutCalls } from './left-out.ts';
import { KEPT_MS, type LadderBoard } from './ladder-shelf.ts';
import { type Beginning, CALLED, type KeptLeg, type KeptMessage, Leg, RESTORED } from './leg.ts';

/** The calls of which messages are kept: of a server with more, a part is enough, and costs it next to nothing. */
const CALLS: Rate = { perSecond: 50, burst: 200 };
/** The messages of one leg that are kept, of a KiB each: more than a phone sends in an ordinary call of a day, and few enough that none takes the room of all others. */
const MESSAGES: Rate = { perSecond: 1, burst: 300 };
/** Calls without a ladder that are remembered by their ids: for all others, nobody knows why they have none. */
const MOST_LEFT = 1_000;
/** Of these the newest are shown. */
const MOST_MESSAGES = 300;

interface LaddersWorld {
  readonly clock: Clock;
  readonly directory: Pick<Directory, 'byId' | 'byTerminal'>;
  readonly where: { speaksFor(terminal: TerminalId): ExtensionId | undefined };
  readonly board: LadderBoard;
}

/**
 * The SIP messages of an organization's calls, as they went over the wire, for an hour: what an administrator looks at when a call has gone
 * wrong. In memory only. Hot path: a message costs a look-up by its Call-ID and a copy out of the heap; nothing is parsed or made readable
 * before somebody asks (`rendering.ts`).
 */
export class Ladders {
  readonly #world: LaddersWorld;
  /** By their Call-ID. */
  readonly #legs = new Map<string, Leg>();
  readonly #calls = new Map<CallId, Leg[]>();
  #begun = 0;
  #placed = 0;
  /** See `paidUntil`. */
  #paid = 0;
  /** The Call-IDs of INVITEs that came while too many did, which may become calls. */
  readonly #refused = new LatestKeys<string>(MOST_LEFT);
  /** The calls that they have become. */
  readonly #leftOut = new LeftOut(MOST_LEFT);
  /** Calls from before a restart are taken up again. */
  #isRestoring = true;

  constructor(world: LaddersWorld) {
    this.#world = world;
  }

  /** From now on legs that join a call of which nothing is kept are not kept either. */
  restored(): void {
    this.#isRestoring = false;
  }

  /** A phone has sent that. */
  heard(terminal: TerminalId, message: SipMessage): void {
    const { callId } = message.essentials;
    const leg = this.#legs.get(callId) ?? (isInvite(message) ? this.#beginCall(message) : undefined);
    if (leg !== undefined) this.#keep(leg, terminal, false, message.frame);
  }

  /** That is sent to a phone. */
  sent(terminal: TerminalId, frame: string): void {
    const leg = this.#legs.get(callIdIn(frame));
    if (leg !== undefined) this.#keep(leg, terminal, true, frame);
  }

  /** The leg with that Call-ID belongs to the call, from now on at least. */
  joined(callId: string, call: CallId): void {
    const legs = this.#calls.get(call);
    const isKept = legs !== undefined || this.#isRestoring;
    const leg =
      this.#legs.get(callId) ??
      (isKept ? this.#begin(callId, this.#isRestoring ? RESTORED : CALLED) : undefined);
    if (leg === undefined && this.#refused.has(callId)) this.#leftOut.add(call, this.#world.clock.now());
    if (leg === undefined || leg.calls.includes(call)) return;
    leg.calls.push(call);
    if (legs === undefined) this.#calls.set(call, [leg]);
    else legs.push(leg);
  }

  /** The legs of a call in the order in which they began; empty where nothing is kept of it. */
  of(call: CallId): readonly KeptLeg[] {
    return this.#kept(this.#calls.get(call) ?? []);
  }

  /** Has nothing of it been kept since too many calls began at once? */
  isLeftOut(call: CallId): boolean {
    return this.#leftOut.has(call);
  }

  /** Such calls of the last hour. */
  leftOut(): LeftOutCalls | null {
    return this.#leftOut.since(this.#world.clock.now() - KEPT_MS);
  }

  /** The leg with that number, if it belongs to no call. */
  alone(number: number): KeptLeg | undefined {
    for (const leg of this.#legs.values())
      if (leg.number === number && leg.calls.length === 0) return this.#kept([leg])[0];
    return undefined;
  }

  /** The calls, and the legs that belong to none, the latest first. */
  *latest(): Iterable<CallId | number> {
    const told = new Set<CallId>();
    for (const { calls, number } of [...this.#legs.values()].reverse()) {
      if (calls.length === 0) yield number;
      for (const call of calls) {
        if (told.has(call)) continue;
        told.add(call);
        yield call;
      }
    }
  }

  /** Nothing is kept of the calls of these legs, neither what was said until now nor what follows. */
  forget(isOf: (leg: KeptLeg) => boolean): void {
    const { frames } = this.#world.board;
    const forgotten = new Set<Leg>();
    for (const leg of this.#legs.values()) {
      const [kept] = this.#kept([leg]);
      if (kept === undefined || !isOf(kept)) continue;
      forgotten.add(leg);
      for (const call of leg.calls) for (const other of this.#calls.get(call) ?? []) forgotten.add(other);
    }
    for (const leg of forgotten) {
      for (const { position, length } of leg.marks) frames.wipe(position, length);
      leg.isForgotten = true;
      leg.marks.length = 0;
      leg.extension = leg.owner = undefined;
    }
  }

  /** What can still be read of these legs, of those of which something can. */
  #kept(legs: readonly Leg[]): KeptLeg[] {
    const { clock, board } = this.#world;
    const oldest = clock.now() - KEPT_MS;
    return legs.flatMap((leg) => {
      if (leg.lastAt < oldest) return [];
      const messages = leg.marks.flatMap(({ position, length, ...mark }): KeptMessage[] => {
        const frame = board.frames.read(position, length);
        return frame === undefined ? [] : [{ ...mark, frame }];
      });
      const left = leg.left + leg.marks.length - messages.length;
      const { callId, number, startedAt, lastAt, extension, owner, calls, isCalling, isWithheld } = leg;
      const known = { callId, number, startedAt, lastAt, extension, owner, calls, isCalling, isWithheld };
      return messages.length === 0 ? [] : [{ ...known, messages, left }];
    });
  }

  #beginCall(invite: SipRequest): Leg | undefined {
    const now = this.#world.clock.now();
    const paid = paidUntil(CALLS, this.#paid, now);
    if (!isWithin(CALLS, paid, now)) {
      this.#refused.add(copied(invite.essentials.callId));
      return undefined;
    }
    this.#paid = paid;
    const isWithheld = withholdsIdentity(invite);
    return this.#begin(copied(invite.essentials.callId), { isCalling: true, isWithheld });
  }

  #begin(callId: string, beginning: Beginning): Leg {
    const now = this.#world.clock.now();
    const leg = new Leg(callId, ++this.#begun, now, beginning, this.#drop);
    this.#legs.set(callId, leg);
    this.#world.board.put(leg, now);
    return leg;
  }

  #keep(leg: Leg, terminal: TerminalId, isSent: boolean, frame: string): void {
    const { clock, directory, where, board } = this.#world;
    const at = clock.now();
    if (leg.terminal === undefined) {
      leg.terminal = terminal;
      leg.isCalling ??= !isSent;
      const speaker = where.speaksFor(terminal);
      leg.extension = speaker === undefined ? undefined : directory.byId(speaker);
      leg.owner = directory.byTerminal(terminal);
    }
    // A Call-ID is the phone's own choice, and is nobody else's then.
    if (leg.terminal !== terminal || leg.isForgotten) return;
    leg.lastAt = at;
    const paid = paidUntil(MESSAGES, leg.paid, at, weightOf(frame.length));
    if (!isWithin(MESSAGES, paid, at)) {
      leg.left++;
      return;
    }
    leg.paid = paid;
    leg.marks.push({
      at,
      place: ++this.#placed,
      isSent,
      position: board.frames.put(frame),
      length: frame.length,
    });
    if (leg.marks.length <= MOST_MESSAGES) return;
    leg.marks.shift();
    leg.left++;
  }

  readonly #drop = (leg: Leg): void => {
    this.#legs.delete(leg.callId);
    for (const call of leg.calls) {
      const rest = (this.#calls.get(call) ?? []).filter((each) => each !== leg);
      if (rest.length === 0) this.#calls.delete(call);
      else this.#calls.set(call, rest);
    }
  };
}

const isInvite = (message: SipMessage): message is SipRequest =>
  message.kind === 'request' && message.method === 'INVITE';

const OUR_FIELD = '\r\nCall-ID: ';

/** Messages of ours have the field as we write it, but for answers, which have it as the phone does. */
function callIdIn(frame: string): string {
  const at = frame.indexOf(OUR_FIELD);
  if (at >= 0) return frame.slice(at + OUR_FIELD.length, frame.indexOf('\r\n', at + OUR_FIELD.length)).trim();
  return /\r\n(?:call-id|i)[ \t]*:[ \t]*(\S+)/i.exec(frame)?.[1] ?? '';
}
