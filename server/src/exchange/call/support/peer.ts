import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';

/** The phones of a walk. */
export const NUMBERS = ['101', '102', '103'] as const;
export type PhoneNumber = (typeof NUMBERS)[number];

/** A session description, as far as a call reads it, and whose session it is. */
export const sdp = (direction: string, whose = '') =>
  `v=0\r\no=${whose}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=${direction}\r\n`;
/** The session whose description that is. */
const sessionIn = (text: string) => /^o=(.*?)\r?$/m.exec(text)?.[1] ?? '';
const directionOf = (text: string) => /a=(\w+)/.exec(text)?.[1] ?? 'sendrecv';

/** The direction that a phone answers with (RFC 3264 §6.1). */
function answerTo(offered: string, holds: boolean): string {
  if (offered === 'sendrecv') return holds ? 'sendonly' : 'sendrecv';
  return offered === 'sendonly' && !holds ? 'recvonly' : 'inactive';
}

/** What a phone knows of one of its legs. */
export class Peer {
  leg: FakeLeg;
  readonly number: PhoneNumber;
  /** Has it put the other side on hold? */
  holds = false;
  /** Its own offer that is not answered yet: would it hold? */
  own: boolean | null = null;
  /** What we want of it, in order: an answer to an offer, or an offer. */
  readonly asked: ('ask' | { readonly offer: string })[] = [];
  /** It ended the leg itself. */
  hungUp = false;
  /** It never answered: it was busy, its flow died, or it was cancelled. */
  failed = false;
  /** The session that it hears: of another peer, or of the server. */
  hears = '';
  #read = 0;

  constructor(leg: FakeLeg, number: PhoneNumber) {
    this.leg = leg;
    this.number = number;
  }

  /** The server was started anew, and has this leg in place of the one before; what was under way in it is lost. */
  resume(leg: FakeLeg): void {
    this.leg = leg;
    this.own = null;
    this.asked.length = 0;
    this.#read = 0;
  }

  get id(): string | undefined {
    return this.leg.labelled?.[1];
  }

  /** Was it called to take the place of another session of its phone? */
  get isReseat(): boolean {
    return this.leg.invitation?.fields?.some(([name]) => name === 'Replaces') === true;
  }

  /** How often it was told that it is over. */
  get told(): number {
    return this.leg.told('end').length + this.leg.told('reject').length;
  }

  get talks(): boolean {
    return this.leg.state === 'confirmed' && this.leg.target.flow.open;
  }

  /** Reads what has arrived. */
  read(): void {
    for (const command of this.leg.commands.slice(this.#read)) {
      if (command.kind === 'answer' || command.kind === 'accept-offer') this.hears = sessionIn(command.sdp);
      if (command.kind === 'offer') this.asked.push({ offer: command.sdp });
      if (command.kind === 'ask-offer') this.asked.push('ask');
      if (command.kind === 'accept-offer' && this.own !== null) [this.holds, this.own] = [this.own, null];
      if (command.kind === 'refuse-offer') this.own = null;
    }
    this.#read = this.leg.commands.length;
  }

  offer(holds: boolean): void {
    this.own = holds;
    this.leg.says({
      kind: 'offered',
      sdp: this.#describes(holds ? 'sendonly' : 'sendrecv'),
      method: 'INVITE',
    });
  }

  /** Says what it is asked for, as a phone does that keeps its side on hold. */
  oblige(): void {
    const asked = this.asked.shift();
    if (asked === 'ask') {
      this.leg.says({ kind: 'offer-made', sdp: this.#describes(this.holds ? 'sendonly' : 'sendrecv') });
    } else if (asked !== undefined) {
      const answer = answerTo(directionOf(asked.offer), this.holds);
      this.hears = sessionIn(asked.offer);
      this.leg.says({ kind: 'offer-answered', sdp: this.#describes(answer) });
    }
  }

  /** Answers the INVITE that has called it. */
  answer(): void {
    this.hears = sessionIn(this.leg.invitation?.sdp ?? '');
    this.leg.says({ kind: 'answered', sdp: this.#describes('sendrecv'), contact: this.leg.target.contact });
  }

  #describes(direction: string): string {
    return sdp(direction, this.leg.id);
  }

  refuse(): void {
    this.asked.shift();
    this.leg.says({ kind: 'offer-refused', status: 488 });
  }

  fail(status: number): void {
    this.failed = true;
    this.leg.says({ kind: 'failed', status });
  }

  hangUp(): void {
    const isInbound = this.leg.invitation === undefined;
    this.hungUp = isInbound || this.leg.state === 'confirmed';
    if (this.leg.state === 'confirmed') this.leg.says({ kind: 'ended', by: 'peer' });
    else if (isInbound) this.leg.says({ kind: 'cancelled' });
    else this.fail(486);
  }
}
