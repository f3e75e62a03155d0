import type { Exchange, Placed } from './exchange.ts';

/** How much of the sound is lost on the way to this side, and on the way to the other: 0 to 1. */
export interface Loss {
  readonly here: number;
  readonly there: number;
}

/** Packets between two looks of the page at its connection. */
const PACKETS = 100;

/** Has a call's connection say, from now on, that so much of its sound is lost. */
export function lose({ devices }: Exchange, { session }: Placed, { here, there }: Loss): void {
  let looks = 0;
  const getStats = (): Promise<Map<string, object>> => {
    looks++;
    const packetsReceived = looks * PACKETS * (1 - here);
    const packetsLost = looks * PACKETS * here;
    const incoming = { type: 'inbound-rtp', kind: 'audio', packetsReceived, packetsLost };
    const outgoing = { type: 'remote-inbound-rtp', kind: 'audio', timestamp: looks, fractionLost: there };
    return Promise.resolve(new Map(Object.entries({ incoming, outgoing })));
  };
  Object.assign(session, { connection: { getStats } });
  session.says?.onRemoteStream(devices.voice());
}
