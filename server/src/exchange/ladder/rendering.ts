import type { Ladder, LadderLine, LadderMessage, LadderParty } from '@perch/shared';
import { concealed, concealedDigits, type IsExtension } from '../../sip/message/concealed.ts';
import { parseUri } from '../../sip/message/fields/uri.ts';
import type { SipMessage } from '../../sip/message/message.ts';
import { parseMessage } from '../../sip/message/parse.ts';
import { decodeUtf8 } from '../../sip/message/utf8.ts';
import { sdpIn } from '../../sip/user-agent/own-fields.ts';
import { isOnHold, holds } from '../call/machines/hold.ts';
import type { KeptLeg, KeptMessage } from './leg.ts';

/** What rendering asks about. */
export interface Shown {
  readonly isExtension: IsExtension;
  /** Is the leg with that Call-ID not over? */
  readonly isLive: (callId: string) => boolean;
}

/** The messages of these legs, made readable. PURE. */
export function ladderOf(id: string, legs: readonly KeptLeg[], { isExtension, isLive }: Shown): Ladder {
  const messages = legs.flatMap((leg, place) => {
    const reading = new LegReading();
    return leg.messages.map((kept) => ({ kept, message: reading.read(kept, place, isExtension) }));
  });
  messages.sort((one, other) => one.kept.place - other.kept.place);
  return {
    id,
    startedAt: Math.min(...legs.map(({ startedAt }) => startedAt)),
    live: legs.some(({ callId }) => isLive(callId)),
    dialled: dialledIn(legs, isExtension),
    legs: legs.map((leg) => ({
      party: partyOf(leg),
      calls: isCalling(leg),
      callId: leg.callId,
      left: leg.left,
    })),
    messages: messages.map(({ message }) => message),
  };
}

/** The same in a line of a list. PURE. */
export function lineOf(id: string, legs: readonly KeptLeg[], { isExtension, isLive }: Shown): LadderLine {
  const calling = legs.find(isCalling);
  return {
    id,
    startedAt: Math.min(...legs.map(({ startedAt }) => startedAt)),
    lastAt: Math.max(...legs.map(({ lastAt }) => lastAt)),
    live: legs.some(({ callId }) => isLive(callId)),
    dialled: dialledIn(legs, isExtension),
    caller: calling ? partyOf(calling) : null,
    status: statusOf(calling ?? legs[0]),
    messages: legs.reduce((sum, leg) => sum + leg.messages.length, 0),
  };
}

const isCalling = (leg: KeptLeg): boolean => leg.isCalling === true;

/** What the phone has dialled, or as whom it was called; `''` where its INVITE is kept no longer. */
export function digitsOf(leg: KeptLeg): string {
  const first = messageOf(leg.messages[0]);
  if (first?.kind !== 'request' || first.method !== 'INVITE') return '';
  return parseUri(isCalling(leg) ? first.uri : first.essentials.to.uri)?.user ?? '';
}

function dialledIn(legs: readonly KeptLeg[], isExtension: IsExtension): string {
  const leg = legs.find(isCalling) ?? legs[0];
  return leg === undefined ? '' : concealedDigits(digitsOf(leg), isExtension);
}

/** Who was at the phone. */
function partyOf({ extension, owner }: KeptLeg): LadderParty {
  const who = extension ?? owner;
  const named = { number: who?.number ?? '', name: who?.name ?? '' };
  const isGuest = extension !== undefined && owner !== undefined && extension.id !== owner.id;
  return { ...named, desk: isGuest ? { number: owner.number, name: owner.name } : null };
}

/** The final answer to the first INVITE of a leg. */
function statusOf(leg: KeptLeg | undefined): number | null {
  if (leg === undefined) return null;
  let number: number | undefined;
  for (const kept of leg.messages) {
    const message = messageOf(kept);
    const cseq = message?.essentials.cseq;
    if (cseq?.method !== 'INVITE') continue;
    number ??= cseq.number;
    if (message?.kind === 'response' && message.status >= 200 && cseq.number === number)
      return message.status;
  }
  return null;
}

function messageOf(kept: KeptMessage | undefined): SipMessage | undefined {
  const parsed = kept && parseMessage(kept.frame);
  return parsed?.ok === true ? parsed.message : undefined;
}

/** Reads the messages of one leg in their order: what an offer and what an answer is depends on those before. */
class LegReading {
  /** The requests with an offer, by who has sent them and their number. */
  readonly #offers = new Set<string>();
  /** Who has the other one on hold. */
  readonly #holding = new Set<boolean>();

  read(kept: KeptMessage, leg: number, isExtension: IsExtension): LadderMessage {
    const message = messageOf(kept);
    const sdp = message && sdpIn(message);
    const kind = message && sdp ? this.#kindOf(message, kept.isSent) : null;
    return {
      at: kept.at,
      leg,
      sent: kept.isSent,
      method: message?.essentials.cseq.method ?? '',
      status: message?.kind === 'response' ? message.status : null,
      reason: message?.kind === 'response' ? decodeUtf8(message.reason) : '',
      sdp: kind,
      hold: kind === 'offer' ? this.#holdBy(kept.isSent, sdp ?? '') : null,
      text: concealed(kept.frame, isExtension),
    };
  }

  #kindOf({ kind, essentials: { cseq } }: SipMessage, isSent: boolean): 'offer' | 'answer' {
    if (cseq.method === 'ACK' || (kind === 'request' && cseq.method === 'ACK')) return 'answer';
    const asked = `${String(kind === 'request' ? isSent : !isSent)} ${String(cseq.number)}`;
    if (kind === 'request') {
      this.#offers.add(asked);
      return 'offer';
    }
    return this.#offers.has(asked) ? 'answer' : 'offer';
  }

  #holdBy(isSent: boolean, sdp: string): 'held' | 'resumed' | null {
    const wasHolding = this.#holding.has(isSent);
    // A phone that is itself on hold and offers to listen only takes nothing back.
    const isHolding = holds(sdp) || (wasHolding && isOnHold(sdp));
    if (isHolding) this.#holding.add(isSent);
    else this.#holding.delete(isSent);
    if (isHolding === wasHolding) return null;
    return isHolding ? 'held' : 'resumed';
  }
}
