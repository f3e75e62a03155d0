import type { Ladder, LadderMessage, LadderParty } from '@perch/shared';

/** One column: somebody at a phone; `null` for the server. */
export type Lane = LadderParty | null;

/** One message as an arrow between two columns. */
export interface Arrow {
  /** Milliseconds since the ladder began. */
  readonly after: number;
  readonly from: number;
  readonly to: number;
  readonly message: LadderMessage;
  /** Which of several legs of that phone it is, from 1; `null` where it has only one. */
  readonly leg: number | null;
}

/** How a message went: a request, or how far or well it was answered. */
export type Tone = 'request' | 'provisional' | 'success' | 'refusal';

/** The columns, the caller's before the server's and all others behind, and the arrows between them. PURE. */
export function lanesOf({ legs, messages, startedAt }: Ladder): {
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
} {
  const first = legs.findIndex(({ calls }) => calls);
  const keys = [...new Set(legs.map(({ party }) => keyOf(party)))];
  const callers = legs.filter((_, place) => place === first).map(({ party }) => keyOf(party));
  const order = [...callers, null, ...keys.filter((key) => !callers.includes(key))];
  const lanes = order.map((key) => legs.find(({ party }) => keyOf(party) === key)?.party ?? null);
  const server = order.indexOf(null);
  const laneOf = legs.map(({ party }) => order.indexOf(keyOf(party)));
  return {
    lanes,
    arrows: messages.map((message) => {
      const lane = laneOf[message.leg] ?? server;
      const [from, to] = message.sent ? [server, lane] : [lane, server];
      return { after: message.at - startedAt, from, to, message, leg: legAt(laneOf, message.leg) };
    }),
  };
}

export function toneOf({ status }: LadderMessage): Tone {
  if (status === null) return 'request';
  if (status < 200) return 'provisional';
  return status < 300 ? 'success' : 'refusal';
}

const keyOf = ({ number, desk }: LadderParty): string => `${number} ${desk?.number ?? ''}`;

function legAt(laneOf: readonly number[], leg: number): number | null {
  const together = laneOf.flatMap((lane, place) => (lane === laneOf[leg] ? [place] : []));
  return together.length === 1 ? null : together.indexOf(leg) + 1;
}
