import { type CallId, callId, type CallNotice, type NoticeAnswer, type TerminalId } from '@perch/shared';
import type { Reason } from '../../../sip/user-agent/leg.ts';
import type { Chance } from '../../../world/chance.ts';
import type { Languages } from '../../languages.ts';
import type { Clock, Directory } from '../../ports.ts';
import { onwardOf } from '../forwarding/forwarding.ts';
import { REASONS } from '../outcome.ts';
import { type End, type Party, shownToOthers } from '../ports.ts';
import type { PushablePhone, PushMessages } from './ports.ts';
import { type PushEnd, PushLeg } from './push-leg.ts';

/** Of the word by which a phone answers a message (octets): nobody guesses it while the call rings. */
const WORD_OCTETS = 16;

export interface PushedPhonesPorts {
  readonly messages: PushMessages;
  readonly directory: Directory;
  readonly languages: Pick<Languages, 'organization'>;
  readonly clock: Clock;
  readonly chance: Pick<Chance, 'bytes' | 'token'>;
  /** How long phones ring for an extension that has set no other time (milliseconds). */
  readonly noAnswerMs: number;
  /** Does that call still ring anywhere? */
  readonly rings: (call: CallId) => boolean;
}

/** Whom a message is about. */
interface PushedCall {
  readonly call: string;
  readonly from: End;
  readonly to: Party;
}

/** Rings phones by push messages, and hears what they answer to them. */
export class PushedPhones {
  readonly #ports: PushedPhonesPorts;
  /** By the word with which their phones answer. */
  readonly #legs = new Map<string, PushLeg>();

  constructor(ports: PushedPhonesPorts) {
    this.#ports = ports;
  }

  at(terminal: TerminalId): readonly PushablePhone[] {
    return this.#ports.messages.phonesAt(terminal);
  }

  ring(phone: PushablePhone, pushed: PushedCall): PushLeg {
    const { messages, directory, languages, clock, chance } = this.#ports;
    const caller = pushed.from.number;
    const word = chance.bytes(WORD_OCTETS).toString('base64url');
    const owner = directory.byTerminal(phone.terminal);
    const about = {
      call: pushed.call,
      phone: owner?.number ?? pushed.to.number,
      from: shownToOthers(pushed.from),
      language: directory.byId(pushed.to.extension)?.language ?? owner?.language ?? null,
      organizationLanguage: languages.organization,
    };
    const isForOwner = owner?.id === pushed.to.extension;
    const leg = new PushLeg(chance.token(), clock, (end) => {
      this.#legs.delete(word);
      const why = this.#whyOver(end, callId(pushed.call), isForOwner);
      const over = { kind: 'over', ...about, at: clock.now() } as const;
      // In this order, and nothing about a call of which the phone has not heard.
      if (why !== null) void sent.then((taken) => taken && messages.send(phone, { ...over, why }, caller));
    });
    this.#legs.set(word, leg);
    const { number, name } = pushed.to;
    const rings: CallNotice = {
      kind: 'rings',
      ...about,
      callee: isForOwner ? null : { number, name },
      ringsFor: this.#longestRing(pushed.to),
      organization: directory.organization.id,
      word,
    };
    const sent = messages.send(phone, rings, caller);
    void sent.then((taken) => {
      if (!taken) leg.unreached();
    });
    return leg;
  }

  /** What a phone answers to the message with that word. @returns whether the call rings there. */
  answered(word: string, says: NoticeAnswer): boolean {
    const leg = this.#legs.get(word);
    if (leg === undefined) return false;
    if (says === 'declined') leg.declined();
    else leg.rings();
    return true;
  }

  /** Some calls heed no time that an extension has set. */
  #longestRing({ extension }: Party): number {
    const { directory, noAnswerMs } = this.#ports;
    const callee = directory.byId(extension);
    return Math.max(noAnswerMs, (callee && onwardOf(callee)?.ms) ?? 0);
  }

  /** What the phone is told at the end; `null` where it knows, or need not know. Of a guest's calls nothing stays on somebody else's phone. */
  #whyOver(end: PushEnd, call: CallId, isForOwner: boolean): 'missed' | 'elsewhere' | 'moved' | null {
    const missed = isForOwner ? 'missed' : 'moved';
    switch (end.kind) {
      case 'declined':
        return null;
      case 'unreached':
        // It may be found later, with what is kept for it, and must not say then what is not certain now.
        return this.#ports.rings(call) ? null : missed;
      case 'ended':
        return end.reason === REASONS.returned ? null : (KNOWN.get(end.reason) ?? missed);
    }
  }
}

const KNOWN: ReadonlyMap<Reason | undefined, 'elsewhere' | 'moved'> = new Map<
  Reason | undefined,
  'elsewhere' | 'moved'
>([
  [REASONS.elsewhere, 'elsewhere'],
  [REASONS.refused, 'elsewhere'],
  [REASONS.moved, 'moved'],
  [REASONS.transferred, 'moved'],
]);
