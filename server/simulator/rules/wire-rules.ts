import type { ExtensionId } from '@perch/shared';
import { type SipMessage, type SipRequest } from '../../src/sip/message/message.ts';
import { fromOf, toOf } from '../../src/sip/message/essentials.ts';
import { parsed } from '../phones/line.ts';
import { NUMBERS } from '../town/organizations.ts';
import type { Place } from '../town/town.ts';
import type { Connection } from '../world/connection.ts';

interface Ringing {
  readonly place: Place;
  readonly connection: Connection;
  readonly number: string;
  /** Its phone has said so; before that it cannot be cancelled (RFC 3261 §9.1). */
  isHeardOf: boolean;
  readonly since: number;
}

/** Timer B (milliseconds). */
const GIVEN_UP_MS = 32_000;
/** An INVITE that was cancelled in time is answered at once, even if a slow disk is asked first (milliseconds). */
const CANCELLED_MS = 5_000;
/** No phone rings longer than that (milliseconds). */
const LONGEST_RINGING_MS = 60_000;

interface Asked {
  readonly connection: Connection;
  readonly dialled: string;
  /** Who speaks at its terminal as it comes in, where it calls an extension; `undefined` for all others. */
  readonly by: ExtensionId | undefined;
  final: string | undefined;
}

/** What a phone was told of a call. */
export interface Heard {
  readonly call: string;
  /** What it had dialled; `undefined` where it was called. */
  readonly dialled: string | undefined;
  /** The description of the one who has answered it; empty where nobody has. */
  readonly answer: string;
  /** Who has called an extension in that way; `undefined` where nobody has. */
  readonly by: ExtensionId | undefined;
  /** The number of the caller, as it is shown to the person who is called. */
  readonly from: string | undefined;
}

interface Wires {
  readonly now: () => number;
  readonly fault: (what: string) => void;
  readonly heard: (place: Place, heard: Heard) => void;
  /** The extension that speaks at the terminal of that phone, by what is on the disk. */
  readonly speaksAt: (place: Place) => ExtensionId | undefined;
}

/** What is seen on the wires: each INVITE has one final answer, each refusal its ACK, and nothing of another organization is there. */
export class WireRules {
  readonly #wires: Wires;
  /** INVITEs of the server that ring somebody, by their branch. */
  readonly ringing = new Map<string, Ringing>();
  /** INVITEs of phones, by connection and branch. */
  readonly #asked = new Map<string, Asked>();
  /** When those of them that have no final answer yet were cancelled (milliseconds on the monotonic clock). */
  readonly #cancelled = new Map<string, number>();
  /** BYEs of the server, by connection and Call-ID. */
  readonly #byes = new Set<string>();

  constructor(wires: Wires) {
    this.#wires = wires;
  }

  /** By the server, to that phone. */
  sent(place: Place, connection: Connection, frame: string): void {
    this.#staysInside(place, frame);
    const message = parsed(frame);
    const { via, cseq, callId } = message.essentials;
    const at = `${String(connection.id)} `;
    const call = message.headers.get('perch-call-id');
    const inAnswerTo = message.kind === 'response' ? this.#asked.get(at + (via.branch ?? '')) : undefined;
    const { dialled, by } = inAnswerTo ?? {};
    const isCalled = message.kind === 'request' && isNewCall(message);
    const from = isCalled ? userOf(fromOf(message).uri) : undefined;
    const isAnswer = inAnswerTo?.final === undefined && message.kind === 'response' && message.status < 300;
    if (call !== undefined)
      this.#wires.heard(place, { call, dialled, by, from, answer: isAnswer ? message.body : '' });
    if (message.kind === 'request') {
      const branch = via.branch ?? '';
      if (isCalled)
        this.ringing.set(branch, {
          place,
          connection,
          number: userOf(toOf(message).uri),
          isHeardOf: false,
          since: this.#wires.now(),
        });
      else if (message.method === 'CANCEL') this.ringing.delete(branch);
      else if (message.method === 'BYE') {
        const key = at + callId + (fromOf(message).tag ?? '');
        if (this.#byes.has(key))
          this.#wires.fault(`${place.phone.name} was told twice that ${callId} is over`);
        this.#byes.add(key);
      }
      return;
    }
    if (cseq.method !== 'INVITE' || message.status < 200) return;
    const key = at + (via.branch ?? '');
    const asked = this.#asked.get(key);
    this.#cancelled.delete(key);
    if (asked === undefined) this.#wires.fault(`${place.phone.name} got a final answer to no INVITE`);
    // A 2xx is sent again until its ACK has come (RFC 3261 §13.3.1.4).
    else if (asked.final !== undefined && (message.status >= 300 || asked.final !== frame))
      this.#wires.fault(`${place.phone.name} got two final answers to one INVITE`);
    else asked.final = frame;
  }

  /** At the server. */
  arrived(place: Place, connection: Connection, message: SipMessage): void {
    const { via, cseq } = message.essentials;
    const branch = via.branch ?? '';
    const key = `${String(connection.id)} ${branch}`;
    if (message.kind === 'request') {
      const isUnderWay = this.#asked.has(key) && this.#asked.get(key)?.final === undefined;
      if (message.method === 'CANCEL' && isUnderWay) this.#cancelled.set(key, this.#wires.now());
      if (message.method !== 'INVITE') return;
      const dialled = userOf(message.uri);
      const isToExtension =
        isNewCall(message) && message.headers.get('perch-call-id') === undefined && isNumber(dialled);
      const by = isToExtension ? this.#wires.speaksAt(place) : undefined;
      this.#asked.set(key, { connection, dialled, by, final: undefined });
    } else if (cseq.method === 'INVITE') {
      const ringing = this.ringing.get(branch);
      // By then the server has given it up, as nothing was heard of it (RFC 3261 §17.1.1.2).
      const isGivenUp = ringing?.isHeardOf === false && this.#wires.now() - ringing.since >= GIVEN_UP_MS;
      if (ringing !== undefined) ringing.isHeardOf = true;
      if (isGivenUp || message.status >= 200) this.ringing.delete(branch);
    }
  }

  closed(connection: Connection): void {
    for (const [branch, ringing] of this.ringing)
      if (ringing.connection === connection) this.ringing.delete(branch);
    for (const [key, asked] of this.#asked) {
      if (asked.connection !== connection) continue;
      this.#asked.delete(key);
      this.#cancelled.delete(key);
    }
  }

  killed(): void {
    this.ringing.clear();
    this.#asked.clear();
    this.#cancelled.clear();
  }

  /** After each step. */
  check(): void {
    for (const [key, since] of this.#cancelled)
      if (this.#wires.now() - since > CANCELLED_MS)
        this.#wires.fault(`the INVITE ${key} was cancelled and has no final answer`);
  }

  /** Nothing is under way any more. */
  quiet(): void {
    // A parked call may ring back at any time.
    const isRecent = (since: number): boolean => this.#wires.now() - since < LONGEST_RINGING_MS;
    for (const [branch, { isHeardOf, since }] of this.ringing)
      if (!isHeardOf || isRecent(since)) this.ringing.delete(branch);
    for (const [key, { connection, final }] of this.#asked)
      if (final === undefined && connection.open && connection.openThere)
        this.#wires.fault(`the INVITE ${key} has no final answer`);
    if (this.ringing.size > 0)
      this.#wires.fault(`something rings for ever: ${[...this.ringing.keys()].join()}`);
  }

  #staysInside({ domain, phone }: Place, frame: string): void {
    const other = domain === 'ruby.example' ? 'jade' : 'ruby';
    if (frame.includes(`${other}.example`) || frame.includes(`${other}-`) || frame.includes(`${other}10`))
      this.#wires.fault(`${phone.name} was sent something of another organization: ${frame}`);
  }
}

/** Neither within a dialog, nor in the place of one. */
const isNewCall = (request: SipRequest): boolean =>
  request.method === 'INVITE' &&
  toOf(request).tag === undefined &&
  request.headers.get('replaces') === undefined;
const isNumber = (dialled: string): boolean => NUMBERS.some((number) => number === dialled);
const userOf = (uri: string): string => /^sips?:([^@]+)@/.exec(uri)?.[1] ?? '';
