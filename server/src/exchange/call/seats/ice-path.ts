import type { LegEvent } from '../../../sip/user-agent/leg.ts';

/** What a browser says (RFC 8838 §15): it takes up a path to another peer even where the offer was its own. */
const BROWSER = /^a=ice-options:.*\btrickle\b/m;

/** No ufrag is that short (RFC 8839 §5.4). */
const GONE = '';

/**
 * The path of a phone's sound (RFC 8445), as far as descriptions tell. Where another peer takes over, both restart ICE, and a phone has to
 * change its own credentials then (RFC 8839 §4.4.1.1.1). Phones made of libre keep theirs, and with them the path to the peer that has gone:
 * only in another session do they find one to the new peer.
 */
export class IcePath {
  /** Its own ufrag, and that of its peer; `null` until they are known. */
  #own: string | null = null;
  #peer: string | null = null;
  /** The peer for which its credentials were made; `null` until that is known. */
  #madeFor: string | null = null;
  #follows = false;

  /** `isCut`: it led to a peer that has gone, and nothing else is known of it any more. */
  constructor(isCut = false) {
    if (isCut) this.#madeFor = GONE;
  }

  /** Has it a path that may not go along with a change of its peer? */
  get mayStay(): boolean {
    return (this.#own ?? this.#madeFor) !== null && !this.#follows;
  }

  /** Has its peer changed, and its path has not? */
  get isStale(): boolean {
    return !this.#follows && this.#madeFor !== null && this.#madeFor !== this.#peer;
  }

  read(event: LegEvent): void {
    if ('sdp' in event) this.heard(event.sdp, event.kind === 'offered' || event.kind === 'offer-made');
  }

  /** The phone describes its sound: in an offer, or in an answer to what it was told last. */
  heard(sdp: string, isOffer: boolean): void {
    const own = ufragIn(sdp);
    if (own === undefined) return;
    if (!this.#follows && BROWSER.test(sdp)) this.#follows = true;
    if (own === this.#own) return;
    const [before, wasStale] = [this.#own, this.isStale];
    this.#own = own;
    if (wasStale) {
      // Where the path was cut, these may be the credentials from before.
      if (before === null) return;
      this.#follows = true;
    }
    this.#madeFor = isOffer ? null : this.#peer;
  }

  /** The phone is told how its peer's sound is to be reached. */
  told(sdp: string): void {
    const peer = ufragIn(sdp);
    if (peer === undefined) return;
    this.#peer = peer;
    if (this.#own !== null) this.#madeFor ??= peer;
  }

  /** The phone was asked to make another session for this: that is done once for each peer. */
  leave(): void {
    this.#madeFor = this.#peer;
  }
}

const UFRAG = '\na=ice-ufrag:';

/** In its first section that has one (hot path: for each description of a call). */
function ufragIn(sdp: string): string | undefined {
  const at = sdp.indexOf(UFRAG);
  if (at === -1) return undefined;
  const from = at + UFRAG.length;
  const end = sdp.indexOf('\n', from);
  return sdp.slice(from, end === -1 ? undefined : end).trim() || undefined;
}
